/** Packets and frames that no client sends: what is wrong ends its own socket, and nobody else's. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, vi } from 'vitest'
import { Client, ok, relay, room, until } from '../../test/harness.ts'
import { type RawFrame, rawWebSocket } from '../../test/raw-web-socket.ts'

// A busy machine takes longer than the usual five seconds, and that is no fault.
vi.setConfig({ testTimeout: 40_000 })

const text = (payload: string): RawFrame => ({ opcode: 1, payload: Buffer.from(payload) })

it.each([
  '42',
  '42{}',
  '42[]',
  '459999["hello",{"_placeholder":true,"num":0}]',
  '451-["hello",{"_placeholder":true,"num":9}]',
  '4x',
  '49',
  '42["hello",',
  '44{"message":"x"}',
  '4999999999999999999["hello",{}]',
  'x',
  '9',
])('[HX22] the garbage %j ends its socket', async (garbage) => {
  const { relay: running, reports } = await relay({ limits: { loginDeadlineMs: 120_000 } })
  const [bad, other] = [await rawWebSocket(running.port), await new Client(running.url).connected()]
  bad.send(text(garbage))
  await bad.closed()
  expect(await other.hello()).toHaveLength(32)
  expect(reports.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
})

it('[HX22] binary frames end their socket, and no attachment is waited for', async () => {
  // Who logs in too late is sent away as well, and not within this test.
  const { relay: running } = await relay({ limits: { loginDeadlineMs: 120_000 } })
  const bad = await rawWebSocket(running.port)
  bad.send({ opcode: 2, payload: Buffer.from('attachment') })
  await bad.closed()
})

it('[HX22] hundreds of sockets that end in garbage leave nothing in memory', async () => {
  const { relay: running } = await relay()
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heap = () => {
    collect()
    return process.memoryUsage().heapUsed / 1_048_576
  }
  const rounds = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const all = await Promise.all(Array.from({ length: 20 }, () => rawWebSocket(running.port)))
      for (const bad of all) bad.send(text(`45${9 ** 9}["hello",{"_placeholder":true,"num":${i}}]`))
      await Promise.all(all.map((bad) => bad.closed()))
    }
    await until(() => running.stats().connections === 0)
  }
  await rounds(3)
  const before = heap()
  await rounds(12)
  expect(heap() - before).toBeLessThan(4)
})

const bytes = (size: number) => Buffer.alloc(size, 'x')
it.each<[what: string, code: number, frames: RawFrame[]]>([
  ['unmasked', 1002, [{ opcode: 1, payload: Buffer.from('2'), masked: false }]],
  ['compressed, though nobody agreed on that', 1002, [{ opcode: 1, payload: bytes(10), rsv1: true }]],
  ['of an opcode that does not exist', 1002, [{ opcode: 3, payload: bytes(1) }]],
  ['a continuation of nothing', 1002, [{ opcode: 0, payload: bytes(1) }]],
  [
    'a second message amid a first',
    1002,
    [
      { opcode: 1, payload: bytes(1), fin: false },
      { opcode: 1, payload: bytes(1) },
    ],
  ],
  ['a ping that is too long', 1002, [{ opcode: 9, payload: bytes(126) }]],
  ['a ping in pieces', 1002, [{ opcode: 9, payload: bytes(1), fin: false }]],
  ['a close with half a code', 1002, [{ opcode: 8, payload: bytes(1) }]],
  ['a close with a code that is none', 1002, [{ opcode: 8, payload: Buffer.from([3, 237]) }]],
  ['bad UTF-8', 1007, [{ opcode: 1, payload: Buffer.from([0x34, 0xc3, 0x28]) }]],
  [
    'bad UTF-8 across pieces',
    1007,
    [{ opcode: 1, payload: Buffer.from([0x34, 0xe2, 0x82]), fin: false }, { opcode: 0 }],
  ],
  ['longer than the limit, as it says itself', 1009, [{ opcode: 1, payload: bytes(10), length: 2 ** 40 }]],
  [
    'longer than the limit in pieces',
    1009,
    [
      { opcode: 1, payload: bytes(60_000), fin: false },
      { opcode: 0, payload: bytes(60_000) },
    ],
  ],
])('[HX23] a frame that is %s ends its socket with %i', async (_, code, frames) => {
  const { relay: running, reports } = await relay({ limits: { packetBytes: 100_000 } })
  const bad = await rawWebSocket(running.port)
  bad.send(...frames)
  expect(await bad.closed()).toBe(code)
  expect(reports.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
})

it('[HX23] a packet in pieces is a packet, and nothing is offered that would compress', async () => {
  const { relay: running } = await relay()
  const good = await rawWebSocket(running.port)
  const packet = Buffer.from('420["hello",{"versions":[1]}]')
  good.send(
    { opcode: 1, payload: packet.subarray(0, 7), fin: false },
    { opcode: 9 },
    { opcode: 0, payload: packet.subarray(7) },
  )
  await until(() => good.texts().some((one) => one.startsWith('430[{"ok":true')))
})

it('[HX24] pings without end end their socket', async () => {
  const { relay: running } = await relay()
  const bad = await rawWebSocket(running.port)
  for (let i = 0; i < 200; i++) bad.send({ opcode: 9, payload: bytes(125) })
  await bad.closed()
})

it('[HX24] who has no seat may not send what only members have a use for; members may', async () => {
  const made = await room(1, { limits: { strangerBytesAtOnce: 50_000, strangerBytesPerSecond: 1_000 } })
  const bad = await rawWebSocket(made.relay.port)
  // Half a packet, which would wait in memory for its other half.
  for (let i = 0; i < 10; i++) bad.send({ opcode: i === 0 ? 1 : 0, payload: bytes(20_000), fin: false })
  await bad.closed()
  const { sid } = JSON.parse(
    (await (await fetch(`${made.relay.url}/socket.io/?EIO=4&transport=polling`)).text()).slice(1),
  )
  const post = fetch(`${made.relay.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, {
    method: 'POST',
    body: bytes(200_000),
  })
  await expect(post).rejects.toThrow()
  const [ana] = made.members
  for (let n = 0; n < 3; n++) ok(await ana!.say({ ct: 'A'.repeat(200_000) as never }))
})

it('[HX24] dozens of half-open and silent sockets keep nobody from talking', async () => {
  const made = await room(2)
  const [ana, ben] = made.members
  const half = await Promise.all(Array.from({ length: 80 }, () => rawWebSocket(made.relay.port)))
  for (const [i, socket] of half.entries()) {
    socket.tcp.pause()
    socket.send(
      i % 2 ? { opcode: 1, payload: bytes(10), length: 5_000 } : { opcode: 1, payload: bytes(10), fin: false },
    )
  }
  let last = 0
  for (let i = 0; i < 20; i++) last = ok(await (i % 2 ? ana : ben)!.say()).seq
  await ana!.client.next('encrypted_message', ({ seq }) => seq === last)
})
