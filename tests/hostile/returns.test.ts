/** A member that lies about a device which comes back: with the keys that this device has made, and without the room's rules. */
import type { Clock } from '@qsec/client'
import { nodeClock } from '@qsec/client/node'
import { type Base64Url, parseRoomAddress } from '@qsec/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DeviceIdentity, makeKeyPackage, parseLinkFragment } from '../../packages/client/src/crypto/index.ts'
import { addOf } from '../../packages/client/src/crypto/test-world.ts'
import { claimDevice } from '../../packages/client/src/room/device-store.ts'
import { events, hasText, until } from '../system/world.ts'
import { HostileRelay } from './hostile-relay.ts'
import type { Insider } from './insider.ts'
import {
  freshWord,
  knows as hasPerson,
  openStage,
  patienceMs,
  quiet,
  type Stage,
  standing,
  staysClosed,
} from './stage.ts'

const dayMs = 86_400_000
let stage: Stage
let cleo: DeviceIdentity
let insider: Insider
beforeAll(async () => {
  stage = await openStage()
  const { room, env } = await stage.admit('Cleo')
  await quiet([stage.ana, stage.ben, { room, env }])
  await room.close()
  cleo = (await claimDevice(env, parseRoomAddress(room.snapshot.address)!, undefined))!.identity
  insider = await stage.insider()
})
afterAll(async () => {
  insider?.close()
  await stage?.close()
})

it('[GP63] a return that shows a live invite, committed without that invite’s key, is refused by all', async () => {
  const { ana, ben } = stage
  const secret = parseLinkFragment(ana.room.snapshot.invitePath!.replace(/^[^#]*/, ''))!
  const nowMs = Date.now()
  const invite = { rid: cleo.room, secret, expiresMs: nowMs + dayMs }
  const { keyPackage } = await makeKeyPackage(cleo, { nowMs, invite })
  const { leaf } = insider.group.members.find(({ device }) => device === cleo.device)!
  const removal = { proposalType: 'remove', remove: { removed: leaf } } as const
  const frame = await insider.forge([removal, addOf(keyPackage)])

  await quiet([ana, ben])
  const before = await standing(ana)
  const refused = (event: string) => event === 'unreadable'
  const lines = events(ana.room.snapshot).filter(refused).length
  await staysClosed(
    stage,
    ben,
    async () => {
      expect((await insider.commit(frame))?.ok).toBe(true) // the relay cannot judge it
      await until(ana.room, (s) => events(s).filter(refused).length > lines, patienceMs)
      expect(await standing(ana)).toEqual(before)
    },
    'link-psk-missing',
  )
  for (const { room } of [ana, ben]) expect(events(room.snapshot)).not.toContain('rejoined')
})

it('[GP66] a request that the relay kept back brings its device out and in again, and no word of a copied storage', {
  timeout: 90_000,
}, async () => {
  const { ana, world } = stage
  const relay = new HostileRelay(world)
  const kept: { name: 'welcome'; payload: object; done(): void }[] = []
  const requests: string[] = []
  let atMs = 0
  // A newcomer that hears nothing makes a second request after 10 s, and it is as good as a year later that it is used.
  const clock: Clock = {
    nowMs: () => nodeClock.nowMs() + atMs,
    after: (delayMs, run) => nodeClock.after(delayMs === 10_000 ? 300 : delayMs, run),
  }
  relay.up = async (name, payload, real) => {
    const { request } = payload as { request?: string }
    if (name !== 'announce_pubkey' || request === undefined || requests.at(-1) === request) return real(name, payload)
    requests.push(request)
    if (requests.length > 1) return { ok: true } as never
    await real(name, payload)
    return { ok: false, code: 'unavailable', message: 'Try again.' }
  }
  relay.down = (event) => {
    if (event.name !== 'welcome' || event.payload.pair || kept.length > 0) return [event]
    kept.push(event as (typeof kept)[number])
    return []
  }
  const dan = await world.join('Dan', ana.room.snapshot.invitePath!, relay.env({ ...world.env(), clock }))
  await expect.poll(() => requests.length, { timeout: patienceMs }).toBeGreaterThan(1)
  await expect.poll(() => kept.length, { timeout: patienceMs }).toBe(1)
  relay.replay(kept[0]!)
  await until(dan, (s) => s.phase.at === 'member', patienceMs)
  await until(ana.room, hasPerson('Dan'), patienceMs)
  const word = freshWord()
  await dan.send(word)
  await until(ana.room, hasText(word), patienceMs)

  atMs = 9 * dayMs
  const device = dan.snapshot.self.device
  const room = parseRoomAddress(ana.room.snapshot.address)!
  const { bundle } = ana.relay
    .of('pubkey_list')
    .flatMap(({ payload }) => payload.devices as { device: string; bundle: Base64Url }[])
    .find((one) => one.device === device)!
  ana.relay.tell('pubkey_list', { room, devices: [{ device, bundle, request: requests[1] as Base64Url }] })
  const back = await until(dan, (s) => s.phase.at === 'refused' || events(s).includes('rejoined'), patienceMs)
  expect(back.phase.at).not.toBe('refused')
  await until(dan, (s) => s.phase.at === 'member', patienceMs)
  const again = freshWord()
  await dan.send(again)
  await until(ana.room, hasText(again), patienceMs)
  await dan.leave()
  await until(ana.room, (s) => !s.people.some(({ name }) => name === 'Dan'), patienceMs)
})
