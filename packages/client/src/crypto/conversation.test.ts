import { expect, it } from 'vitest'
import { encodeGroup } from './group.ts'
import {
  commit,
  createConversationGroup,
  createPersonKeys,
  type DeviceIdentity,
  decodeGroup,
  type Group,
  join,
  type MadeKeyPackage,
  makeKeyPackage,
  receive,
  seal,
} from './index.ts'
import { addOf, extensionsOf, externalCommit, forge, groupClaiming, nowMs, pskOf, random, World } from './test-world.ts'

const content = new Uint8Array([1, 2, 3])

interface Talk {
  world: World
  ana: DeviceIdentity
  ben: DeviceIdentity
  a: Group
  b: Group
  /** A further device of the person that `of` belongs to. */
  second(of: DeviceIdentity): Promise<DeviceIdentity>
}

function enter(world: World, device: DeviceIdentity, made: MadeKeyPackage, welcome: Uint8Array) {
  return join(device, made.secret, welcome, {
    expect: { purpose: 'conversation', address: world.address },
    requireInvitePsk: false,
    bundles: world.bundles,
  })
}

async function talk(): Promise<Talk> {
  const world = new World()
  const [anas, bens] = [await createPersonKeys(random), await createPersonKeys(random)]
  const ana = await world.device({ personKeys: anas })
  const ben = await world.device({ personKeys: bens })
  const empty = await createConversationGroup(ana, { with: ben.person, nowMs, random })
  const made = await makeKeyPackage(ben, { nowMs, lastResort: true })
  const done = await commit(empty, { add: [made.keyPackage] }, { bundles: world.bundles, nowMs })
  if (!done.ok || !done.welcome) throw new Error('no conversation')
  const joined = await enter(world, ben, made, done.welcome)
  if (!joined.ok) throw new Error(joined.reason)
  const second = (of: DeviceIdentity) => world.device({ personKeys: of === ana ? anas : bens })
  return { world, ana, ben, a: done.next, b: joined.group, second }
}

it('[PP1] two persons have a group of their own, in which any device of either adds and removes devices of both', async () => {
  const { world, ana, ben, a, b, second } = await talk()
  const deps = { bundles: world.bundles, nowMs }
  expect(b.purpose).toEqual({ kind: 'conversation', room: world.address, persons: [ana.person, ben.person].sort() })
  const phone = await second(ana)
  const made = await makeKeyPackage(phone, { nowMs })
  const added = await commit(b, { add: [made.keyPackage] }, deps)
  if (!added.ok) throw new Error(added.reason)
  const got = await receive(a, added.frame, deps)
  if (got.kind !== 'commit') throw new Error(got.kind)
  const joined = await enter(world, phone, made, added.welcome!)
  if (!joined.ok) throw new Error(joined.reason)
  const said = await seal(joined.group, content)
  for (const group of [got.group, added.next]) {
    expect(await receive(group, said.frame, deps)).toMatchObject({
      kind: 'application',
      sender: { person: ana.person },
    })
  }
  // What was taken out reads nothing of the next epoch.
  const leaf = joined.group.ownLeaf
  const removed = await commit(added.next, { removeLeaves: [leaf] }, deps)
  if (!removed.ok) throw new Error(removed.reason)
  expect(await receive(joined.group, removed.frame, deps)).toMatchObject({ kind: 'commit', selfRemoved: true })
  const later = await seal(removed.next, content)
  expect(await receive(joined.group, later.frame, deps)).toMatchObject({ kind: 'refused' })
  expect(decodeGroup(encodeGroup(removed.next))?.purpose).toEqual(b.purpose)
})

it('[PP2] a device of a third person is never taken in, by whomever, nor let stand in a Welcome', async () => {
  const { world, ana, ben, a, b } = await talk()
  const deps = { bundles: world.bundles, nowMs }
  const third = await world.device()
  const made = await makeKeyPackage(third, { nowMs })
  expect(await commit(a, { add: [made.keyPackage] }, deps)).toEqual({ ok: false, reason: 'not-of-the-two' })
  const forged = await forge({ identity: ana, group: a }, [addOf(made.keyPackage)])
  expect(await receive(b, forged.frame, deps)).toEqual({ kind: 'refused', reason: 'not-of-the-two' })
  expect(await enter(world, third, made, forged.welcome!)).toEqual({ ok: false, reason: 'not-of-the-two' })
  // One that claims to be between two others.
  const claims = await groupClaiming(third, a.purpose, random(16))
  const bens = await makeKeyPackage(ben, { nowMs })
  const claimed = await forge({ identity: third, group: claims }, [addOf(bens.keyPackage)])
  expect(await enter(world, ben, bens, claimed.welcome!)).toEqual({ ok: false, reason: 'not-of-the-two' })
})

it('[PP3] nothing but Add and Remove changes it, both persons stay in it, and nobody comes in from outside', async () => {
  const { world, ana, a, b, second } = await talk()
  const deps = { bundles: world.bundles, nowMs }
  const refused = async (frame: Uint8Array) => {
    const got = await receive(b, frame, deps)
    return got.kind === 'refused' ? got.reason : got.kind
  }
  const psk = await forge({ identity: ana, group: a }, [pskOf('x')], new Map([['x', random(32)]]))
  expect(await refused(psk.frame)).toBe('bad-psk-id')
  const changed = await forge({ identity: ana, group: a }, [extensionsOf(a, [])])
  expect(await refused(changed.frame)).toBe('conversation-rules')
  expect(await commit(a, { removeLeaves: [b.ownLeaf] }, deps)).toEqual({ ok: false, reason: 'one-person-left' })
  const alone = await forge({ identity: ana, group: a }, [{ proposalType: 'remove', remove: { removed: b.ownLeaf } }])
  expect(await refused(alone.frame)).toBe('one-person-left')
  expect(await refused(await externalCommit(a, await second(ana)))).not.toBe('commit')
  // One of another room is none of this one.
  const far = new World()
  const stranger = await far.device()
  const empty = await createConversationGroup(stranger, { with: ana.person, nowMs, random })
  const made = await makeKeyPackage(ana, { nowMs })
  const forged = await forge({ identity: stranger, group: empty }, [addOf(made.keyPackage)])
  expect(await enter(world, ana, made, forged.welcome!)).toEqual({ ok: false, reason: 'wrong-room' })
})
