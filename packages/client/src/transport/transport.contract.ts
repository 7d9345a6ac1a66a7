/** What every Transport promises. The suite functions come as an argument: see storage.contract.ts for why. */
import {
  type ClientEventName,
  type ClientEvents,
  type DeviceId,
  type Incarnation,
  type RelayEventName,
  type RoomAddress,
  type RoomLogs,
  toBase64Url,
  type WelcomeEvent,
} from '@qsec/protocol'
import type { Transport, TransportState } from '../ports.ts'

/** The test's hand on the relay's side of one transport. */
export interface RelayHand {
  /** Answers every request from now on; undefined: no answer ever. */
  answer(handler: (name: string, payload: unknown) => unknown): void
  /** The relay's id of the present connection. */
  socketId(): string | undefined
  /** @param acknowledged - called when the device acknowledges the event */
  send(name: string, payload: unknown, acknowledged?: () => void): void
  /** Ends the connection from the relay's side, politely. */
  disconnect(): void
  /** Breaks the line, and keeps it broken until `restore`. */
  cut(): void
  restore(): void
}

export interface TransportStage {
  relay: RelayHand
  host: string
  /** Makes the transport; called once. */
  connect(): Transport
  dispose?(): Promise<void>
}

interface OpenedTransport {
  transport: Transport
  relay: RelayHand
  host: string
}

/** The functions of a test runner that a suite needs; Vitest's fit. */
export interface Suite {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
  expect(actual: unknown): {
    toEqual(expected: unknown): void
    toMatch(expected: RegExp): void
    not: { toEqual(expected: unknown): void }
  }
}

const room = 'contract' as RoomAddress
const inc = toBase64Url(new Uint8Array(16)) as string as Incarnation
const device = toBase64Url(new Uint8Array(16).fill(1)) as string as DeviceId
const hello: ClientEvents['hello']['in'] = { versions: [1] }
const helloAnswer = { ok: true, version: 1, nonce: toBase64Url(new Uint8Array(32)) }
const roomLogs = (id: number): RoomLogs => ({ room, logs: [{ id, message: '[TAG]', created_at: 0 }] })
const welcome: WelcomeEvent = { room, from: device, inc, seq: 1, epoch: 1, ct: toBase64Url(new Uint8Array(9)) }

/** Runs all cases, each on a relay and a transport of its own. */
export function describeTransport(name: string, open: () => Promise<TransportStage>, suite: Suite): void {
  const { expect } = suite

  function promise(title: string, run: (opened: OpenedTransport) => Promise<void>): void {
    suite.it(title, async () => {
      const { relay, host, connect, dispose } = await open()
      const transport = connect()
      try {
        await run({ transport, relay, host })
      } finally {
        transport.close()
        await dispose?.()
      }
    })
  }

  async function connected({ transport }: OpenedTransport): Promise<void> {
    await until(() => transport.state === 'connected')
  }

  suite.describe(name, () => {
    promise(
      '[TR1] connects by itself; both ends know the connection by one id, and the host is the relay’s',
      async (opened) => {
        const { transport, relay, host } = opened
        expect(transport.state).toEqual('reconnecting')
        expect(transport.socketId).toEqual(undefined)
        const states: TransportState[] = []
        transport.onState((state) => states.push(state))
        await connected(opened)
        expect(states).toEqual(['connected'])
        expect(transport.socketId).toEqual(relay.socketId())
        expect(transport.host).toEqual(host)
      },
    )

    promise(
      '[TR2] a request reaches the relay as it is, and its answer comes back without unknown fields',
      async (opened) => {
        const { transport, relay } = opened
        await connected(opened)
        const seen: unknown[] = []
        relay.answer((event, payload) => {
          seen.push([event, payload])
          return { ...helloAnswer, surprise: 1 }
        })
        expect(await transport.request('hello', hello)).toEqual(helloAnswer)
        expect(seen).toEqual([['hello', hello]])
        relay.answer(() => ({ ok: true, anything: 1 }))
        expect(await transport.request('leave', { room })).toEqual({ ok: true })
      },
    )

    promise('[TR3] a refusal is a value, with where the stream stands', async (opened) => {
      const { transport, relay } = opened
      await connected(opened)
      const refusal = { ok: false, code: 'stale-epoch', message: 'The epoch is over.', inc, epoch: 4, seq: 9 }
      relay.answer(() => refusal)
      expect(await transport.request('hello', hello)).toEqual(refusal)
    })

    promise(
      '[TR4] a malformed answer is undefined to the caller and told to onMalformed without its value',
      async (opened) => {
        const { transport, relay } = opened
        await connected(opened)
        const told: [string, string][] = []
        transport.onMalformed((event, message) => told.push([event, message]))
        const bad: [ClientEventName, unknown][] = [
          ['hello', { ok: true, version: 1, nonce: 'MARKER' }],
          ['hello', { version: 1, nonce: helloAnswer.nonce }],
          ['hello', { ok: 'MARKER' }],
          ['hello', 'MARKER'],
          ['hello', null],
          ['hello', { ok: false, code: 'MARKER', message: '' }],
          ['join', { ok: true, state: 'MARKER', device }],
          [
            'join',
            { ok: true, state: 'member', device, created: true, pairs: [], inc, epoch: -1, seq: 0, firstSeq: 0 },
          ],
          ['encrypted_message', { ok: true, inc, seq: 1.5 }],
          ['bb84_relay', { ok: true, inc: 'MARKER', seq: 1 }],
          ['roomkey_share', { ok: true, seq: 1 }],
          ['commit', { ok: true }],
          ['fetch_room_logs', { ok: true, logs: 'MARKER' }],
          ['fetch_bundles', { ok: true, bundles: ['MARKER with spaces'] }],
          ['take_key_package', { ok: true, keyPackage: 'AAAA', lastResort: 'MARKER' }],
        ]
        for (const [event, answer] of bad) {
          relay.answer(() => answer)
          expect(await transport.request(event, {} as never)).toEqual(undefined)
        }
        expect(told.map(([event]) => event)).toEqual(bad.map(([event]) => event))
        expect(JSON.stringify(told).includes('MARKER')).toEqual(false)
      },
    )

    promise('[TR5] without an answer in time a request is undefined; a late answer changes nothing', async (opened) => {
      const { transport, relay } = opened
      await connected(opened)
      let answerLate: ((answer: unknown) => void) | undefined
      relay.answer(
        () =>
          new Promise((resolve) => {
            answerLate = resolve
          }),
      )
      expect(await transport.request('hello', hello, 40)).toEqual(undefined)
      answerLate?.(helloAnswer)
      relay.answer(() => helloAnswer)
      expect(await transport.request('hello', hello)).toEqual(helloAnswer)
    })

    promise(
      '[TR6] without a connection a request is undefined at once, and the relay never gets it',
      async (opened) => {
        const { transport, relay } = opened
        const seen: unknown[] = []
        relay.answer((event, payload) => {
          seen.push([event, payload])
          return helloAnswer
        })
        expect(await transport.request('hello', { versions: [1] })).toEqual(undefined)
        await connected(opened)
        relay.cut()
        await until(() => transport.state !== 'connected')
        expect(await transport.request('hello', { versions: [2] })).toEqual(undefined)
        relay.restore()
        await connected(opened)
        expect(await transport.request('hello', { versions: [3] })).toEqual(helloAnswer)
        expect(seen).toEqual([['hello', { versions: [3] }]])
      },
    )

    promise('[TR7] a line that breaks ends the requests on it at once', async (opened) => {
      const { transport, relay } = opened
      await connected(opened)
      relay.answer(() => undefined)
      const request = transport.request('hello', hello, 60_000)
      relay.cut()
      expect(await request).toEqual(undefined)
    })

    promise(
      '[TR8] it comes back by itself after a broken line, under a new id, and tells each change once',
      async (opened) => {
        const { transport, relay } = opened
        await connected(opened)
        const first = transport.socketId
        const states: TransportState[] = []
        transport.onState((state) => states.push(state))
        relay.cut()
        await until(() => transport.state === 'reconnecting')
        expect(transport.socketId).toEqual(undefined)
        relay.restore()
        await connected(opened)
        expect(states).toEqual(['reconnecting', 'connected'])
        expect(transport.socketId).not.toEqual(first)
        expect(transport.socketId).toEqual(relay.socketId())
      },
    )

    promise('[TR9] it comes back by itself when the relay ends the connection', async (opened) => {
      const { transport, relay } = opened
      await connected(opened)
      const first = transport.socketId
      relay.disconnect()
      await until(() => transport.socketId !== undefined && transport.socketId !== first)
      expect(transport.state).toEqual('connected')
    })

    promise(
      '[TR10] requests arrive in the order of their calls, and events in the order of their sending',
      async (opened) => {
        const { transport, relay } = opened
        await connected(opened)
        const up: unknown[] = []
        const down: unknown[] = []
        relay.answer((_, payload) => {
          up.push((payload as { since_id: number }).since_id)
          return { ok: true, logs: [] }
        })
        transport.onEvent((event, payload) => down.push([event, payload]))
        const numbers = Array.from({ length: 50 }, (_, i) => i)
        const requests = numbers.map((since_id) => transport.request('fetch_room_logs', { room, since_id }))
        for (const i of numbers) relay.send('room_logs', roomLogs(i))
        await Promise.all(requests)
        await until(() => down.length === 50)
        expect(up).toEqual(numbers)
        expect(down).toEqual(numbers.map((i) => ['room_logs', roomLogs(i)]))
      },
    )

    promise(
      '[TR11] a malformed event goes to onMalformed alone, without its value; an unknown one to nobody',
      async (opened) => {
        const { transport, relay } = opened
        await connected(opened)
        const events: [RelayEventName, unknown][] = []
        const told: [string, string][] = []
        transport.onEvent((event, payload) => events.push([event, payload]))
        transport.onMalformed((event, message) => told.push([event, message]))
        relay.send('room_logs', { ...roomLogs(1), logs: 'MARKER' })
        relay.send('room_logs', 'MARKER')
        relay.send('user_list', null)
        relay.send('of_a_newer_relay', { room })
        relay.send('room_logs', { ...roomLogs(2), surprise: 'MARKER' })
        await until(() => events.length > 0)
        expect(events).toEqual([['room_logs', roomLogs(2)]])
        expect(told.map(([event]) => event)).toEqual(['room_logs', 'room_logs', 'user_list'])
        expect(JSON.stringify(told).includes('MARKER')).toEqual(false)
      },
    )

    promise(
      '[TR12] a welcome is acknowledged when done is called, once, and not before; a malformed one never',
      async (opened) => {
        const { transport, relay } = opened
        await connected(opened)
        const kept: (() => void)[] = []
        transport.onEvent((_, __, done) => kept.push(done))
        const acknowledged: string[] = []
        relay.send('welcome', { ...welcome, ct: '' }, () => acknowledged.push('malformed'))
        relay.send('welcome', welcome, () => acknowledged.push('welcome'))
        relay.send('room_logs', roomLogs(1))
        await until(() => kept.length === 2)
        relay.answer(() => helloAnswer)
        await transport.request('hello', hello)
        expect(acknowledged).toEqual([])
        for (const done of kept) {
          done()
          done()
        }
        await until(() => acknowledged.length > 0)
        await transport.request('hello', hello)
        expect(acknowledged).toEqual(['welcome'])
      },
    )

    promise(
      '[TR13] a done that comes after the line broke is harmless, and not taken for the next connection’s',
      async (opened) => {
        const { transport, relay } = opened
        await connected(opened)
        let late: (() => void) | undefined
        transport.onEvent((_, __, done) => {
          late ??= done
        })
        const acknowledged: string[] = []
        relay.send('welcome', welcome, () => acknowledged.push('first'))
        await until(() => late !== undefined)
        relay.cut()
        await until(() => transport.state !== 'connected')
        late?.()
        relay.restore()
        await connected(opened)
        late?.()
        relay.answer(() => helloAnswer)
        await transport.request('hello', hello)
        expect(acknowledged).toEqual([])
      },
    )

    promise(
      '[TR14] after close there is no connection, no answer, no event and no way back; closing twice is fine',
      async (opened) => {
        const { transport, relay } = opened
        await connected(opened)
        const events: unknown[] = []
        transport.onEvent((event) => events.push(event))
        relay.answer(() => undefined)
        const request = transport.request('hello', hello, 60_000)
        relay.send('room_logs', roomLogs(1))
        transport.close()
        transport.close()
        expect(await request).toEqual(undefined)
        expect(transport.state).toEqual('offline')
        expect(transport.socketId).toEqual(undefined)
        expect(await transport.request('hello', hello)).toEqual(undefined)
        await until(() => relay.socketId() === undefined)
        await sleep(120)
        expect(relay.socketId()).toEqual(undefined)
        expect(events).toEqual([])
      },
    )
  })
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Waits until `condition` holds; five seconds at the most. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not reached in time: ${condition}`)
    await sleep(2)
  }
}
