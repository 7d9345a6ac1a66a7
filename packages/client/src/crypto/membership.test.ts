import { initializeEpoch } from 'ts-mls/keySchedule.js'
import { describe, expect, it } from 'vitest'
import {
  commit,
  createPairGroup,
  type DeviceIdentity,
  deriveInvite,
  type Group,
  join,
  makeKeyPackage,
  newInvite,
  receive,
  seal,
} from './index.ts'
import { stateOf } from './state.ts'
import { suite } from './suite.ts'
import { addOf, dayMs, extensionsOf, forge, type Member, nowMs, pskOf, random, World } from './test-world.ts'

const text = (content: string) => new TextEncoder().encode(content)
const reasonOf = (result: object) => ('reason' in result ? result.reason : result)

async function three(): Promise<{ world: World; ana: Member; ben: Member; cy: Member; all: Member[] }> {
  const world = new World()
  const all = await world.room(3)
  const [ana, ben, cy] = all as [Member, Member, Member]
  return { world, ana, ben, cy, all }
}

/** The authenticator that somebody gets who knows everything of the epoch before except what a path adds. */
async function guessedAuthenticator(before: Group, after: Group): Promise<Uint8Array> {
  const { initSecret } = stateOf(before).keySchedule
  const none = new Uint8Array(64)
  const epoch = await initializeEpoch(initSecret, none, stateOf(after).groupContext, none, suite.kdf)
  return epoch.keySchedule.epochAuthenticator
}

describe('removal', () => {
  it('[CR1] a removed member reads nothing more, whatever it kept of its old state', async () => {
    const { world, ana, ben, cy, all } = await three()
    const old = ben.group
    const made = await world.commit(ana, { removeLeaves: [ben.group.ownLeaf] })
    const seen = await world.receive(cy, made.frame)
    expect(seen).toMatchObject({ kind: 'commit', selfRemoved: false, removed: [{ device: ben.identity.device }] })
    ana.group = made.next
    const { frame } = await seal(ana.group, text('without Ben'))
    expect(await receive(cy.group, frame, { bundles: world.bundles })).toMatchObject({ kind: 'application' })
    expect(await receive(old, frame, { bundles: world.bundles })).toEqual({ kind: 'refused', reason: 'future-epoch' })
    expect(await guessedAuthenticator(old, ana.group)).not.toEqual(ana.group.authenticator)

    const told = await world.receive(ben, made.frame)
    expect(told).toMatchObject({ kind: 'commit', selfRemoved: true })
    expect(ben.group.removed).toBe(true)
    await expect(seal(ben.group, text('hello?'))).rejects.toThrow('removed')
    expect(await receive(ben.group, frame, { bundles: world.bundles })).toEqual({ kind: 'refused', reason: 'removed' })
    expect(all).toHaveLength(3)
  })

  it('[CR1] and the attack is a real one: it opens an epoch that came without a path', async () => {
    const world = new World('lobby' as World['address'])
    const [ana, ben] = (await world.room(2)) as [Member, Member]
    const old = ben.group
    await world.admit(ana, [ben])
    expect(await guessedAuthenticator(old, ana.group)).toEqual(ana.group.authenticator)
    await world.apply(ana, [ben], {})
    expect(await guessedAuthenticator(old, ana.group)).not.toEqual(ana.group.authenticator)
  })

  it('[CR2] a removal voids all invites in the same commit, and receivers insist on it', async () => {
    const { world, ana, ben, cy } = await three()
    const remove = { proposalType: 'remove', remove: { removed: ben.group.ownLeaf } } as const
    const kept = await forge(ana, [remove])
    expect(reasonOf(await receive(cy.group, kept.frame, { bundles: world.bundles }))).toBe('invites-outlive-removal')
    const fresh = newInvite(random, { expiresMs: nowMs + dayMs, mode: 'link' })
    const renewed = await forge(ana, [remove, extensionsOf(ana.group, [fresh])])
    expect(reasonOf(await receive(cy.group, renewed.frame, { bundles: world.bundles }))).toBe('invites-outlive-removal')
    await world.apply(ana, [cy], { removeLeaves: [ben.group.ownLeaf] })
    expect(cy.group.invites).toEqual([])
    await world.apply(cy, [ana], { invites: [fresh] })
    expect(ana.group.invites.map(({ id }) => id)).toEqual([fresh.id])
  })

  it('[CR3] a device comes back with one commit that removes its old leaf, and the invites live on', async () => {
    const { world, ana, ben, cy } = await three()
    const made = await world.knock(ben.identity)
    const done = await world.commit(ana, { removeLeaves: [ben.group.ownLeaf], add: [made.keyPackage] })
    const seen = await world.receive(cy, done.frame)
    expect(seen).toMatchObject({ kind: 'commit', added: [], removed: [], rejoined: [ben.identity.device] })
    const back = await world.enter(ben.identity, made, done.welcome!)
    expect(back.group.authenticator).toEqual(cy.group.authenticator)
    expect(cy.group.invites).toHaveLength(1)
    expect(await guessedAuthenticator(ben.group, cy.group)).not.toEqual(cy.group.authenticator)
    // Its old state sees the same commit, though the leaf is not blank behind it.
    const told = await receive(ben.group, done.frame, { bundles: world.bundles })
    expect(told).toMatchObject({ kind: 'commit', selfRemoved: true, removed: [], rejoined: [ben.identity.device] })
  })

  it('[NC3] who has a leaf but never came in is added anew by its link, whose key vouches for the group', async () => {
    const world = new World()
    const ana = await world.found({ usesLeft: 2 })
    const link = ana.group.invites[0]!
    const ben = await world.device()
    const lost = await world.knock(ben, link)
    await world.apply(ana, [ana], { add: [lost.keyPackage] }) // its Welcome reaches nobody
    const removeLeaves = ana.group.members.filter(({ device }) => device === ben.device).map(({ leaf }) => leaf)
    const again = (keyPackage: Uint8Array<ArrayBuffer>) => ({ removeLeaves, add: [keyPackage] })
    const deps = { bundles: world.bundles, nowMs }
    expect(reasonOf(await commit(ana.group, again(lost.keyPackage), deps))).toBe('duplicate-device')
    const made = await world.knock(ben, link)
    const bare = await forge(ana, [
      { proposalType: 'remove', remove: { removed: removeLeaves[0]! } },
      addOf(made.keyPackage),
    ])
    await expect(world.enter(ben, made, bare.welcome!, link)).rejects.toThrow('link-psk-missing')
    const welcome = await world.apply(ana, [ana], again(made.keyPackage))
    const inside = await world.enter(ben, made, welcome, link)
    expect(inside.group.authenticator).toEqual(ana.group.authenticator)
    expect(ana.group.invites).toMatchObject([{ usesLeft: 1 }]) // it was counted when the leaf was added
    // A member who has no link in its request is added again without its key, as ever.
    const later = await world.knock(ben)
    const plain = await world.commit(ana, { removeLeaves: [inside.group.ownLeaf], add: [later.keyPackage] })
    await expect(world.enter(ben, later, plain.welcome!, link)).rejects.toThrow('link-psk-missing')
    await world.enter(ben, later, plain.welcome!)
  })

  it('[CR3] nobody else comes back in its place, and no leaf is removed by itself', async () => {
    const { world, ana, ben, cy } = await three()
    const stranger = await world.device()
    const made = await world.knock(stranger)
    const remove = { proposalType: 'remove', remove: { removed: ben.group.ownLeaf } } as const
    const swapped = await forge(cy, [remove, addOf(made.keyPackage), extensionsOf(cy.group, [])])
    expect(reasonOf(await receive(ana.group, swapped.frame, { bundles: world.bundles }))).toBe('may-not-remove')
    const none = await commit(ana.group, { removeLeaves: [7] }, { bundles: world.bundles, nowMs })
    expect(reasonOf(none)).toBe('bad-remove')
    const self = await commit(ana.group, { removeLeaves: [ana.group.ownLeaf] }, { bundles: world.bundles, nowMs })
    expect(reasonOf(self)).toBe('bad-remove')
  })
})

describe('admission', () => {
  it('[CR4] one commit admits thirty, and all of them agree', async () => {
    const world = new World()
    const members = await world.room(31)
    for (const { group } of members) {
      expect(group.authenticator).toEqual(members[0]!.group.authenticator)
      expect(group.members).toHaveLength(31)
    }
    const sealed = await seal(members[30]!.group, text('all here?'))
    const got = await world.receive(members[0]!, sealed.frame)
    expect(got).toMatchObject({ kind: 'application', sender: { device: members[30]!.identity.device } })
  }, 30_000)

  it('[CR5] somebody without a proof is let in by those who may admit, and by nobody else', async () => {
    const { world, ana, ben, cy, all } = await three()
    await world.apply(ana, all, { settings: { ...ana.group.settings!, admitBy: 'admins' } })
    const stranger = await world.device()
    const made = await world.knock(stranger)
    const deps = { bundles: world.bundles, nowMs }
    expect(reasonOf(await commit(ben.group, { add: [made.keyPackage] }, deps))).toBe('not-invited')
    const forged = await forge(ben, [addOf(made.keyPackage)])
    expect(reasonOf(await receive(cy.group, forged.frame, { bundles: world.bundles }))).toBe('not-invited')
    const welcome = await world.apply(ana, all, { add: [made.keyPackage] })
    const dan = await world.enter(stranger, made, welcome)
    expect(dan.group.authenticator).toEqual(cy.group.authenticator)
  })

  it('[CR6] a proof is worth nothing in another room, on another leaf or after the invite is gone', async () => {
    const { world, ana, ben, cy } = await three()
    const other = new World()
    const link = ana.group.invites[0]!
    const stranger = await world.device()
    const deps = { bundles: world.bundles, nowMs }
    const shown = { secret: link.secret, expiresMs: nowMs + dayMs }
    const elsewhere = await makeKeyPackage(stranger, { nowMs, invite: { rid: other.address, ...shown } })
    expect(reasonOf(await commit(ana.group, { add: [elsewhere.keyPackage] }, deps))).toBe('bad-invite-proof')

    const good = addOf((await world.knock(stranger, link)).keyPackage)
    const bare = addOf((await world.knock(stranger)).keyPackage)
    if (good.proposalType !== 'add' || bare.proposalType !== 'add') throw new Error('no Add')
    const { extensions } = good.add.keyPackage
    const moved = { proposalType: 'add', add: { keyPackage: { ...bare.add.keyPackage, extensions } } } as const
    const { pskId, psk } = deriveInvite(world.address, link.secret)
    // The KeyPackage's own signature no longer holds, so no member could even assemble it.
    await expect(forge(ana, [moved, pskOf(pskId)], new Map([[pskId, psk]]))).rejects.toThrow('signature')

    await world.apply(ana, [cy], { removeLeaves: [ben.group.ownLeaf] })
    const late = await world.knock(stranger, link)
    expect(reasonOf(await commit(ana.group, { add: [late.keyPackage] }, deps))).toBe('unknown-invite')
  })

  it('[CR7] who was invited comes in with the link key or not at all', async () => {
    const { world, ana, cy } = await three()
    const link = ana.group.invites[0]!
    const guest = await world.device()
    const made = await world.knock(guest, link)
    const without = await forge(ana, [addOf(made.keyPackage)])
    expect(reasonOf(await receive(cy.group, without.frame, { bundles: world.bundles }))).toBe('link-psk-missing')
    const options = { expect: { purpose: 'room', address: world.address } as const, bundles: world.bundles }
    const required = { ...options, invite: { secret: link.secret }, requireInvitePsk: true }
    expect(reasonOf(await join(guest, made.secret, without.welcome!, required))).toBe('link-psk-missing')

    const { pskId } = deriveInvite(world.address, link.secret)
    const wrong = await forge(ana, [addOf(made.keyPackage), pskOf(pskId)], new Map([[pskId, random(64)]]))
    expect(reasonOf(await receive(cy.group, wrong.frame, { bundles: world.bundles }))).toBe('bad-confirmation-tag')
    expect(reasonOf(await join(guest, made.secret, wrong.welcome!, required))).toBe('undecryptable')

    const done = await world.commit(ana, { add: [made.keyPackage] })
    expect(reasonOf(await join(guest, made.secret, done.welcome!, { ...options, requireInvitePsk: false }))).toBe(
      'psk-unasked',
    )
    expect(await join(guest, made.secret, done.welcome!, required)).toMatchObject({ ok: true })
    expect(await world.receive(cy, done.frame)).toMatchObject({ kind: 'commit', pskIds: [pskId] })
  })

  it('[CR8] the committer alone judges the clocks of invites, requests, key packages and devices', async () => {
    const world = new World()
    const ana = await world.found({ expiresMs: nowMs + 20 * dayMs })
    const link = ana.group.invites[0]!
    const guest = await world.device()
    const made = await world.knock(guest, link)
    const at = (days: number) =>
      commit(ana.group, { add: [made.keyPackage] }, { bundles: world.bundles, nowMs: nowMs + days * dayMs })
    expect(await at(0.5)).toMatchObject({ ok: true })
    expect(reasonOf(await at(2))).toBe('request-expired')
    expect(reasonOf(await at(25))).toBe('invite-expired')
    expect(reasonOf(await at(31))).toBe('key-package-expired')
    expect(reasonOf(await at(-1))).toBe('key-package-expired')
    const aged = await world.device({ atMs: nowMs - 364.5 * dayMs })
    const request = await world.knock(aged, link)
    const tomorrow = { bundles: world.bundles, nowMs: nowMs + 0.8 * dayMs }
    expect(reasonOf(await commit(ana.group, { add: [request.keyPackage] }, tomorrow))).toBe('device-expired')
    await expect(commit(ana.group, {}, { bundles: world.bundles, nowMs: Number.NaN })).rejects.toThrow('time')
  })

  it('[CR72] a record’s time bounds when a device comes in: a member comes back and into pair groups after it', async () => {
    const world = new World()
    const ana = await world.found()
    const [ben] = (await world.admit(ana, [ana])) as [Member]
    const yearsOn = nowMs + 800 * dayMs
    const deps = { bundles: world.bundles, nowMs: yearsOn }
    const offered = async (identity: DeviceIdentity) => (await makeKeyPackage(identity, { nowMs: yearsOn })).keyPackage
    const again = await offered(ben.identity)
    const { leaf } = ana.group.members.find(({ device }) => device === ben.identity.device)!
    const back = await commit(ana.group, { add: [again], removeLeaves: [leaf] }, deps)
    if (!back.ok) throw new Error(back.reason)
    expect(await world.receive(ben, back.frame)).toMatchObject({ kind: 'commit', selfRemoved: true })
    const pair = await createPairGroup(ana.identity, { peer: ben.identity.device, nowMs: yearsOn, random })
    expect(await commit(pair, { add: [again] }, deps)).toMatchObject({ ok: true })
    // Who was a member only in an epoch before comes in like anybody else.
    const out = await world.commit(ana, { removeLeaves: [leaf] })
    expect(reasonOf(await commit(out.next, { add: [again] }, deps))).toBe('device-expired')
  })

  it('[CR9] an invite with a number of uses counts down and ends', async () => {
    const world = new World()
    const ana = await world.found({ usesLeft: 3 })
    const ben = (await world.admit(ana, [ana], 2))[0]!
    expect(ben.group.invites[0]!.usesLeft).toBe(1)
    const both = await Promise.all([1, 2].map(async () => world.knock(await world.device(), ben.group.invites[0])))
    const deps = { bundles: world.bundles, nowMs }
    const add = both.map(({ keyPackage }) => keyPackage)
    expect(reasonOf(await commit(ben.group, { add }, deps))).toBe('invite-used-up')
    await world.admit(ben, [ana])
    expect(ana.group.invites).toEqual([])
  })

  it('[CR10] a second leaf of a device is refused by committer and receivers', async () => {
    const { world, ana, ben, cy } = await three()
    const again = await world.knock(ben.identity, ana.group.invites[0])
    const deps = { bundles: world.bundles, nowMs }
    expect(reasonOf(await commit(ana.group, { add: [again.keyPackage] }, deps))).toBe('duplicate-device')
    const { pskId, psk } = deriveInvite(world.address, ana.group.invites[0]!.secret)
    const forged = await forge(ana, [addOf(again.keyPackage), pskOf(pskId)], new Map([[pskId, psk]]))
    expect(reasonOf(await receive(cy.group, forged.frame, { bundles: world.bundles }))).toBe('duplicate-device')
    const guest = await world.device()
    const add = [await world.knock(guest, ana.group.invites[0]), await world.knock(guest, ana.group.invites[0])]
    const twice = await commit(ana.group, { add: add.map(({ keyPackage }) => keyPackage) }, deps)
    expect(reasonOf(twice)).toBe('duplicate-device')
    // Several devices of one person are fine.
    const second = await world.device({ personKeys: world.creatorKeys })
    const made = await world.knock(second, ana.group.invites[0])
    const seen = await world.receive(cy, (await world.commit(ana, { add: [made.keyPackage] })).frame)
    expect(seen).toMatchObject({ kind: 'commit', added: [{ person: ana.identity.person }] })
  })

  it('[CR11] a device of another room comes in nowhere', async () => {
    const { world, ana } = await three()
    const other = new World()
    const foreign = await world.device({ room: other.address })
    const made = await world.knock(foreign, ana.group.invites[0])
    const deps = { bundles: world.bundles, nowMs }
    expect(reasonOf(await commit(ana.group, { add: [made.keyPackage] }, deps))).toBe('wrong-room')
  })

  it('[CR12] a missing bundle is asked for and refuses nothing', async () => {
    const { world, ana, cy } = await three()
    const guest = await world.device()
    const made = await world.knock(guest, ana.group.invites[0])
    const done = await world.commit(ana, { add: [made.keyPackage] })
    world.forget(guest)
    const waiting = await world.receive(cy, done.frame)
    expect(waiting).toEqual({ kind: 'missing-bundles', credentials: [guest.credential] })
    const options = { expect: { purpose: 'room' } as const, invite: { secret: ana.group.invites[0]!.secret } }
    const early = await join(guest, made.secret, done.welcome!, {
      ...options,
      requireInvitePsk: true,
      bundles: world.bundles,
    })
    expect(early).toMatchObject({ ok: false, reason: 'missing-bundles', missing: [guest.credential] })
    const uncommitted = await commit(ana.group, { add: [made.keyPackage] }, { bundles: world.bundles, nowMs })
    expect(uncommitted).toMatchObject({ ok: false, reason: 'missing-bundles' })
  })

  it('[CR13] the Welcome of another room, key package or device opens nothing', async () => {
    const { world, ana } = await three()
    const link = ana.group.invites[0]!
    const guest = await world.device()
    const made = await world.knock(guest, link)
    const done = await world.commit(ana, { add: [made.keyPackage] })
    const options = {
      expect: { purpose: 'room', address: world.address } as const,
      invite: { secret: link.secret },
      requireInvitePsk: true,
      bundles: world.bundles,
    }
    const other = new World()
    const wrongRoom = { ...options, expect: { purpose: 'room', address: other.address } as const }
    expect(reasonOf(await join(guest, made.secret, done.welcome!, wrongRoom))).toBe('wrong-room')
    const pair = { ...options, expect: { purpose: 'pair' } as const }
    expect(reasonOf(await join(guest, made.secret, done.welcome!, pair))).toBe('wrong-purpose')
    const again = await world.knock(guest, link)
    expect(reasonOf(await join(guest, again.secret, done.welcome!, options))).toBe('not-for-this-key-package')
    const someone = await world.device()
    expect(reasonOf(await join(someone, made.secret, done.welcome!, options))).toBe('bad-key-package')
    expect(reasonOf(await join(guest, made.secret, random(300), options))).toBe('bad-frame')
    expect(reasonOf(await join(guest, made.secret, done.frame, options))).toBe('wrong-frame-type')
  })

  it('[CR14] an open room lets any member add anybody, and its group id is its own', async () => {
    const world = new World('lobby' as World['address'])
    const [ana, ben] = (await world.room(2)) as [Member, Member]
    const [cy] = await world.admit(ben, [ana])
    expect(cy!.group.authenticator).toEqual(ana.group.authenticator)
    expect(cy!.group.purpose).toMatchObject({ kind: 'room', roomKind: 'open', address: 'lobby' })
    const invite = newInvite(random, { expiresMs: nowMs + dayMs, mode: 'link' })
    const deps = { bundles: world.bundles, nowMs }
    expect(reasonOf(await commit(ana.group, { invites: [invite] }, deps))).toBe('bad-extensions')
  })

  it('[CR15] newcomers of one commit share one link, since each of them has only that key', async () => {
    const { world, ana, ben, cy } = await three()
    const second = newInvite(random, { expiresMs: nowMs + dayMs, mode: 'link' })
    await world.apply(ana, [ben, cy], { invites: [...ana.group.invites, second] })
    const [one, two] = ana.group.invites
    const add = [await world.knock(await world.device(), one), await world.knock(await world.device(), two)]
    const deps = { bundles: world.bundles, nowMs }
    const mixed = await commit(ana.group, { add: add.map(({ keyPackage }) => keyPackage) }, deps)
    expect(reasonOf(mixed)).toBe('mixed-invites')
    const back = await world.knock(ben.identity)
    const both = { add: [add[0]!.keyPackage, back.keyPackage], removeLeaves: [ben.group.ownLeaf] }
    expect(reasonOf(await commit(ana.group, both, deps))).toBe('mixed-invites')
  })

  it('[CR16] the purpose of a group never changes, and nothing else joins its extensions', async () => {
    const { world, ana, cy } = await three()
    const purpose = { ...ana.group.purpose, nonce: random(16) } as Group['purpose']
    const changed = await forge(ana, [extensionsOf({ ...ana.group, purpose }, [])])
    expect(reasonOf(await receive(cy.group, changed.frame, { bundles: world.bundles }))).toBe('bad-extensions')
    const more = extensionsOf(ana.group, [])
    if (more.proposalType !== 'group_context_extensions') throw new Error('no extensions')
    more.groupContextExtensions.extensions.push({ extensionType: 0xf3ff, extensionData: new Uint8Array(0) })
    const grown = await forge(ana, [more])
    expect(reasonOf(await receive(cy.group, grown.frame, { bundles: world.bundles }))).toBe('bad-extensions')
  })
})

describe('key packages', () => {
  it('[CR17] a key package that lives longer than 90 days is refused, without any clock', async () => {
    const { inspectKeyPackage } = await import('./index.ts')
    const { generateKeyPackageWithKey } = await import('ts-mls')
    const { capabilities } = await import('./extensions.ts')
    const { encodeFrame } = await import('./frames.ts')
    const world = new World()
    const identity = await world.device()
    const keys = { publicKey: identity.bundle.record.mlsSignatureKey, signKey: identity.secrets.mls }
    const seconds = BigInt(nowMs / 1000)
    const living = async (days: bigint) => {
      const { publicPackage } = await generateKeyPackageWithKey(
        { credentialType: 'basic', identity: identity.credential },
        capabilities,
        { notBefore: seconds, notAfter: seconds + days * 86_400n },
        [],
        keys,
        suite,
      )
      return encodeFrame({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: publicPackage })
    }
    expect(await inspectKeyPackage(await living(90n))).toBeDefined()
    expect(await inspectKeyPackage(await living(91n))).toBeUndefined()
    const made = await makeKeyPackage(identity, { nowMs, lastResort: true })
    const shown = await inspectKeyPackage(made.keyPackage, nowMs)
    expect(shown).toMatchObject({ lastResort: true, credential: identity.credential })
    expect(shown!.notAfterMs - shown!.notBeforeMs).toBe(30 * dayMs + 3_600_000)
    expect(await inspectKeyPackage(made.keyPackage, nowMs + 31 * dayMs)).toBeUndefined()
    expect(await inspectKeyPackage(new Uint8Array([...made.keyPackage, 0]))).toBeUndefined()
    for (let at = 0; at < made.keyPackage.length; at += 97) {
      const bent = made.keyPackage.slice()
      bent[at]! ^= 1
      expect(await inspectKeyPackage(bent), `byte ${at}`).toBeUndefined()
    }
  })
})
