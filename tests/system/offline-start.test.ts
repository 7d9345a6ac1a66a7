/** A room that is opened without a connection: what is written there waits, stays, and goes out once. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { deviceKey } from '../../packages/client/src/room/device-store.ts'
import { decodeRow } from '../../packages/client/src/sync/rows.ts'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { hasText, openWorld, texts, until, type World } from './world.ts'

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
