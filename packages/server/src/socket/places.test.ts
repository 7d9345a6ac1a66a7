import { expect, it, vi } from 'vitest'
import { Client, comeBack, ok, relay, room, TestDevice, until } from '../../test/harness.ts'
import { Places } from './places.ts'

// A busy machine takes longer than the usual five seconds, and that is no fault.
vi.setConfig({ testTimeout: 40_000 })

const address = '192.0.2.1'

function places(connectionsPerAddress: number, strangersPerAddress: number) {
  const closed: string[] = []
  const end = (place: object) => void closed.push((place as { name: string }).name)
  const all = new Places({ connectionsPerAddress, strangersPerAddress }, end)
  const enter = (name: string) => {
    const place = { name }
    all.enter(address, place)
    return place
  }
  return { all, closed, enter, seat: (name: string, of: { madeMs: number }) => all.seat(address, enter(name), of) }
}

it('[HX5] who has shown nothing for longest gives way to who comes, and members do not', () => {
  const { all, closed, enter, seat } = places(5, 2)
  const old = { madeMs: 1 }
  for (const name of ['a', 'b', 'c', 'd']) expect(seat(name, old)).toBe(true)
  for (const name of ['1', '2', '3', '4']) enter(name)
  expect(closed).toEqual(['1', '2'])
  expect(all.of(address)).toBe(6)
  expect(all.of('192.0.2.2')).toBe(0)
})

it('[HX6] a crowd of new rooms takes no place that an older room asks for', () => {
  const { closed, seat } = places(10, 5)
  for (let i = 0; i < 10; i++) seat(`new ${i}`, { madeMs: 100 + i })
  const old = { madeMs: 1 }
  for (let i = 0; i < 5; i++) expect(seat(`old ${i}`, old)).toBe(true)
  expect(closed).toEqual(['new 9', 'new 8', 'new 7', 'new 6', 'new 5'])
  // Half is what the oldest is sure of; and the crowd does not get that back.
  expect(seat('old 5', old)).toBe(false)
  expect(seat('new 10', { madeMs: 200 })).toBe(false)
})

it('[HX6] an old room that sends a crowd leaves the others half', () => {
  const { all, closed, seat } = places(10, 5)
  const old = { madeMs: 1 }
  const young = { madeMs: 2 }
  for (let i = 0; i < 10; i++) seat(`old ${i}`, old)
  for (let i = 0; i < 5; i++) expect(seat(`young ${i}`, young)).toBe(true)
  expect(seat('young 5', young)).toBe(false)
  expect(closed).toEqual(['old 9', 'old 8', 'old 7', 'old 6', 'old 5'])
  expect(seat('old again', old)).toBe(false)
  expect(all.of(address)).toBe(12)
})

it('[HX6] who leaves makes room, and a seat that is taken away makes a stranger', () => {
  const { all, seat, enter } = places(1, 1)
  const only = { madeMs: 1 }
  const place = enter('a')
  expect([all.seat(address, place, only), all.seat(address, place, only), seat('b', only)]).toEqual([true, true, false])
  all.unseat(address, place)
  expect(seat('c', only)).toBe(true)
  all.leave(address, place)
  all.leave(address, place)
  expect(all.of(address)).toBe(1)
})

it('[HX5] a flood from one address ends no member there, and keeps none out who comes back', async () => {
  const made = await room(2, { limits: { connectionsPerAddress: 8, strangersPerAddress: 4 } })
  const [ana, ben] = made.members
  const flood = async () => {
    const sockets = Array.from(
      { length: 60 },
      () => new WebSocket(`${made.relay.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`),
    )
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise((done) => {
            socket.onopen = done
            socket.onerror = done
          }),
      ),
    )
  }
  await flood()
  await until(() => made.relay.stats().connections <= 8)
  ok(await ana!.say())
  ben!.client.socket.disconnect()
  await flood()
  ok(await comeBack(made.relay.url, ben!))
  await flood()
  expect(ok(await ben!.say()).seq).toBeGreaterThan(1)
  expect(ana!.client.socket.connected).toBe(true)
})

it('[HX6] a flood of members of new rooms keeps nobody of an older one out', async () => {
  const made = await room(2, { limits: { connectionsPerAddress: 6, strangersPerAddress: 6 } })
  const [ana, ben] = made.members
  ben!.client.socket.disconnect()
  for (let i = 0; i < 8; i++) {
    const device = new TestDevice(`crowd${i}` as typeof made.address)
    await new Client(made.relay.url).join(device, { create: { joinKeys: [] } })
  }
  ok(await comeBack(made.relay.url, ben!))
  ok(await ben!.say())
  ok(await ana!.say())
})

it('[HX5] a class of thirty comes in from the address of a flood', async () => {
  const { relay: running } = await relay()
  const waiting = Array.from(
    { length: 300 },
    () => new WebSocket(`${running.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`),
  )
  await Promise.all(
    waiting.map(
      (socket) =>
        new Promise((done) => {
          socket.onopen = done
          socket.onerror = done
        }),
    ),
  )
  const answers = await Promise.all(
    Array.from({ length: 30 }, () =>
      new Client(running.url).join(new TestDevice('lesson' as never), { create: { joinKeys: [] } }),
    ),
  )
  expect(answers.every((answer) => answer.ok)).toBe(true)
  for (const socket of waiting) socket.close()
})
