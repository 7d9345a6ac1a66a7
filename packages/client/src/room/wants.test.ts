import type { RoomAddress } from '@qsec/protocol'
import { expect, it } from 'vitest'
import {
  type DeviceIdentity,
  deriveDeviceLink,
  inspectKeyPackage,
  type MadeKeyPackage,
  makeKeyPackage,
  personKeysOf,
  verifyDeviceLinkProof,
} from '../crypto/index.ts'
import { type Member, nowMs, random, World } from '../crypto/test-world.ts'
import { addsAtOnce, type JoinRequest, needsYes, wantsOf } from './wants.ts'

const clocks = { nowMs, relayMs: nowMs }

async function requestOf({ device }: DeviceIdentity, { keyPackage }: MadeKeyPackage): Promise<JoinRequest> {
  return { device, keyPackage, shown: (await inspectKeyPackage(keyPackage))! }
}

it('[DL28] of several requests by one link one is taken, by its maker alone and not with invited newcomers', async () => {
  const world = new World()
  const [ana, ben] = (await world.room(2)) as [Member, Member]
  const link = deriveDeviceLink(random(32))
  const byLink = async (of: Member, shows = link) => {
    const identity = await world.device({ personKeys: personKeysOf(of.identity) })
    return requestOf(identity, await makeKeyPackage(identity, { nowMs, link: shows }))
  }
  const invited = await world.device()
  const guest = await requestOf(invited, await world.knock(invited, ana.group.invites[0]))
  const [first, second, foreign] = [await byLink(ana), await byLink(ana), await byLink(ben)]
  const other = await byLink(ana, deriveDeviceLink(random(32)))
  const wantsAt = (at: Member, requests: JoinRequest[], made: boolean) =>
    wantsOf({
      group: at.group,
      bundles: world.bundles,
      requests,
      leaving: new Set(),
      leaveProofs: {},
      clocks,
      ...(made ? { linked: (shown) => !!shown.link && verifyDeviceLinkProof(link, shown, shown.link) } : {}),
    }).add.map(({ device }) => device)

  expect(wantsAt(ana, [guest, other, foreign, first, second], true)).toEqual([first.device])
  expect(wantsAt(ana, [guest, other, foreign], true)).toEqual([guest.device])
  expect(wantsAt(ana, [first], false)).toEqual([])
  expect(wantsAt(ben, [first, foreign], false)).toEqual([])
  const asked = (at: Member, request: JoinRequest) => needsYes(at.group, world.bundles, request, clocks)
  expect([asked(ana, other), asked(ben, other), asked(ben, foreign)]).toEqual([true, false, true])
})

it('[CR73] a committer takes back whose record is over, and passes over a newcomer with such a record', async () => {
  const world = new World('lab1' as RoomAddress) // where nobody needs a link
  const [ana, ben] = (await world.room(2)) as [Member, Member]
  const yearsOn = nowMs + 800 * 86_400_000
  const asks = async (identity: DeviceIdentity) =>
    requestOf(identity, await makeKeyPackage(identity, { nowMs: yearsOn }))
  const fresh = await world.device({ atMs: yearsOn })
  const requests = await Promise.all([ben.identity, await world.device(), fresh].map(asks))
  const wants = wantsOf({
    group: ana.group,
    bundles: world.bundles,
    requests,
    leaving: new Set(),
    leaveProofs: {},
    clocks: { nowMs: yearsOn, relayMs: yearsOn },
  })
  expect(wants.add.map(({ device }) => device)).toEqual([ben.identity.device, fresh.device])
  expect(wants.rejoining).toEqual([ben.identity.device])
})

it('[ST68] one commit takes 250 newcomers; the others are for the next', async () => {
  const world = new World()
  const [ana] = (await world.room(1)) as [Member]
  const invited = await world.device()
  const guest = await requestOf(invited, await world.knock(invited, ana.group.invites[0]))
  const wants = (requests: JoinRequest[]) =>
    wantsOf({ group: ana.group, bundles: world.bundles, requests, leaving: new Set(), leaveProofs: {}, clocks }).add
  expect(addsAtOnce).toBe(250)
  expect(wants(Array<JoinRequest>(addsAtOnce).fill(guest))).toHaveLength(addsAtOnce)
  expect(wants(Array<JoinRequest>(addsAtOnce + 1).fill(guest))).toHaveLength(addsAtOnce)
})
