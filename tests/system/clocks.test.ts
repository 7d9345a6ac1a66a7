/** Clocks that jump: nothing waits for ten years, nothing is out of order, and nothing stays dated wrongly. */
import { type ClientEnv, lookAtRoom, type RoomClient } from '@qsec/client'
import { type MemoryStorage, memoryLocks } from '@qsec/client/node'
import { parseRoomAddress } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { rankStepMs } from '../../packages/client/src/room/wants.ts'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

const decadeMs = 10 * 365 * 86_400_000

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

/** A device with a clock of its own, which may be put ahead or back; delays pass as they do for everybody. */
function skewed(): { env: ClientEnv; jump(byMs: number): void } {
  const env = world.env()
  let skewMs = 0
  const clock = { nowMs: () => Date.now() + skewMs, after: env.clock.after.bind(env.clock) }
  return {
    env: { ...env, clock },
    jump(byMs) {
      skewMs = byMs
    },
  }
}

async function member(room: RoomClient): Promise<RoomClient> {
  await until(room, ({ phase }) => phase.at === 'member', 30_000)
  return room
}

it('[AR60] a clock that jumps ten years ahead or back breaks neither the order nor what comes in, and once right all is well', async () => {
  const ana = await world.create('Ana')
  const { env, jump } = skewed()
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, env))
  await until(ben, ({ quantum }) => quantum.label === 'quantum (simulated)', 60_000)
  const said: string[] = []
  let link = ''
  for (const [i, byMs] of [decadeMs, -decadeMs, decadeMs, 0].entries()) {
    jump(byMs)
    for (const [room, text] of [
      [ben, `Ben ${i}`],
      [ana, `Ana ${i}`],
    ] as const) {
      await room.send(text)
      said.push(text)
      await Promise.all([ana, ben].map((one) => until(one, hasText(text))))
    }
    // Somebody comes in while one clock is wrong, by the link of whose clock is right, and leaves again.
    link = (await until(ana, (s) => s.invitePath !== undefined && s.invitePath !== link)).invitePath!
    const guest = await member(await world.join(`Guest ${i}`, link))
    await guest.send(`Guest ${i}`)
    said.push(`Guest ${i}`)
    await Promise.all([ana, ben].map((one) => until(one, hasText(`Guest ${i}`))))
    await guest.leave()
    await Promise.all([ana, ben].map((one) => until(one, ({ people }) => people.length === 2, 30_000)))
  }
  for (const room of [ana, ben]) expect(texts(room.snapshot)).toEqual(said)
  // Requests and KeyPackages of the wrong years are gone: a third one makes quantum keys with everybody.
  link = (await until(ana, (s) => s.invitePath !== undefined && s.invitePath !== link)).invitePath!
  const cleo = await member(await world.join('Cleo', link))
  await Promise.all(
    [ana, ben, cleo].map((one) => until(one, ({ quantum }) => quantum.label === 'quantum (simulated)', 90_000)),
  )
}, 240_000)

it('[AR62] a clock ten years ahead ends no link and makes none that lives for years, whoever makes it', async () => {
  const ana = await world.create('Ana')
  const { env, jump } = skewed()
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, env))
  const link = ana.snapshot.invitePath
  jump(decadeMs)
  for (const text of ['one', 'two', 'three']) {
    await ben.send(text)
    await until(ana, hasText(text))
  }
  // Whoever is the second to act has had its turn by then.
  await new Promise((resolve) => setTimeout(resolve, rankStepMs + 500))
  expect(ana.snapshot.invitePath).toBe(link)
  expect(ana.snapshot.agreement?.invites).toHaveLength(1)
  // What Ben asks for by hand ends by a clock that is right.
  const path = await ben.makeInvite({ mode: 'link', lifetimeMs: 3_600_000, uses: 1 })
  const made = (await until(ana, (s) => s.agreement?.invites.length === 2)).agreement!.invites[1]!
  expect(made.path).toBe(path)
  expect(Math.abs(made.expiresMs - Date.now() - 3_600_000)).toBeLessThan(60_000)
  await member(await world.join('Cleo', path))
  await until(ana, (s) => s.people.length === 3)
  // Where there is none left, whoever is first makes one, and it serves all whose clocks are right.
  await ana.revokeInvite(ana.snapshot.agreement!.invites[0]!.id)
  const { agreement } = await until(ana, (s) => s.agreement?.invites.length === 1 && s.invitePath !== link)
  expect(agreement!.invites[0]!.expiresMs).toBeLessThan(Date.now() + 8 * 86_400_000)
  await member(await world.join('Dan', ana.snapshot.invitePath!))
})

it('[AR61] with a wrong clock a device is told so at the door, and comes in as soon as the clock is right', async () => {
  const ana = await world.create('Ana')
  const { env, jump } = skewed()
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, env))
  await ben.close()
  for (const byMs of [decadeMs, -decadeMs]) {
    jump(byMs)
    const early = await world.comeBack(env, ana.snapshot.address)
    await until(early, ({ phase }) => phase.at === 'refused' && phase.code === 'login-failed')
    await early.close()
  }
  jump(0)
  const back = await member(await world.comeBack(env, ana.snapshot.address))
  await back.send('here again')
  await until(ana, hasText('here again'))
})

it('[AR63] a device stays in its room when its record is over: it logs in, talks, comes back, and newcomers meet it', async () => {
  await world.close()
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  world = await openWorld({ now })
  const later = (): ClientEnv => {
    const env = world.env()
    return { ...env, clock: { nowMs: now, after: env.clock.after.bind(env.clock) } }
  }
  const [anas, bens] = [later(), later()]
  const first = { ana: await world.create('Ana', undefined, anas), ben: undefined as RoomClient | undefined }
  first.ben = await member(await world.join('Ben', first.ana.snapshot.invitePath!, bens))
  await until(first.ana, (s) => s.people.length === 2 && s.people.every(({ name }) => name !== ''))
  const { address } = first.ana.snapshot
  const old = later()
  const waits = await world.knock('Wim', address, old)
  await until(waits, ({ phase }) => phase.at === 'knocking')
  for (const room of [first.ana, first.ben, waits]) await room.close()
  // Ben's storage as it is put back later: the device has to be let in anew, by the same record.
  const behind = (bens.storage as MemoryStorage).clone()

  aheadMs = decadeMs / 10 + 86_400_000
  const ana = await member(await world.comeBack(anas, address))
  const ben = await member(await world.comeBack(bens, address))
  await ben.send('a year on')
  await until(ana, hasText('a year on'))
  await ana.send('and I')
  await until(ben, hasText('and I'))
  // One that never came in asks anew, on a device of its own.
  expect(await lookAtRoom(old, parseRoomAddress(address)!, {})).toEqual({ type: 'new', needsLink: true })
  expect(await old.storage.keys('')).toEqual([])

  await ben.close()
  const back = await member(await world.comeBack({ ...bens, storage: behind, locks: memoryLocks() }, address))
  await until(ana, (s) => events(s).includes('rejoined'), 30_000)
  const link = (await until(ana, (s) => s.invitePath !== undefined)).invitePath!
  const cleo = await member(await world.join('Cleo', link, later()))
  await cleo.send('new here')
  for (const room of [ana, back]) await until(room, hasText('new here'), 30_000)
  await back.send('heard')
  await until(cleo, hasText('heard'), 30_000)
}, 120_000)
