/** Devices that are closed and opened again at random moments: in the end all agree, and everything is there once. */
import type { ClientEnv, RoomClient } from '@qsec/client'
import { expect, it } from 'vitest'
import { openWorld, texts, until } from './world.ts'

const rounds = 20

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

it('[HR30] three devices, closed and opened at random: each message once, everywhere, and all in one epoch', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
  console.info(`[HR30] SEED=${seed}`)
  const random = seeded(seed)
  const pause = (mostMs: number) => new Promise((resolve) => setTimeout(resolve, random() * mostMs))
  const world = await openWorld()
  const first = await world.create('Ana')
  const { address, invitePath } = first.snapshot
  const devices: { env: ClientEnv; room: RoomClient; open: boolean; sent: string[] }[] = []
  for (const name of ['Ana', 'Ben', 'Cleo']) {
    const env = world.env()
    const room = await world.join(name, invitePath!, env)
    await until(room, (s) => s.phase.at === 'member')
    devices.push({ env, room, open: true, sent: [] })
  }
  for (let round = 0; round < rounds; round++) {
    const one = devices[Math.floor(random() * devices.length)]!
    if (!one.open) {
      one.room = await world.comeBack(one.env, address)
      one.open = true
      continue
    }
    const text = `${round}`
    const dice = random()
    if (dice < 0.35) {
      // Sent and closed at once, or nearly so.
      const sending = one.room.send(text)
      one.sent.push(text)
      if (random() < 0.5) await pause(30)
      await Promise.all([sending, one.room.close()])
      one.open = false
    } else if (dice < 0.75) {
      one.sent.push(text)
      await one.room.send(text)
    } else one.room.runKeyExchange()
    await pause(random() < 0.3 ? 1_500 : 60)
  }
  for (const one of devices) if (!one.open) one.room = await world.comeBack(one.env, address)
  const rooms = [first, ...devices.map(({ room }) => room)]
  const said = devices.flatMap(({ sent }) => sent).sort()
  await Promise.all(
    rooms.map((room) => until(room, (s) => s.phase.at === 'member' && texts(s).length >= said.length, 60_000)),
  )
  const sameEpoch = () => new Set(rooms.map(({ snapshot }) => snapshot.epoch)).size === 1
  for (let i = 0; i < 300 && !sameEpoch(); i++) await new Promise((resolve) => setTimeout(resolve, 100))
  expect(sameEpoch(), `SEED=${seed}`).toBe(true)
  for (const room of rooms) expect(texts(room.snapshot).sort(), `SEED=${seed}`).toEqual(said)
  await world.close()
}, 150_000)
