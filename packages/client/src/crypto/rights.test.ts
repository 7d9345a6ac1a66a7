import { describe, expect, it } from 'vitest'
import {
  type CommitIntent,
  commit,
  decodeSettings,
  encodeSettings,
  foundingSettings,
  newInvite,
  personKeysOf,
  type RoomSettings,
  receive,
  roleIn,
  signLeave,
  withAdmin,
  withOwner,
} from './index.ts'
import { addOf, dayMs, extensionsOf, forge, type Member, nowMs, random, World } from './test-world.ts'

const reasonOf = (result: object) => ('reason' in result ? result.reason : result)

interface Room {
  world: World
  ana: Member
  ben: Member
  cy: Member
  all: Member[]
}

/** Ana owns the room, Ben is an admin where a test says so, Cy is a member. */
async function room(settings: Partial<RoomSettings> = {}, benIsAdmin = false): Promise<Room> {
  const world = new World()
  const all = await world.room(3)
  const [ana, ben, cy] = all as [Member, Member, Member]
  const base = { ...ana.group.settings!, ...settings }
  const wanted = benIsAdmin ? withAdmin(base, ben.identity.person, true) : base
  if (benIsAdmin || Object.keys(settings).length > 0) await world.apply(ana, all, { settings: wanted })
  return { world, ana, ben, cy, all }
}

function tries({ world }: Room, by: Member, intent: CommitIntent): Promise<unknown> {
  return commit(by.group, intent, { bundles: world.bundles, nowMs }).then(reasonOf)
}

/** What the others say to such a commit of somebody who made it against the rules. */
async function refusals(
  { world, all }: Room,
  by: Member,
  ...proposals: Parameters<typeof forge>[1]
): Promise<unknown[]> {
  const { frame } = await forge(by, proposals)
  const others = all.filter((member) => member !== by)
  return Promise.all(
    others.map(async (member) => reasonOf(await receive(member.group, frame, { bundles: world.bundles }))),
  )
}

const removeOf = (member: Member) => ({ proposalType: 'remove', remove: { removed: member.group.ownLeaf } }) as const

describe('putting out', () => {
  it('[MB1] the owner puts anybody out, an admin a member, a member nobody', async () => {
    const one = await room({}, true)
    const { world, ana, ben, cy } = one
    for (const [by, whom] of [
      [cy, ana],
      [cy, ben],
      [ben, ana],
    ] as const) {
      expect(await tries(one, by, { removeLeaves: [whom.group.ownLeaf] })).toBe('may-not-remove')
      const said = await refusals(one, by, removeOf(whom), extensionsOf(by.group, []))
      expect(said.filter((reason) => reason === 'may-not-remove')).toHaveLength(2)
    }
    await world.apply(ben, [ana, ben], { removeLeaves: [cy.group.ownLeaf] })
    await world.apply(ana, [ana], { removeLeaves: [ben.group.ownLeaf] })
    expect(ana.group.members).toHaveLength(1)
  })

  it('[MB2] who said goodbye is taken out by any member, and nobody by another’s goodbye', async () => {
    const one = await room()
    const { world, ana, ben, cy } = one
    const leaf = ben.group.ownLeaf
    const signature = await signLeave(ben.identity, ben.group.groupId)
    const foreign = await signLeave(cy.identity, cy.group.groupId)
    const elsewhere = await signLeave(ben.identity, random(16))
    for (const wrong of [foreign, elsewhere, signature.slice(1)]) {
      expect(await tries(one, cy, { removeLeaves: [leaf], leaveProofs: [{ leaf, signature: wrong }] })).toBe(
        'bad-leave-proof',
      )
    }
    // A goodbye without a removal would be a word for nothing, and one for somebody who stays a lie.
    expect(await tries(one, cy, { leaveProofs: [{ leaf, signature }] })).toBe('bad-leave-proof')
    await world.apply(cy, [ana, cy], { removeLeaves: [leaf], leaveProofs: [{ leaf, signature }] })
    expect(ana.group.members.map(({ device }) => device)).not.toContain(ben.identity.device)
  })

  it('[MB3] a person takes out the other devices of its own, and nobody else’s', async () => {
    const one = await room()
    const { world, ana, ben, cy, all } = one
    const second = await world.device({ personKeys: personKeysOf(ben.identity) })
    const made = await world.knock(second)
    await world.apply(ben, all, { add: [made.keyPackage] })
    const leaf = ben.group.members.find(({ device }) => device === second.device)!.leaf
    expect(await tries(one, cy, { removeLeaves: [leaf] })).toBe('may-not-remove')
    await world.apply(ben, all, { removeLeaves: [leaf] })
    expect(ana.group.members).toHaveLength(3)
  })
})

describe('letting in', () => {
  it('[MB4] a locked room takes nobody new, by whatever way, and its people’s own devices all the same', async () => {
    const one = await room({ locked: true })
    const { world, ana, ben, all } = one
    const [stranger, invite] = [await world.device(), ana.group.invites[0]!]
    const invited = await world.knock(stranger, invite)
    const knocks = await world.knock(stranger)
    for (const made of [invited, knocks]) {
      expect(await tries(one, ana, { add: [made.keyPackage] })).toBe('room-locked')
      const said = await refusals(one, ana, addOf(made.keyPackage))
      expect(said).toEqual(['room-locked', 'room-locked'])
    }
    const own = await world.knock(await world.device({ personKeys: personKeysOf(ben.identity) }))
    expect(await tries(one, ana, { add: [own.keyPackage] })).toBe('room-locked')
    await world.apply(ben, all, { add: [own.keyPackage] })
    // Open again, the same link serves.
    await world.apply(ana, all, { settings: { ...ana.group.settings!, locked: false } })
    await world.apply(ben, all, { add: [invited.keyPackage] })
    expect(ana.group.members).toHaveLength(5)
  })

  it('[MB5] a room is full when it holds as many persons as agreed, whoever commits', async () => {
    const one = await room({ capacity: 3 })
    const { world, ana, ben, cy, all } = one
    const fourth = await world.knock(await world.device(), ana.group.invites[0]!)
    expect(await tries(one, ana, { add: [fourth.keyPackage] })).toBe('room-full')
    const own = await world.knock(await world.device({ personKeys: personKeysOf(ben.identity) }))
    await world.apply(ben, all, { add: [own.keyPackage] })
    // Somebody out and somebody in is still full, not over it.
    await world.apply(
      ana,
      all.filter((member) => member !== cy),
      { removeLeaves: [cy.group.ownLeaf] },
    )
    await world.apply(ana, [ana, ben], {
      invites: [newInvite(random, { expiresMs: nowMs + dayMs, mode: 'link' })],
    })
    const next = await world.knock(await world.device(), ana.group.invites[0]!)
    await world.apply(ben, [ana, ben], { add: [next.keyPackage] })
    expect(new Set(ana.group.members.map(({ person }) => person)).size).toBe(3)
  })

  it('[MB6] an invite that asks for approval is committed by who may admit alone', async () => {
    const one = await room({ admitBy: 'admins' })
    const { world, ana, cy, all } = one
    const invite = newInvite(random, { expiresMs: nowMs + dayMs, mode: 'approve' })
    await world.apply(ana, all, { invites: [invite] })
    const made = await world.knock(await world.device(), invite)
    expect(await tries(one, cy, { add: [made.keyPackage] })).toBe('needs-approval')
    await world.apply(ana, all, { add: [made.keyPackage] })
    expect(cy.group.members).toHaveLength(4)
  })

  it('[MB7] links are made and revoked by who may admit, and every use is counted by everybody', async () => {
    const one = await room({ admitBy: 'admins' })
    const { world, ana, ben, cy, all } = one
    const mine = newInvite(random, { expiresMs: nowMs + dayMs, mode: 'link' })
    expect(await tries(one, cy, { invites: [mine] })).toBe('may-not-invite')
    expect(await tries(one, cy, { invites: [] })).toBe('may-not-invite')
    const said = await refusals(one, cy, extensionsOf(cy.group, [mine]))
    expect(said).toEqual(['may-not-invite', 'may-not-invite'])
    await world.apply(ana, all, { invites: [{ ...mine, usesLeft: 2 }] })
    // A member lets somebody in by it: the use is taken off, or the commit does not hold.
    const made = await world.knock(await world.device(), mine)
    expect(await tries(one, cy, { add: [made.keyPackage], invites: [{ ...mine, usesLeft: 2 }] })).toBe('may-not-invite')
    await world.apply(cy, all, { add: [made.keyPackage] })
    expect(ben.group.invites).toMatchObject([{ usesLeft: 1 }])
    const again = await world.knock(await world.device(), mine)
    const uncounted = { add: [again.keyPackage], invites: [{ ...mine, usesLeft: 1 }] }
    expect(await tries(one, ana, uncounted)).toBe('uses-not-counted')
    await world.apply(ana, all, { invites: [] })
    expect(await tries(one, ana, { add: [again.keyPackage] })).toBe('unknown-invite')
  })
})

describe('what the room agrees on', () => {
  it('[MB8] an admin locks, sets the capacity and who admits; the owner alone names admins, hands over and ends', async () => {
    const one = await room({}, true)
    const { world, ana, ben, cy, all } = one
    const now = ana.group.settings!
    const shared: RoomSettings[] = [
      { ...now, locked: true },
      { ...now, capacity: 5 },
      { ...now, admitBy: 'admins' },
      { ...now, quantum: 'required' },
      { ...now, keepSealed: 14 },
      { ...now, lifetimeS: 3_600 },
      { ...now, title: 'Book club' },
    ]
    const owners = [
      withAdmin(now, cy.identity.person, true),
      withOwner(now, cy.identity.person),
      { ...now, ended: true },
    ]
    for (const settings of [...shared, ...owners]) {
      expect(await tries(one, cy, { settings })).toBe('may-not-change-room')
      const said = await refusals(one, cy, extensionsOf(cy.group, cy.group.invites, settings))
      expect(said).toEqual(['may-not-change-room', 'may-not-change-room'])
    }
    for (const settings of owners) expect(await tries(one, ben, { settings })).toBe('may-not-change-room')
    for (const settings of shared) expect(await tries(one, ben, { settings })).toHaveProperty('ok', true)
    expect(await tries(one, ana, { settings: withOwner(now, 'AAAAAAAAAAAAAAAAAAAAAA') })).toBe('not-a-member')
    // An admin may give it up, and not take it from somebody.
    await world.apply(ben, all, { settings: withAdmin(now, ben.identity.person, false) })
    expect(roleIn(cy.group.settings!, cy.group.members, ben.identity.person)).toBe('member')
    await world.apply(ana, all, { settings: withOwner(ana.group.settings!, cy.identity.person) })
    expect(cy.group.settings).toMatchObject({ owner: cy.identity.person, admins: [ana.identity.person] })
  })

  it('[MB9] without an owner its admins lead the room, and without those everyone in it', async () => {
    const one = await room({}, true)
    const { world, ana, ben, cy } = one
    const bye = (member: Member) => signLeave(member.identity, member.group.groupId)
    const leaf = ana.group.ownLeaf
    await world.apply(ben, [ben, cy], { removeLeaves: [leaf], leaveProofs: [{ leaf, signature: await bye(ana) }] })
    const now = ben.group.settings!
    expect(await tries(one, cy, { settings: withOwner(now, cy.identity.person) })).toBe('may-not-change-room')
    expect(await tries(one, ben, { settings: withOwner(now, ben.identity.person) })).toHaveProperty('ok', true)
    const benLeaf = ben.group.ownLeaf
    await world.apply(cy, [cy], {
      removeLeaves: [benLeaf],
      leaveProofs: [{ leaf: benLeaf, signature: await bye(ben) }],
    })
    expect(roleIn(cy.group.settings!, cy.group.members, cy.identity.person)).toBe('admin')
    expect(await tries(one, cy, { settings: withOwner(cy.group.settings!, cy.identity.person) })).toHaveProperty(
      'ok',
      true,
    )
  })

  it('[MB10] nothing follows the end of a room', async () => {
    const one = await room()
    const { world, ana, ben, all } = one
    await world.apply(ana, all, { settings: { ...ana.group.settings!, ended: true } })
    expect(await tries(one, ben, {})).toBe('room-ended')
    expect(await refusals(one, ana)).toEqual(['room-ended', 'room-ended'])
  })

  it('[MB11] [PQ1] settings have one spelling, and senseless ones are none', () => {
    const [owner, one, two] = [0x10, 0x20, 0x30].map((byte) => new Uint8Array(16).fill(byte)) as Uint8Array[]
    const name = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
    const settings = { ...foundingSettings(name(owner!), 30), admins: [name(one!), name(two!)].sort(), locked: true }
    const bytes = encodeSettings(settings)
    expect(decodeSettings(bytes)).toEqual(settings)
    expect(decodeSettings(new Uint8Array([...bytes, 0]))).toBeUndefined()
    expect(decodeSettings(bytes.slice(0, -1))).toBeUndefined()
    const required = { ...settings, quantum: 'required' as const }
    expect(decodeSettings(encodeSettings(required))).toEqual(required)
    const flags = encodeSettings(settings)
    flags[flags.length - 3]! |= 0x80 // a rule that this version does not know
    expect(decodeSettings(flags)).toBeUndefined()
    for (const bad of [
      { ...settings, admins: [...settings.admins].reverse() },
      { ...settings, admins: [name(owner!)] },
      { ...settings, capacity: 1 },
      { ...settings, capacity: 65_535 },
    ]) {
      expect(decodeSettings(encodeSettings(bad))).toBeUndefined()
    }
  })
})
