import type { DeviceId } from '@qsec/protocol'
import { expect, it, vi } from 'vitest'
import { Client, code, comeBack, type Member, messageId, ok, random, room } from '../../test/harness.ts'
import { defaultLimits } from '../limits.ts'
import { Allowances } from './allowances.ts'

// A busy machine takes longer than the usual five seconds, and that is no fault.
vi.setConfig({ testTimeout: 40_000 })

const tight = {
  ownEventsPerSecond: 1,
  ownEventsAtOnce: 10,
  ownBytesPerSecond: 1_000,
  ownBytesAtOnce: 10_000,
  roomEventsPerSecond: 1,
  roomEventsAtOnce: 20,
  roomBytesPerSecond: 1_000,
  roomBytesAtOnce: 20_000,
}
const [ana, ben] = ['ana', 'ben'] as string[] as DeviceId[]

it('[HX7] one device can use up what all share, and nothing of what another has for itself', () => {
  const allowances = new Allowances({ ...defaultLimits, ...tight })
  const takes = (device: DeviceId, times: number, nowMs: number) =>
    Array.from({ length: times }, () => allowances.take(device, 1, nowMs)).filter(Boolean).length
  expect(takes(ana!, 100, 0)).toBe(30)
  expect(takes(ben!, 100, 0)).toBe(10)
  expect(takes(ana!, 100, 3_000)).toBe(3 + 3)
  expect(takes(ben!, 100, 3_000)).toBe(3)
  expect(takes(ben!, 1, 2_000)).toBe(0)
})

it('[HX7] bytes count like events; the largest frame gets through, and is paid for', () => {
  const allowances = new Allowances({ ...defaultLimits, ...tight })
  expect(allowances.take(ana!, 30_000, 0)).toBe(true)
  expect(allowances.take(ana!, 30_000, 0)).toBe(true)
  expect(allowances.take(ana!, 1, 0)).toBe(false)
  expect(allowances.take(ben!, 1, 0)).toBe(true)
  expect(allowances.size).toBe(2)
  allowances.sweep(100_000)
  expect(allowances.size).toBe(0)
})

it('[HX7] a member that floods its room is refused, on each new connection too, and the others talk on', async () => {
  const made = await room(2, { limits: tight })
  const [flooder, other] = made.members
  const meta = { room: made.address, seq: 1 }
  const flood = async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => flooder!.client.request('commit_ack', meta)))
    return answers.map(code).filter((one) => one === 'rate-limited').length
  }
  expect(await flood()).toBeGreaterThan(30)
  ok(await comeBack(made.relay.url, flooder!, {}))
  expect(await flood()).toBeGreaterThan(50)
  for (let n = 0; n < 5; n++) {
    const sent = { room: made.address, id: messageId(), epoch: other!.epoch, n, ct: 'AAAA' as never }
    expect(code(await other!.client.request('encrypted_message', sent))).toBe('ok')
  }
})

it('[RL98] each event is charged what it is long, also where many come in one piece', async () => {
  const bytes = { ownBytesPerSecond: 1, ownBytesAtOnce: 100_000, roomBytesPerSecond: 1, roomBytesAtOnce: 1 }
  const made = await room(2, { limits: bytes })
  // By polling everything that is asked for while a request is under way comes in the next one.
  const sends = async (member: Member | undefined, kinds: ('long' | 'short')[]) => {
    const client = new Client(made.relay.url, { transports: ['polling'] })
    ok(await client.join(member!.device))
    const first = client.request('commit_ack', { room: made.address, seq: 1 })
    const others = kinds.map((kind) => {
      if (kind === 'short') return client.request('commit_ack', { room: made.address, seq: 1 })
      return client.request('announce_pubkey', { room: made.address, keyPackages: Array(4).fill(random(16_000)) })
    })
    return (await Promise.all([first, ...others])).map(code)
  }
  // One more than its own allowance goes into the debt of what all share.
  const paid = await sends(made.members[0], ['long', 'long', 'long', 'long', 'short'])
  expect(paid).toEqual(['ok', 'ok', 'ok', 'ok', 'rate-limited', 'rate-limited'])
  expect(await sends(made.members[1], [...Array<'short'>(9).fill('short'), 'long'])).toEqual(Array(11).fill('ok'))
})
