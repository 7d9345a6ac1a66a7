/** A member that lies about a device which comes back: with the keys that this device has made, and without the room's rules. */
import { parseRoomAddress } from '@qsec/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DeviceIdentity, makeKeyPackage, parseLinkFragment } from '../../packages/client/src/crypto/index.ts'
import { addOf } from '../../packages/client/src/crypto/test-world.ts'
import { claimDevice } from '../../packages/client/src/room/device-store.ts'
import { events, until } from '../system/world.ts'
import type { Insider } from './insider.ts'
import { openStage, patienceMs, quiet, type Stage, standing, staysClosed } from './stage.ts'

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
