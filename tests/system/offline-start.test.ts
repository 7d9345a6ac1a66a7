/** A room that is opened without a connection: what is written there waits, stays, and goes out once. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { deviceKey } from '../../packages/client/src/room/device-store.ts'
import { decodeRow } from '../../packages/client/src/sync/rows.ts'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const timeout = 60_000

async function member(room: RoomClient): Promise<RoomClient> {
  await until(room, ({ phase }) => phase.at === 'member', 30_000)
  return room
}

/** Ana in a room with Ben, who has read something of hers; his network can be cut. */
async function twoPeople() {
  const ana = await world.create('Ana')
  const net = await world.proxied()
  const relay = new HostileRelay(world)
  const env = relay.env(net)
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, env))
  await ana.send('hello Ben')
  await until(ben, hasText('hello Ben'))
  const { device } = ben.snapshot.self
  const comeBack = () => world.comeBack(env, ana.snapshot.address)
  const rows = async () =>
    (await env.storage.list(`${deviceKey(device)}/room/out/`)).map(({ value }) => decodeRow(value))
  return { ana, ben, net, relay, env, device, comeBack, rows }
}

function said(snapshot: RoomSnapshot, text: string) {
  const item = snapshot.timeline.find((one) => one.kind === 'message' && one.text === text)
  if (item?.kind !== 'message') throw new Error(`nobody said ${text}`)
  return item
}

it('[SY16] what is written in a room that was opened offline is stored unsealed, outlives the next start, and arrives once and in order', {
  timeout,
}, async () => {
  const { ana, ben, net, device, comeBack, rows } = await twoPeople()
  await ben.close()
  world.cut(net)
  let back = await comeBack()
  expect(back.snapshot.phase).toEqual({ at: 'connecting', inside: true })
  await back.send('one')
  await back.send('two')
  await back.edit(said(back.snapshot, 'two').key, 'two, changed')
  await back.react(said(back.snapshot, 'hello Ben').key, '👍', true)
  await back.tell(ana.snapshot.self.device, 'for Ana')
  expect(said(back.snapshot, 'one').state).toBe('sending')
  await back.close()
  expect((await rows()).filter((row) => row?.until === 'confirmed' && row.sealed)).toEqual([])
  const cleo = await member(await world.join('Cleo', ana.snapshot.invitePath!))
  await until(ana, (s) => s.people.length === 3)

  back = await comeBack()
  expect(texts(back.snapshot)).toEqual(['hello Ben', 'one', 'two, changed', 'for Ana'])
  await back.send('three')
  expect((await rows()).filter((row) => row?.until === 'confirmed' && row.sealed)).toEqual([])
  world.mend(net)
  await member(back)
  const all = (s: RoomSnapshot) => hasText('three')(s) && hasText('two, changed')(s)
  await Promise.all([until(ana, (s) => all(s) && hasText('for Ana')(s), 30_000), until(cleo, all, 30_000)])
  await until(back, (s) => said(s, 'three').state === 'delivered', 30_000)
  await back.send('the last')
  await Promise.all([ana, cleo].map((room) => until(room, hasText('the last'))))
  const open = (room: RoomClient) => texts(room.snapshot).filter((text) => text !== 'for Ana')
  expect(open(ana)).toEqual(['hello Ben', 'one', 'two, changed', 'three', 'the last'])
  expect(texts(cleo.snapshot)).toEqual(['one', 'two, changed', 'three', 'the last'])
  expect(texts(ana.snapshot).filter((text) => text === 'for Ana')).toHaveLength(1)
  expect(said(ana.snapshot, 'hello Ben').reactions).toMatchObject([{ sign: '👍', people: [{ device }] }])
  for (const room of [ana, cleo]) expect(events(room.snapshot)).not.toContain('unreadable')
  expect(events(back.snapshot)).not.toContain('rejoined')
})

it('[SY17] where its writer was put out meanwhile, or the room ended, that is said, and the text stays and reads “not sent”', {
  timeout,
}, async () => {
  for (const end of ['removed', 'ended'] as const) {
    const { ana, ben, net, device, comeBack } = await twoPeople()
    await ben.close()
    world.cut(net)
    if (end === 'removed') await ana.putOut(device)
    else await ana.endRoom()
    await until(ana, (s) => (end === 'removed' ? s.people.length === 1 : s.phase.at === 'ended'))
    const back = await comeBack()
    await back.send('too late')
    expect(said(back.snapshot, 'too late').state).toBe('sending')
    world.mend(net)
    await until(back, (s) => s.phase.at === end && said(s, 'too late').state !== 'sending', 30_000)
    expect(said(back.snapshot, 'too late')).toMatchObject({ state: 'not-sent', problem: 'lost' })
    await back.close()
    const again = await comeBack()
    expect(again.snapshot.phase.at).toBe(end)
    expect(said(again.snapshot, 'too late').state).toBe('not-sent')
    await expect(again.send('later still')).rejects.toThrow()
    expect(texts(ana.snapshot)).not.toContain('too late')
  }
})

it('[SY18] what the server refused before is tried again or taken back by hand there, behind nothing that waits', {
  timeout,
}, async () => {
  const { ana, ben, net, relay, comeBack } = await twoPeople()
  relay.up = async (name, payload, real) =>
    name === 'encrypted_message' ? { ok: false, code: 'bad-request', message: '' } : real(name, payload)
  for (const text of ['again', 'not again']) await ben.send(text)
  await until(ben, (s) => ['again', 'not again'].every((text) => said(s, text).state === 'not-sent'))
  await ben.close()
  relay.up = (name, payload, real) => real(name, payload)
  world.cut(net)
  const back = await comeBack()
  await back.send('new')
  await back.retry(said(back.snapshot, 'again').key)
  await back.discard(said(back.snapshot, 'not again').key)
  expect(['again', 'new'].map((text) => said(back.snapshot, text).state)).toEqual(['sending', 'sending'])
  expect(texts(back.snapshot)).not.toContain('not again')
  world.mend(net)
  await member(back)
  await until(ana, (s) => hasText('new')(s) && hasText('again')(s), 30_000)
  expect(texts(ana.snapshot)).toEqual(['hello Ben', 'new', 'again'])
})

it('[SY19] who was never in writes nothing there, and is told so', { timeout }, async () => {
  const ana = await world.create('Ana')
  const net = await world.proxied()
  world.cut(net)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, net)
  expect(ben.snapshot.phase).toEqual({ at: 'connecting' })
  await expect(ben.send('too early')).rejects.toThrow('not in the room yet')
  expect(texts(ben.snapshot)).toEqual([])
})
