/** Who leads a room and who comes in, over a real relay: people decide, and all of them see the same. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, hasText, openWorld, until, type World } from './world.ts'

let world: World
let ana: RoomClient
let ben: RoomClient
let cleo: RoomClient
const isMember = (s: RoomSnapshot) => s.phase.at === 'member'
const deviceOf = (room: RoomClient) => room.snapshot.self.device
const hourMs = 3_600_000

beforeEach(async () => {
  world = await openWorld()
  ana = await world.create('Ana')
  ben = await world.join('Ben', ana.snapshot.invitePath!)
  cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  for (const room of [ana, ben, cleo])
    await until(room, (s) => isMember(s) && s.people.filter(({ name }) => name).length === 3)
})
afterEach(() => world.close())

const saw = (type: string) => (s: RoomSnapshot) => events(s).includes(type)

it('[MS1] who is put out reads nothing more, all see by whom, and a new link takes the place of the old', async () => {
  const before = ana.snapshot.invitePath
  await ana.putOut(deviceOf(cleo))
  await until(cleo, (s) => s.phase.at === 'removed')
  await until(ben, saw('removed'))
  await until(ana, (s) => s.invitePath !== undefined && s.invitePath !== before)
  await ben.send('without Cleo')
  await until(ana, hasText('without Cleo'))
  expect(ben.snapshot.people.map(({ name }) => name)).toEqual(['Ben', 'Ana'])
})

it('[MS2] a member puts nobody out, and is told why', async () => {
  await expect(ben.putOut(deviceOf(cleo))).rejects.toMatchObject({ code: 'may-not-remove' })
  expect(ben.snapshot.people.find(({ name }) => name === 'Cleo')?.mayPutOut).toBe(false)
  expect(ana.snapshot.people.find(({ name }) => name === 'Cleo')?.mayPutOut).toBe(true)
  await ana.setAdmin(deviceOf(ben), true)
  await until(ben, (s) => s.agreement?.role === 'admin' && saw('admin-set')(s))
  await ben.putOut(deviceOf(cleo))
  await until(cleo, (s) => s.phase.at === 'removed')
})

it('[MS3] who leaves is taken out by whoever comes first, by its own signed word', async () => {
  await ana.leave()
  await until(ben, (s) => s.people.length === 2 && saw('left')(s))
  await until(cleo, (s) => s.people.length === 2 && saw('left')(s))
  expect(events(ben.snapshot)).not.toContain('removed')
  // Its owner gone, the room belongs to those in it.
  await until(ben, (s) => s.agreement?.role === 'admin')
  expect(ben.snapshot.agreement).toMatchObject({ role: 'admin', may: { change: true, lead: true } })
  await ben.handOver(deviceOf(cleo))
  await until(cleo, (s) => s.agreement?.role === 'owner')
})

it('[MS4] a locked room lets nobody in by its link until it is unlocked', async () => {
  await ana.changeRoom({ locked: true })
  for (const room of [ben, cleo]) await until(room, (s) => s.agreement?.locked === true && saw('room-locked')(s))
  const dan = await world.join('Dan', ana.snapshot.invitePath!)
  await until(dan, (s) => s.phase.at === 'refused')
  await ana.changeRoom({ locked: false })
  const eva = await world.join('Eva', ana.snapshot.invitePath!)
  await until(eva, isMember)
})

it('[MS5] a link for one person is used up by one, and an ended link by nobody', async () => {
  await ana.makeInvite({ mode: 'link', lifetimeMs: hourMs, uses: 1 })
  await until(ben, (s) => s.agreement?.invites.length === 2)
  const single = ben.snapshot.agreement!.invites.find(({ usesLeft }) => usesLeft === 1)!
  const dan = await world.join('Dan', single.path)
  await until(dan, isMember)
  await until(ana, (s) => s.agreement?.invites.length === 1)
  const late = await world.join('Late', single.path)
  await until(late, (s) => s.phase.at === 'refused')
  await ana.revokeInvite(ana.snapshot.agreement!.invites[0]!.id)
  // The room makes a new one at once, which is what ending a link is for.
  await until(ana, (s) => s.agreement?.invites.length === 1)
})

it('[MS6] a link that asks first brings in who somebody says yes to, and nobody else', async () => {
  await ana.changeRoom({ admitBy: 'admins' })
  await ana.makeInvite({ mode: 'approve', lifetimeMs: hourMs })
  await until(ana, (s) => s.agreement?.invites.some(({ mode }) => mode === 'approve') === true)
  const { path } = ana.snapshot.agreement!.invites.find(({ mode }) => mode === 'approve')!
  const [dan, eva] = [await world.join('Dan', path), await world.join('Eva', path)]
  await until(ana, (s) => s.agreement?.knocks.length === 2)
  await until(ben, (s) => s.waiting === 2)
  expect(ben.snapshot.agreement?.knocks).toEqual([])
  await expect(ben.letIn(deviceOf(dan))).rejects.toMatchObject({ code: 'needs-approval' })
  await ana.turnAway(deviceOf(eva))
  await ana.letIn(deviceOf(dan))
  await until(dan, isMember)
  await until(ben, saw('let-in'))
  expect(eva.snapshot.phase.at).toBe('waiting')
  expect(ana.snapshot.agreement?.knocks).toEqual([])
})

it('[MS7] a room holds as many people as agreed, and the limit can be lifted', async () => {
  await ana.changeRoom({ capacity: 3 })
  await until(ben, (s) => s.agreement?.capacity === 3)
  const dan = await world.join('Dan', ana.snapshot.invitePath!)
  await until(dan, (s) => s.phase.at === 'waiting' || s.phase.at === 'refused')
  await ana.changeRoom({ capacity: undefined })
  await until(ben, (s) => s.agreement !== undefined && s.agreement.capacity === undefined)
  const eva = await world.join('Eva', ana.snapshot.invitePath!)
  await until(eva, isMember)
})

it('[MS8] an ended room is ended for all: what was said stays readable, nothing more is said, no key is left', async () => {
  const env = world.env()
  const dan = await world.join('Dan', ana.snapshot.invitePath!, env)
  await until(dan, (s) => isMember(s) && s.people.length === 4)
  await ana.send('last words')
  await until(dan, hasText('last words'))
  await expect(ben.endRoom()).rejects.toMatchObject({ code: 'may-not-change-room' })
  await ana.endRoom()
  for (const room of [ana, ben, cleo, dan]) {
    await until(room, (s) => s.phase.at === 'ended' && saw('room-ended')(s), 8_000)
  }
  await expect(dan.send('too late')).rejects.toMatchObject({ code: 'room-ended' })
  await until(dan, (s) => s.epoch === 0)
  const rows = (await env.storage.list('device/')).map(({ key }) => key.split('/')[2])
  expect(rows.filter((part) => !['identity', 'meta', 'self', 'people', 'timeline', 'bundle'].includes(part!))).toEqual(
    [],
  )
  await dan.close()
  const again = await world.comeBack(env, dan.snapshot.address)
  expect(again.snapshot.phase.at).toBe('ended')
  expect(hasText('last words')(again.snapshot)).toBe(true)
})

it('[MS9] a device silent for a week is shown so and not counted, and after thirty days its removal is offered', async () => {
  let shiftMs = 0
  const base = world.env()
  const env = { ...base, clock: { ...base.clock, nowMs: () => base.clock.nowMs() + shiftMs } }
  const owner = await world.create('Olga', undefined, env)
  const pia = await world.join('Pia', owner.snapshot.invitePath!)
  const quim = await world.join('Quim', owner.snapshot.invitePath!)
  for (const room of [owner, pia, quim]) await until(room, (s) => isMember(s) && s.people.length === 3)
  const silentOf = (s: RoomSnapshot) => s.people.find(({ device }) => device === deviceOf(quim))
  // Seen here first: a list of before would count as hearing of Quim, days later by this clock.
  await until(owner, (s) => silentOf(s)?.present === true && silentOf(s)?.name === 'Quim')
  await quim.close()
  await until(owner, (s) => silentOf(s)?.present === false)
  shiftMs = 6 * 24 * hourMs
  await owner.send('six days')
  await until(owner, (s) => s.timeline.some((item) => item.kind === 'message' && item.state === 'sent'))
  expect(silentOf(owner.snapshot)?.silentDays).toBeUndefined()
  shiftMs = 8 * 24 * hourMs
  await owner.send('eight days')
  // Pia's receipt is enough: who has been silent for so long is waited for by nobody.
  await until(owner, (s) => s.timeline.some((item) => item.kind === 'message' && item.state === 'delivered'))
  expect(silentOf(owner.snapshot)).toMatchObject({ silentDays: 8, mayPutOut: true })
  shiftMs = 31 * 24 * hourMs
  await owner.putOut(deviceOf(quim))
  await until(pia, (s) => s.people.length === 2)
})

it('[MS10] who knocks without the link comes in by a person’s yes, and sees nothing of the room before', async () => {
  const knocker = world.env()
  const dan = await world.knock('Dan', ana.snapshot.address, knocker)
  await until(dan, (s) => s.phase.at === 'knocking')
  for (const room of [ana, ben]) await until(room, (s) => s.agreement?.knocks.length === 1)
  const [knock] = ana.snapshot.agreement!.knocks
  const { phase } = dan.snapshot
  expect(phase).toMatchObject({ code: knock!.code })
  expect(knock!.code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  expect(dan.snapshot).toMatchObject({ people: [{ self: true }], roomLog: [], waiting: 0 })
  await ben.letIn(knock!.device)
  await until(dan, (s) => isMember(s) && s.people.length === 4)
  for (const room of [ana, ben, cleo]) await until(room, saw('let-in'))
  await dan.send('thank you')
  await until(cleo, hasText('thank you'))
})

it('[MS11] who is turned away waits on unheard, and is on nobody’s list any more', async () => {
  const dan = await world.knock('Dan', ana.snapshot.address)
  for (const room of [ana, ben]) await until(room, (s) => s.agreement?.knocks.length === 1)
  await ana.turnAway(deviceOf(dan))
  for (const room of [ana, ben]) await until(room, (s) => s.agreement?.knocks.length === 0)
  expect(dan.snapshot.phase.at).toBe('knocking')
})
