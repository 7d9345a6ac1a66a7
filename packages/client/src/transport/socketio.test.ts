import { createServer } from 'node:http'
import type { AddressInfo, Socket as TcpSocket } from 'node:net'
import { toBase64Url } from '@qsec/protocol'
import { Server, type Socket } from 'socket.io'
import { afterEach, describe, expect, it } from 'vitest'
import type { Clock } from '../ports.ts'
import { backoffMs } from './backoff.ts'
import { systemClock } from './clock.ts'
import type { Page, PageSignals } from './page.ts'
import { tickMs, watchSleep } from './sleep.ts'
import { connectSocketIo, type SocketIoOptions } from './socketio.ts'
import { describeTransport, type RelayHand, sleep, type TransportStage, until } from './transport.contract.ts'

const helloAnswer = { ok: true, version: 1, nonce: toBase64Url(new Uint8Array(32)) }
const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

/** Waits a twentieth of what is asked, so that the tests do not take as long as the rules. */
const fastClock: Clock = {
  nowMs: systemClock.nowMs,
  after: (delayMs, run) => systemClock.after(delayMs / 20, run),
}

/** Hurries the way back alone: a request on a busy machine keeps its ten seconds. */
const hurriedRetries: Clock = {
  nowMs: systemClock.nowMs,
  after: (delayMs, run) => (delayMs >= 500 && delayMs < 10_000 ? fastClock : systemClock).after(delayMs, run),
}

interface TestRelay extends RelayHand {
  url: string
  host: string
  /** Lines from clients, as Node counts them: tries to connect, also those that were broken off at once. */
  lines: { at: number }[]
  requests: string[]
  dispose(): Promise<void>
}

/** A relay of the size of a test, on a port of its own, with a line that can be broken. */
async function testRelay(): Promise<TestRelay> {
  const http = createServer()
  const io = new Server(http, { pingInterval: 25_000 })
  const tcp = new Set<TcpSocket>()
  const lines: TestRelay['lines'] = []
  const requests: string[] = []
  let broken = false
  let present: Socket | undefined
  let answer: (name: string, payload: unknown) => unknown = () => undefined
  http.on('connection', (line) => {
    lines.push({ at: Date.now() })
    if (broken) line.destroy()
    else tcp.add(line)
    line.on('close', () => tcp.delete(line))
  })
  http.on('request', ({ url }) => requests.push(`request ${url}`))
  http.on('upgrade', ({ url }) => requests.push(`upgrade ${url}`))
  io.on('connection', (socket) => {
    present = socket
    socket.on('disconnect', () => {
      if (present === socket) present = undefined
    })
    socket.onAny(async (name, payload, ack) => {
      const given = await answer(name, payload)
      if (given !== undefined) ack(given)
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`
  const relay: TestRelay = {
    url: `http://${host}`,
    host,
    lines,
    requests,
    answer: (handler) => {
      answer = handler
    },
    socketId: () => present?.id,
    send: (name, payload, acknowledged) => {
      if (acknowledged) present!.emit(name, payload, acknowledged)
      else present!.emit(name, payload)
    },
    disconnect: () => present!.disconnect(true),
    cut: () => {
      broken = true
      for (const line of tcp) line.destroy()
    },
    restore: () => {
      broken = false
    },
    dispose: async () => {
      await io.close()
      for (const line of tcp) line.destroy()
    },
  }
  cleanUps.push(relay.dispose)
  return relay
}

function connect(relay: TestRelay, options: Partial<SocketIoOptions> = {}) {
  const transport = connectSocketIo({ url: relay.url, clock: fastClock, ...options })
  cleanUps.unshift(async () => transport.close())
  return transport
}

/** A page whose signals the test gives. */
function testPage() {
  const page = { onLine: true, signals: undefined as PageSignals | undefined, watched: 0 }
  const watch: Page['watch'] = (signals) => {
    page.signals = signals
    page.watched++
    return () => {
      page.watched--
    }
  }
  return Object.assign(page, { watch })
}

async function open(): Promise<TransportStage> {
  const relay = await testRelay()
  return {
    relay,
    host: relay.host,
    connect: () => connectSocketIo({ url: relay.url, clock: hurriedRetries, jitter: () => 0 }),
  }
}

describeTransport('transport over Socket.IO', open, { describe, it, expect })

describe('transport over Socket.IO: the way back', () => {
  it('[TR18] waits 0.5 to 10 s between tries, longer with each failure, by chance within a half', () => {
    expect([0, 1, 2, 3, 4, 50].map((failures) => backoffMs(failures, 0))).toEqual([500, 1000, 2000, 4000, 5000, 5000])
    expect([0, 1, 2, 3, 4, 50].map((failures) => backoffMs(failures, 1))).toEqual([
      1000, 2000, 4000, 8000, 10_000, 10_000,
    ])
  })

  it('[TR19] a relay that is down is tried less and less often', async () => {
    const relay = await testRelay()
    relay.cut()
    const waits: number[] = []
    const clock: Clock = {
      nowMs: systemClock.nowMs,
      after(delayMs, run) {
        if (delayMs < 10_000 && delayMs !== tickMs) waits.push(delayMs)
        return fastClock.after(delayMs, run)
      },
    }
    connect(relay, { clock, jitter: () => 0.5, websocketOnly: true })
    await until(() => waits.length >= 6)
    expect(waits.slice(0, 6)).toEqual([750, 1500, 3000, 6000, 7500, 7500])
    expect(relay.lines.length).toBeLessThanOrEqual(7)
  })

  it('[TR20] a relay that takes connections and ends them is left in peace as well; one that answers is not', async () => {
    const relay = await testRelay()
    const waits: number[] = []
    const clock: Clock = {
      nowMs: systemClock.nowMs,
      after(delayMs, run) {
        if (delayMs < 10_000 && delayMs !== tickMs) waits.push(delayMs)
        return fastClock.after(delayMs, run)
      },
    }
    const transport = connect(relay, { clock, jitter: () => 0 })
    for (let i = 0; i < 3; i++) {
      await until(() => transport.state === 'connected')
      relay.answer(() => helloAnswer)
      await transport.request('hello', { versions: [1] }, 20_000)
      relay.disconnect()
      await until(() => transport.state !== 'connected')
    }
    expect(waits).toEqual([500, 1000, 2000])
    await until(() => transport.state === 'connected')
    relay.answer(() => ({ ok: true }))
    await transport.request('leave', { room: 'r' as never }, 20_000)
    relay.disconnect()
    await until(() => waits.length === 4)
    expect(waits[3]).toBe(500)
  })

  it('[TR21] after 30 s without a connection it is offline, goes on trying, and comes back', async () => {
    const relay = await testRelay()
    const transport = connect(relay)
    await until(() => transport.state === 'connected')
    const states: [string, number][] = []
    const start = Date.now()
    transport.onState((state) => states.push([state, Date.now() - start]))
    relay.cut()
    await until(() => transport.state === 'offline')
    const tries = relay.lines.length
    expect(states.map(([state]) => state)).toEqual(['reconnecting', 'offline'])
    expect(states[1]![1] - states[0]![1]).toBeGreaterThanOrEqual(1_450) // 30 s of the fast clock
    await until(() => relay.lines.length > tries)
    relay.restore()
    await until(() => transport.state === 'connected')
    expect(states.map(([state]) => state)).toEqual(['reconnecting', 'offline', 'connected'])
  })

  it('[TR22] without a network it is offline at once; with one again it tries at once', async () => {
    const relay = await testRelay()
    relay.cut()
    const page = testPage()
    const transport = connect(relay, { clock: slowRetries(), page })
    expect(transport.state).toBe('reconnecting')
    page.onLine = false
    page.signals!.offline()
    expect(transport.state).toBe('offline')
    await sleep(100)
    relay.restore()
    page.onLine = true
    page.signals!.online()
    expect(transport.state).toBe('reconnecting')
    await until(() => transport.state === 'connected')
    const { socketId } = transport
    page.signals!.online()
    page.signals!.visible()
    page.onLine = false
    page.signals!.offline()
    expect([transport.state, transport.socketId]).toEqual(['connected', socketId])
    transport.close()
    expect(page.watched).toBe(0)
  })

  it('[TR23] a page that is looked at again tries at once, but leaves a try alone that is under way', async () => {
    const relay = await testRelay()
    relay.cut()
    const page = testPage()
    const transport = connect(relay, { clock: slowRetries(), page, websocketOnly: true })
    await until(() => relay.lines.length === 1)
    await sleep(50) // the try has failed, the next one is an hour away
    relay.restore()
    page.signals!.visible()
    page.signals!.visible()
    await until(() => transport.state === 'connected')
    expect(relay.lines.length).toBe(2)
  })

  it('[DR10] a relay that closes is tried again when it said, which is no failure', async () => {
    const relay = await testRelay()
    const waits: number[] = []
    const clock: Clock = {
      nowMs: systemClock.nowMs,
      after(delayMs, run) {
        if (delayMs < 10_000 && delayMs !== tickMs) waits.push(delayMs)
        return fastClock.after(delayMs, run)
      },
    }
    const transport = connect(relay, { clock, jitter: () => 0 })
    const heard: string[] = []
    transport.onEvent((name) => heard.push(name))
    await until(() => transport.state === 'connected')
    relay.send('drain', { in: -1 })
    relay.send('drain', { in: 3_333 })
    await until(() => heard.length > 0)
    relay.disconnect()
    await until(() => transport.state === 'reconnecting')
    await until(() => transport.state === 'connected')
    expect(heard).toEqual(['drain'])
    expect(waits).toEqual([3_333 + 4_000, 3_333])
    relay.disconnect()
    await until(() => waits.length === 3)
    expect(waits[2]).toBe(500)
  })

  it('[DR11] one that says so and stays is left all the same', async () => {
    const relay = await testRelay()
    const transport = connect(relay)
    await until(() => transport.state === 'connected')
    const { socketId } = transport
    relay.send('drain', { in: 500 })
    await until(() => transport.socketId !== undefined && transport.socketId !== socketId)
  })

  it('[TR31] a page that is seen again asks its connection for a sign of life: it goes on, or is replaced at once', async () => {
    const relay = await testRelay()
    const page = testPage()
    const transport = connect(relay, { page })
    let woken = 0
    transport.onAwake(() => woken++)
    await until(() => transport.state === 'connected')
    const { socketId } = transport
    const asked: unknown[] = []
    relay.answer((name, payload) => {
      asked.push([name, payload])
      return { ok: false, code: 'version', message: 'No.' }
    })
    page.signals!.visible()
    await until(() => woken === 1)
    expect(transport.socketId).toBe(socketId)
    expect(asked).toEqual([['hello', { versions: [] }]]) // which changes no challenge
    relay.answer(() => undefined)
    page.signals!.online()
    await until(() => transport.socketId !== undefined && transport.socketId !== socketId)
    expect(woken).toBe(1)
  })

  it('[PV30] while the browser knows of no network, a connection that stands is asked again and again, and is connected only while it answers', async () => {
    const relay = await testRelay()
    const page = testPage()
    // The pause between two questions is hurried more than the time for an answer, which a busy machine needs.
    const hurried: Readonly<Record<number, number>> = { 5000: 100, 4000: 1_500 }
    const after: Clock['after'] = (delayMs, run) => systemClock.after(hurried[delayMs] ?? delayMs, run)
    const transport = connect(relay, { page, clock: { ...systemClock, after } })
    let woken = 0
    transport.onAwake(() => woken++)
    await until(() => transport.state === 'connected')
    const { socketId } = transport
    let asked = 0
    relay.answer(() => {
      asked++
      return { ok: false, code: 'version', message: 'No.' }
    })
    page.onLine = false
    page.signals!.offline()
    await until(() => asked >= 3)
    // It lives, whatever the browser says: nothing was missed on it, and nothing is asked for.
    expect([transport.state, transport.socketId, woken]).toEqual(['connected', socketId, 0])
    relay.answer(() => undefined)
    const states: string[] = []
    transport.onState((state) => states.push(state))
    await until(() => states.length > 0)
    expect(states[0], 'never reconnecting, which a browser without a network cannot').toBe('offline')
    relay.answer(() => ({ ok: false, code: 'version', message: 'No.' }))
    page.onLine = true
    page.signals!.online()
    await until(() => transport.state === 'connected')
    const before = asked
    await sleep(500) // several times what lies between two questions on this clock
    expect(asked, 'with a network nothing is asked').toBe(before)
  })

  it('[TR32] sleep is a tick that comes more than 20 s late; a busy machine has not slept', () => {
    let nowMs = 0
    let run: () => void = () => undefined
    let woken = 0
    let cancelled = 0
    const after: Clock['after'] = (_, next) => {
      run = next
      return () => cancelled++
    }
    const stop = watchSleep({ nowMs: () => nowMs, after }, () => woken++)
    for (const lateMs of [0, 20_000, -9_000]) {
      nowMs += tickMs + lateMs
      run()
    }
    expect(woken).toBe(0)
    nowMs += tickMs + 20_001
    run()
    expect(woken).toBe(1)
    stop()
    expect(cancelled).toBe(1)
  })

  function slowRetries(): Clock {
    return {
      nowMs: systemClock.nowMs,
      after: (delayMs, run) => systemClock.after(delayMs < 10_000 ? 3_600_000 : delayMs, run),
    }
  }
})

describe('transport over Socket.IO: the wire', () => {
  it('[TR24] nothing that Socket.IO may have buffered reaches the relay on the next connection', async () => {
    const relay = await testRelay()
    const seen: unknown[] = []
    relay.answer((_, payload) => {
      seen.push(payload)
      return helloAnswer
    })
    const transport = connect(relay)
    await until(() => transport.state === 'connected')
    relay.cut()
    // Sent into a line that is broken already, before this side has noticed.
    expect(await transport.request('hello', { versions: [1] })).toBeUndefined()
    relay.restore()
    await until(() => transport.state === 'connected')
    expect(await transport.request('hello', { versions: [2] }, 20_000)).toEqual(helloAnswer)
    expect(seen).toEqual([{ versions: [2] }])
  })

  it('[TR25] begins by WebSocket; websocketOnly never polls', async () => {
    const relay = await testRelay()
    const transport = connect(relay, { websocketOnly: true })
    await until(() => transport.state === 'connected')
    transport.close()
    expect(relay.requests.every((request) => request.startsWith('upgrade') && request.includes('websocket'))).toBe(true)
  })

  it('[TR26] where WebSockets are refused it polls', async () => {
    const relay = await testRelay()
    const http = createServer((request, response) => {
      fetch(`${relay.url}${request.url}`, { method: request.method ?? 'GET' }).then(
        async (answer) => response.writeHead(answer.status).end(await answer.text()),
        () => response.destroy(),
      )
    })
    http.on('upgrade', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    cleanUps.push(async () => {
      http.closeAllConnections()
      http.close()
    })
    connect({ ...relay, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` })
    await until(() => relay.requests.some((request) => request.includes('transport=polling')))
  })

  it('[TR27] the host is what the Host header says; path, default port and fragment do not count', () => {
    const hosts: [string, string][] = [
      ['http://localhost:5000/room/abc#v1.secret', 'localhost:5000'],
      ['https://chat.example:443/', 'chat.example'],
      ['http://CHAT.example:80', 'chat.example'],
      ['http://[::1]:5000', '[::1]:5000'],
    ]
    for (const [url, host] of hosts) {
      const transport = connectSocketIo({ url })
      expect(transport.host).toBe(host)
      transport.close()
    }
    for (const url of ['ws://localhost', 'file:///etc', 'nonsense'])
      expect(() => connectSocketIo({ url })).toThrow(TypeError)
  })

  it('[TR28] the path of the address reaches the relay neither as a namespace nor at all', async () => {
    const relay = await testRelay()
    const transport = connect(relay, { url: `${relay.url}/room/abc?username=Ana#v1.secret` })
    await until(() => transport.state === 'connected')
    expect(relay.requests.join(' ')).not.toMatch(/room|Ana|secret/)
  })
})
