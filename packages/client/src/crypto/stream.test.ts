import { toBase64Url } from '@qsec/protocol'
import { createCommit, createGroupInfoWithExternalPubAndRatchetTree, createProposal, encodeMlsMessage } from 'ts-mls'
import { beforeEach, describe, expect, it } from 'vitest'
import { paddedLength } from './frames.ts'
import {
  commit,
  decodeGroup,
  encodeGroup,
  eraseGroup,
  exportSecret,
  frameHash,
  type Group,
  type PskSource,
  receive,
  seal,
} from './index.ts'
import { stateOf } from './state.ts'
import { suite } from './suite.ts'
import {
  bentPath,
  extensionsOf,
  externalCommit,
  forge,
  libraryStateOf,
  type Member,
  nowMs,
  pskOf,
  random,
  reinitTo,
  sealAs,
  World,
} from './test-world.ts'

const text = (content: string) => new TextEncoder().encode(content)
const refused = (reason: string) => ({ kind: 'refused', reason })

let world: World
let ana: Member
let ben: Member
let cy: Member
let all: Member[]

beforeEach(async () => {
  world = new World()
  all = await world.room(3)
  ;[ana, ben, cy] = all as [Member, Member, Member]
})

async function say(by: Member, content: string): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = await seal(by.group, text(content))
  by.group = sealed.group
  return sealed.frame
}

/** The member still agrees with Ana: a message passes each way. */
async function goesOn(member: Member): Promise<void> {
  expect(await world.receive(member, await say(ana, 'on we go'))).toMatchObject({ kind: 'application' })
  expect(await world.receive(ana, await say(member, 'here too'))).toMatchObject({ kind: 'application' })
}

const read = (group: Group, frame: Uint8Array, psks?: PskSource) =>
  receive(group, frame, { bundles: world.bundles, ...(psks ? { psks } : {}) })

describe('messages', () => {
  it('[CR20] the sender is the leaf that signed, and the associated data comes along', async () => {
    const { frame } = await seal(ben.group, text('it is me'), text('seq 4'))
    const got = await read(cy.group, frame)
    expect(got).toMatchObject({ kind: 'application', content: text('it is me'), aad: text('seq 4') })
    expect(got).toMatchObject({ sender: { leaf: ben.group.ownLeaf, device: ben.identity.device } })
  })

  it('[CR20] nobody speaks from another leaf', async () => {
    // Ana has all of Ben's ratchet, as every member does, and lacks only his signature key.
    const frame = await sealAs(ben.group.ownLeaf, ana.group, text('I am Ben'))
    expect(await read(cy.group, frame)).toEqual(refused('bad-signature'))
    expect(await read(ben.group, frame)).toEqual(refused('own-frame'))
    await goesOn(cy)
  })

  it('[CR21] an own frame, a replay, another group and another epoch are refused by name', async () => {
    const frame = await say(ana, 'once')
    expect(await read(ana.group, frame)).toEqual(refused('own-frame'))
    expect(await world.receive(cy, frame)).toMatchObject({ kind: 'application' })
    expect(await read(cy.group, frame)).toEqual(refused('replayed'))
    const late = await say(ana, 'of the old epoch')
    const other = await new World().found()
    expect(await read(other.group, frame)).toEqual(refused('other-group'))
    await world.apply(ben, all, {})
    expect(await read(cy.group, late)).toEqual(refused('stale-epoch'))
    await goesOn(cy)
  })

  it('[CR22] a frame has one spelling: nothing may trail, and no byte may differ', async () => {
    const frame = await say(ana, 'exactly this')
    expect(await read(cy.group, new Uint8Array([...frame, 0]))).toEqual(refused('bad-frame'))
    expect(await read(cy.group, frame.subarray(0, -1))).toEqual(refused('bad-frame'))
    expect(await read(cy.group, new Uint8Array(0))).toEqual(refused('bad-frame'))
    // The group id's length in two bytes where one does: the library reads it all the same.
    const longer = new Uint8Array([...frame.subarray(0, 4), 0x40, 0x10, ...frame.subarray(5)])
    expect(frame[4]).toBe(16)
    expect(await read(cy.group, longer)).toEqual(refused('bad-frame'))
    for (let at = 0; at < frame.length; at++) {
      const bent = frame.slice()
      bent[at]! ^= 1 << (at % 8)
      expect(await read(cy.group, bent), `byte ${at}`).toMatchObject({ kind: 'refused' })
    }
    expect(await world.receive(cy, frame)).toMatchObject({ kind: 'application' })
  })

  it('[CR22] likewise for a commit and a Welcome, at sampled places', async () => {
    const guest = await world.device()
    const link = ana.group.invites[0]!
    const made = await world.knock(guest, link)
    const done = await world.commit(ana, { add: [made.keyPackage] })
    const { join } = await import('./index.ts')
    const enter = (welcome: Uint8Array) =>
      join(guest, made.secret, welcome, {
        expect: { purpose: 'room' },
        invite: { secret: link.secret },
        requireInvitePsk: true,
        bundles: world.bundles,
      })
    const bend = (bytes: Uint8Array, at: number) => {
      const bent = bytes.slice()
      bent[at]! ^= 1 << (at % 8)
      return bent
    }
    for (let at = 0; at < done.frame.length; at += 61) {
      expect(await read(cy.group, bend(done.frame, at)), `commit byte ${at}`).toMatchObject({ kind: 'refused' })
    }
    for (let at = 0; at < done.welcome!.length; at += 211) {
      expect(await enter(bend(done.welcome!, at)), `Welcome byte ${at}`).toMatchObject({ ok: false })
    }
    expect(await enter(new Uint8Array([...done.welcome!, 0]))).toMatchObject({ ok: false, reason: 'bad-frame' })
    expect(await world.receive(cy, done.frame)).toMatchObject({ kind: 'commit' })
    expect(await enter(done.welcome!)).toMatchObject({ ok: true })
  })

  it('[CR23] a skipped message leaves nothing behind that would open it or a later one', async () => {
    const withheld = await say(ana, 'withheld')
    const later = await say(ana, 'later')
    const got = await world.receive(cy, later)
    expect(got).toMatchObject({ kind: 'application', content: text('later') })
    expect(await read(cy.group, withheld)).toEqual(refused('replayed'))
    const { application } = stateOf(cy.group).secretTree[ana.group.ownLeaf * 2]!
    expect(application.unusedGenerations).toEqual({})
    expect(application.generation).toBe(2)
    expect(stateOf(cy.group).historicalReceiverData.size).toBe(0)
  })

  it('[CR24] more than 200 lost messages are an error at once, and a commit mends it', async () => {
    for (let i = 0; i < 201; i++) await say(ana, 'lost')
    expect(await read(cy.group, await say(ana, 'too far'))).toEqual(refused('generation-too-far'))
    await world.apply(ana, all, {})
    await goesOn(cy)
  })

  it('[CR25] the length shows the bucket and nothing more', async () => {
    const lengthOf = async (bytes: number) => (await seal(ana.group, new Uint8Array(bytes))).frame.length
    expect(await lengthOf(0)).toBe(await lengthOf(180))
    expect(await lengthOf(1_024)).toBe(await lengthOf(1_900))
    expect(await lengthOf(1_024)).toBeLessThan(await lengthOf(2_100))
    expect([1, 256, 257, 4_096, 4_097, 8_193].map(paddedLength)).toEqual([256, 256, 512, 4_096, 8_192, 12_288])
  })
})

describe('commits', () => {
  it('[CR26] two for one epoch: the loser follows the winner from its base, and others refuse the late one', async () => {
    const [first, second] = [await world.commit(ana, {}), await world.commit(ben, {})]
    expect(first.hash).toEqual(frameHash(first.frame))
    expect(await read(ana.group, first.frame)).toEqual(refused('own-frame'))
    expect(await world.receive(ben, first.frame)).toMatchObject({ kind: 'commit' })
    expect(await world.receive(cy, first.frame)).toMatchObject({ kind: 'commit', hash: first.hash })
    ana.group = first.next
    expect(await read(cy.group, second.frame)).toEqual(refused('stale-epoch'))
    expect(await read(ana.group, second.frame)).toEqual(refused('stale-epoch'))
    await goesOn(cy)
    await goesOn(ben)
  })

  it('[CR27] a refused commit leaves the state as it was, ratchets included', async () => {
    const before = encodeGroup(cy.group)
    const remove = { proposalType: 'remove', remove: { removed: ben.group.ownLeaf } } as const
    const bad = await forge(ana, [remove])
    expect(await read(cy.group, bad.frame)).toEqual(refused('invites-outlive-removal'))
    expect(encodeGroup(cy.group)).toEqual(before)
    const good = await world.commit(ana, {})
    expect(await world.receive(cy, good.frame)).toMatchObject({ kind: 'commit' })
  })

  it('[CR28] external commits, public messages and proposals by themselves are refused', async () => {
    const state = libraryStateOf(ana.group)
    const intrusion = await externalCommit(ana.group, await world.device())
    const info = await createGroupInfoWithExternalPubAndRatchetTree(state, [], suite)
    expect(await read(cy.group, intrusion)).toEqual(refused('wrong-frame-type'))
    const groupInfo = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_group_info', groupInfo: info })
    expect(await read(cy.group, groupInfo)).toEqual(refused('wrong-frame-type'))
    const remove = { proposalType: 'remove', remove: { removed: ben.group.ownLeaf } } as const
    for (const open of [true, false]) {
      const { message } = await createProposal(state, open, remove, suite)
      const reason = open ? 'wrong-frame-type' : 'loose-proposal'
      expect(await read(cy.group, encodeMlsMessage(message))).toEqual(refused(reason))
    }
    const custom = await forge(ana, [{ proposalType: 0xf001, proposalData: random(4) }])
    expect(await read(cy.group, custom.frame)).toEqual(refused('proposal-kind'))
    const moved = await reinitTo(ana.group, suite.name)
    expect(await read(cy.group, moved)).toEqual(refused('proposal-kind'))
    await goesOn(cy)
  })

  it('[CR29] a path that shows other keys than it gives is refused', async () => {
    const bad = await bentPath(ana.group)
    expect(await read(cy.group, bad)).toEqual(refused('bad-path'))
    await goesOn(cy)
  })

  it('[PP33] who copied a device follows the room until that device renews its own path, and not after', async () => {
    const thief: Member = { identity: ben.identity, group: decodeGroup(encodeGroup(ben.group))! }
    const before = await world.commit(ana, {})
    for (const member of [ben, cy, thief]) {
      expect(await world.receive(member, before.frame)).toMatchObject({ kind: 'commit' })
    }
    ana.group = before.next
    expect(await read(thief.group, await say(ana, 'overheard'))).toMatchObject({ content: text('overheard') })

    const renewal = await world.commit(ben, {})
    for (const member of [ana, cy]) expect(await world.receive(member, renewal.frame)).toMatchObject({ kind: 'commit' })
    ben.group = renewal.next
    expect(await read(thief.group, renewal.frame)).toMatchObject({ kind: 'refused' })
    expect(await read(thief.group, await say(ana, 'not for a thief'))).toMatchObject({ kind: 'refused' })
    const next = await world.commit(cy, {})
    expect(await read(thief.group, next.frame)).toMatchObject({ kind: 'refused' })
    const stale = new Set(Object.values(stateOf(thief.group).privatePath.privateKeys).map(toBase64Url))
    const fresh = Object.values(stateOf(ben.group).privatePath.privateKeys).map(toBase64Url)
    expect(fresh.filter((key) => stale.has(key))).toEqual([])
  })
})

describe('external keys', () => {
  const uuid = '0b0e8c3c-6a51-4a63-9b58-0a3a4a1d2c3b'
  const idOf = (group: Group) => `qkdg:${toBase64Url(group.groupId)}:${uuid}`

  it('[CR32] a PSK reaches the epoch through receive, and an empty commit heals after it', async () => {
    const secret = random(32)
    const id = idOf(ana.group)
    await world.apply(ana, all, { psks: [{ id, secret }] }, (wanted) => (wanted === id ? secret : undefined))
    expect(cy.group.authenticator).toEqual(ana.group.authenticator)
    await world.apply(ben, all, {})
    await goesOn(cy)
  })

  it('[CR33] a missing or wrong PSK leaves the state usable, and the right one still opens the commit', async () => {
    const secret = random(32)
    const id = idOf(ana.group)
    const made = await world.commit(ana, { psks: [{ id, secret }] })
    expect(await world.receive(cy, made.frame)).toMatchObject({
      kind: 'missing-psk',
      id,
      sender: { device: ana.identity.device },
    })
    expect(await world.receive(cy, made.frame, () => random(32))).toEqual(refused('bad-confirmation-tag'))
    expect(await world.receive(cy, made.frame, () => new Uint8Array(32))).toEqual(refused('bad-psk'))
    expect(await world.receive(cy, made.frame, () => random(31))).toEqual(refused('bad-psk'))
    const got = await world.receive(cy, made.frame, () => secret)
    expect(got).toMatchObject({ kind: 'commit', pskIds: [id] })
    ana.group = made.next
    await goesOn(cy)
  })

  it('[CR34] a PSK id has one spelling, names this group and stands alone', async () => {
    const secret = random(32)
    const ours = toBase64Url(ana.group.groupId)
    const ids: [string, string][] = [
      [`qkdg:${toBase64Url(random(16))}:${uuid}`, 'bad-psk-id'],
      [`qkdg:${ours}:${uuid.toUpperCase()}`, 'bad-psk-id'],
      [`qkdg:${ours}:${uuid} `, 'bad-psk-id'],
      ['anything', 'bad-psk-id'],
      [`qsec-link/1/${ours}/${ana.group.invites[0]!.id}`, 'link-psk-unasked'],
      [`qsec-link/1/${ours}/x`, 'bad-psk-id'],
    ]
    const deps = { bundles: world.bundles, nowMs }
    for (const [id, reason] of ids) {
      expect(await commit(ana.group, { psks: [{ id, secret }] }, deps), id).toMatchObject({ ok: false, reason })
      const forged = await forge(ana, [pskOf(id)], new Map([[id, secret]]))
      expect(await read(cy.group, forged.frame, () => secret), id).toEqual(refused(reason))
    }
    const id = idOf(ana.group)
    const short = await forge(ana, [pskOf(id, 8)], new Map([[id, secret]]))
    expect(await read(cy.group, short.frame, () => secret)).toEqual(refused('bad-psk-id'))
    const twice = await forge(ana, [pskOf(id), pskOf(id)], new Map([[id, secret]]))
    expect(await read(cy.group, twice.frame, () => secret)).toEqual(refused('bad-psk-id'))
    const another = id.replace('0b0e', '1b0e')
    const two = {
      psks: [
        { id, secret },
        { id: another, secret: random(32) },
      ],
    }
    expect(await commit(ana.group, two, deps)).toMatchObject({ reason: 'too-many-psks' })
    const guest = await world.knock(await world.device(), ana.group.invites[0])
    const both = { add: [guest.keyPackage], psks: [{ id, secret }] }
    expect(await commit(ana.group, both, deps)).toMatchObject({ reason: 'psk-with-add' })
    expect(await commit(ana.group, { psks: [{ id, secret: new Uint8Array(64).fill(7) }] }, deps)).toMatchObject({
      reason: 'bad-psk',
    })
  })
})

describe('states', () => {
  it('[CR35] a group comes back from its bytes and goes on', async () => {
    await say(ana, 'never delivered')
    const restored = decodeGroup(encodeGroup(ana.group))!
    expect(restored).toEqual(ana.group)
    ana.group = restored
    await goesOn(cy)
    cy.group = decodeGroup(encodeGroup(cy.group))!
    await world.apply(cy, all, {})
    ben.group = decodeGroup(encodeGroup(ben.group))!
    await world.admit(ben, all)
    await goesOn(cy)
    const bytes = encodeGroup(cy.group)
    expect(decodeGroup(bytes.subarray(0, -1))).toBeUndefined()
    expect(decodeGroup(new Uint8Array([...bytes, 0]))).toBeUndefined()
  })

  it('[CR36] erasing an old value leaves the next one whole, and the old one is of no more use', async () => {
    // With its first message a device divides the epoch's secret, with the next one it moves its ratchet on.
    const fresh = ana.group
    const { handshake } = stateOf(fresh).secretTree.find((node) => node.handshake.secret.length > 0)!
    const whole = handshake.secret
    await say(ana, 'first')
    eraseGroup(fresh, ana.group)
    expect(whole.every((byte) => byte === 0)).toBe(true)
    const old = ana.group
    const { frame, group } = await seal(old, text('hello'))
    const spent = stateOf(old).secretTree[old.ownLeaf * 2]!.application.secret
    expect(spent).toHaveLength(64)
    eraseGroup(old, group)
    expect(spent.every((byte) => byte === 0)).toBe(true)
    await expect(seal(old, text('again'))).rejects.toThrow('erased')
    ana.group = group
    expect(await world.receive(cy, frame)).toMatchObject({ kind: 'application' })

    const base = ben.group
    const lost = await world.commit(ben, {})
    eraseGroup(lost.next, base)
    const won = await world.commit(ana, {})
    const secrets = Object.values<Uint8Array>({ ...stateOf(base).keySchedule })
    expect(await world.receive(ben, won.frame)).toMatchObject({ kind: 'commit' })
    expect(await world.receive(cy, won.frame)).toMatchObject({ kind: 'commit' })
    eraseGroup(base, ben.group)
    expect(secrets.every((secret) => secret.every((byte) => byte === 0))).toBe(true)
    eraseGroup(ana.group, won.next)
    ana.group = won.next
    await goesOn(ben)
    await goesOn(cy)
    const { mls } = ben.identity.secrets
    eraseGroup(ben.group)
    expect(mls.some((byte) => byte !== 0)).toBe(true)
  })

  it('[CR37] an exported secret is the same for all members and different for each label, context and epoch', async () => {
    const [a, c] = [await exportSecret(ana.group, 'bb84', text('run 1'), 32), cy.group]
    expect(await exportSecret(c, 'bb84', text('run 1'), 32)).toEqual(a)
    expect(await exportSecret(c, 'bb84', text('run 2'), 32)).not.toEqual(a)
    expect(await exportSecret(c, 'file', text('run 1'), 32)).not.toEqual(a)
    await world.apply(ana, all, {})
    expect(await exportSecret(ana.group, 'bb84', text('run 1'), 32)).not.toEqual(a)
  })

  it('[CR38] a change of extensions brings a path, and a commit without one is refused', async () => {
    const forged = await forge(ana, [extensionsOf(ana.group, [])])
    expect(await read(cy.group, forged.frame)).toMatchObject({ kind: 'commit', extensionsChanged: true })
    const state = libraryStateOf(ana.group)
    const bare = await createCommit({ state, cipherSuite: suite }, { extraProposals: [extensionsOf(ana.group, [])] })
    expect(await read(cy.group, encodeMlsMessage(bare.commit))).toEqual(refused('path-required'))
  })
})
