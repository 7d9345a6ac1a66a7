import { type RoomAddress, toBase64Url } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import {
  commit,
  type DeviceIdentity,
  type DeviceLinkKeys,
  deriveDeviceLink,
  formatDeviceLinkFragment,
  inspectKeyPackage,
  join,
  makeKeyPackage,
  openFromDevice,
  parseDeviceLinkFragment,
  personKeysOf,
  receive,
  sealForDevice,
  verifyDeviceLinkProof,
} from './index.ts'
import { addOf, forge, type Member, nowMs, random, World } from './test-world.ts'

const room = toBase64Url(new Uint8Array(16).fill(4)) as string as RoomAddress
const other = toBase64Url(new Uint8Array(16).fill(5)) as string as RoomAddress
const content = new TextEncoder().encode('what the next device needs')

describe('the link', () => {
  it('[DL20] a fragment has one spelling and 32 bytes; an invite is none, and neither is anything else', () => {
    const key = random(32)
    const fragment = formatDeviceLinkFragment(key)
    expect(parseDeviceLinkFragment(fragment)).toEqual(key)
    expect(parseDeviceLinkFragment(`#${fragment}`)).toEqual(key)
    for (const bad of ['', '#d1.', `v1.${fragment.slice(3)}`, `${fragment}A`, fragment.slice(0, -1), ` ${fragment}`]) {
      expect(parseDeviceLinkFragment(bad), bad).toBeUndefined()
    }
    expect(() => formatDeviceLinkFragment(random(31))).toThrow(RangeError)
    expect(() => deriveDeviceLink(random(33))).toThrow(RangeError)
  })

  it('[DL21] id and keys follow from the key, each for itself', () => {
    const [one, same, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)].map(
      deriveDeviceLink,
    ) as [DeviceLinkKeys, DeviceLinkKeys, DeviceLinkKeys]
    expect(one).toEqual(same)
    expect(one.id).toMatch(/^[A-Za-z0-9_-]{22}$/)
    const all = [one, two].flatMap(({ id, sealKey, proofKey }) => [id, toBase64Url(sealKey), toBase64Url(proofKey)])
    expect(new Set(all).size).toBe(6)
  })

  it('[DL22] what was sealed opens for this room and link alone, and with no byte changed, missing or too many', async () => {
    const key = random(32)
    const sealed = await sealForDevice(room, key, content, random)
    expect(await openFromDevice(room, key, sealed)).toEqual(content)
    expect(await openFromDevice(other, key, sealed)).toBeUndefined()
    expect(await openFromDevice(room, random(32), sealed)).toBeUndefined()
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice()
      changed[at]! ^= 1
      expect(await openFromDevice(room, key, changed), `byte ${at}`).toBeUndefined()
    }
    expect(await openFromDevice(room, key, sealed.slice(0, -1))).toBeUndefined()
    expect(await openFromDevice(room, key, new Uint8Array([...sealed, 0]))).toBeUndefined()
    expect(await openFromDevice(room, key, new Uint8Array(0))).toBeUndefined()
  })
})

interface Linked {
  world: World
  ana: Member
  ben: Member
  next: DeviceIdentity
  link: DeviceLinkKeys
}

async function linked(): Promise<Linked> {
  const world = new World()
  const [ana, ben] = (await world.room(2)) as [Member, Member]
  const next = await world.device({ personKeys: personKeysOf(ben.identity) })
  return { world, ana, ben, next, link: deriveDeviceLink(random(32)) }
}

const reasonOf = (result: object) => ('reason' in result ? result.reason : result)

describe('the request', () => {
  it('[DL23] it shows the link, for this leaf alone, and never together with an invite', async () => {
    const { world, ana, next, link } = await linked()
    const made = await makeKeyPackage(next, { nowMs, link })
    const said = (await inspectKeyPackage(made.keyPackage))!
    expect(verifyDeviceLinkProof(link, said, said.link!)).toBe(true)
    expect(verifyDeviceLinkProof(deriveDeviceLink(random(32)), said, said.link!)).toBe(false)
    const again = (await inspectKeyPackage((await makeKeyPackage(next, { nowMs, link })).keyPackage))!
    expect(verifyDeviceLinkProof(link, again, said.link!)).toBe(false)
    const { secret, expiresMs } = ana.group.invites[0]!
    const both = await makeKeyPackage(next, { nowMs, link, invite: { rid: world.address, secret, expiresMs } })
    expect(await inspectKeyPackage(both.keyPackage)).toBeUndefined()
  })

  it('[DL24] its own person lets it in, in a locked room too and where only admins admit; nobody else does', async () => {
    const { world, ana, ben, next, link } = await linked()
    const settings = { ...ana.group.settings!, locked: true, admitBy: 'admins' as const }
    await world.apply(ana, [ana, ben], { settings })
    const made = await makeKeyPackage(next, { nowMs, link })
    const byOwner = await commit(ana.group, { add: [made.keyPackage] }, { bundles: world.bundles, nowMs })
    expect(reasonOf(byOwner)).toBe('not-own-device')
    const { frame } = await forge(ana, [addOf(made.keyPackage)])
    expect(reasonOf(await receive(ben.group, frame, { bundles: world.bundles }))).toBe('not-own-device')
    const welcome = await world.apply(ben, [ana, ben], { add: [made.keyPackage] })
    const joined = await join(next, made.secret, welcome, {
      expect: { purpose: 'room', address: world.address },
      requireInvitePsk: false,
      bundles: world.bundles,
      signers: [ben.identity.device],
    })
    expect(joined.ok && joined.group.members).toHaveLength(3)
    expect(ana.group.members.filter(({ person }) => person === ben.identity.person)).toHaveLength(2)
  })
})

describe('the welcome', () => {
  async function welcomed(by: 'ana' | 'ben') {
    const made = await linked()
    const { world, ana, ben, next } = made
    const asked = await makeKeyPackage(next, { nowMs })
    const welcome = await world.apply(made[by], [ana, ben], { add: [asked.keyPackage] })
    const enter = (signers: readonly string[]) =>
      join(next, asked.secret, welcome, {
        expect: { purpose: 'room', address: world.address },
        requireInvitePsk: false,
        bundles: world.bundles,
        signers,
      })
    return { ...made, enter }
  }

  it('[DL25] a group handed over by the device that made the link is taken', async () => {
    const { ben, enter } = await welcomed('ben')
    expect((await enter([ben.identity.device])).ok).toBe(true)
  })

  it('[DL26] one handed over by somebody else is refused, and by a device of one’s own that the link does not name', async () => {
    const byAna = await welcomed('ana')
    expect(reasonOf(await byAna.enter([byAna.ben.identity.device]))).toBe('not-own-device')
    // Even if the list names it: it is another person's.
    expect(reasonOf(await byAna.enter([byAna.ana.identity.device]))).toBe('not-own-device')
    const byBen = await welcomed('ben')
    expect(reasonOf(await byBen.enter([byBen.next.device]))).toBe('not-own-device')
    expect(reasonOf(await byBen.enter([]))).toBe('not-own-device')
  })
})
