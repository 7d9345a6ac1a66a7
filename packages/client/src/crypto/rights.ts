/**
 * Who may change what in a room, judged by the state before the commit and the commit alone (protocol.md §3): who comes
 * in, who is put out, which links live, what the room has agreed on.
 */
import { type DeviceId, equalBytes, limits } from '@qsec/protocol'
import { Refusal } from './errors.ts'
import type { Group, GroupMember, InspectedKeyPackage } from './group.ts'
import type { VerifiedBundle } from './identity.ts'
import { encodeInvites, type LiveInvite, verifyInviteProof } from './invite.ts'
import type { JudgedAdd } from './rules.ts'
import { encodeSettings, isOrphaned, mayAdmit, type Role, type RoomSettings, roleIn } from './settings.ts'

/** A room's settings. Other groups have none, and no question of rights. */
export function settingsOf(group: Group): RoomSettings {
  if (!group.settings) throw new Refusal('pair-is-closed')
  return group.settings
}

/** The role of `person` in this room, as its present state has it. */
export function roleOf(group: Group, person: string): Role {
  return roleIn(settingsOf(group), group.members, person)
}

/** Outright removals: of who said goodbye, of the sender's other devices, and of people over whom the sender has the say. */
export function judgeRemovals(
  group: Group,
  sender: GroupMember,
  outright: readonly number[],
  leavers: ReadonlySet<number>,
): void {
  if ([...leavers].some((leaf) => !outright.includes(leaf))) throw new Refusal('bad-leave-proof')
  for (const leaf of outright) {
    const member = group.members.find((one) => one.leaf === leaf)!
    if (leavers.has(leaf) || member.person === sender.person) continue
    if (!mayPutOut(group, sender.person, member.person)) throw new Refusal('may-not-remove')
  }
}

/** Whether `by` may put `person` out of the room. */
export function mayPutOut(group: Group, by: string, person: string): boolean {
  const role = roleOf(group, by)
  if (role === 'owner') return true
  if (role !== 'admin') return false
  const { owner, admins } = settingsOf(group)
  return person !== owner && (!admins.includes(person) || isOrphaned(settingsOf(group), group.members))
}

/**
 * Who may come in. Yields the invite that the newcomers share, if they came by one. An Add without a proof is a knock
 * that somebody with the right said yes to, or marked as the sender's own next device, which `judgeNewcomers` checks.
 */
export function judgeAdmissions(group: Group, sender: GroupMember, adds: readonly JudgedAdd[]): LiveInvite | undefined {
  if (group.purpose.kind !== 'room') return undefined
  const settings = settingsOf(group)
  const { address, roomKind } = group.purpose
  const admits = mayAdmit(settings, roleOf(group, sender.person))
  const newcomers = adds.filter(({ rejoins }) => rejoins === undefined)
  let shared: LiveInvite | undefined
  for (const add of newcomers) {
    const { said } = add
    // Who comes by a device link is let in by its own person, whatever the room says, and by nobody else.
    if (said.link) {
      add.mustBeOwn = 'not-own-device'
      continue
    }
    if (roomKind === 'closed' && said.invite) {
      const invite = group.invites.find(({ id }) => id === said.invite!.inviteId)
      if (!invite) throw new Refusal('unknown-invite')
      if (!verifyInviteProof(address, invite.secret, said, said.invite)) throw new Refusal('bad-invite-proof')
      if (invite.mode === 'approve' && !admits) throw new Refusal('needs-approval')
      if (settings.locked) throw new Refusal('room-locked')
      // The Welcome of all newcomers of a commit takes all of its PSKs, and each of them has one link.
      if (shared && shared.id !== invite.id) throw new Refusal('mixed-invites')
      shared = invite
    } else if (settings.locked || (roomKind === 'closed' && !admits)) {
      add.mustBeOwn = settings.locked ? 'room-locked' : 'not-invited'
    }
  }
  for (const { said, rejoins } of adds) {
    if (rejoins === undefined || !showsLink(group, said)) continue
    if (shared && shared.id !== said.invite!.inviteId) throw new Refusal('mixed-invites')
    shared = group.invites.find(({ id }) => id === said.invite!.inviteId)
  }
  if (shared && adds.some(({ said }) => !said.invite || said.invite.inviteId !== shared.id)) {
    throw new Refusal('mixed-invites')
  }
  return shared
}

/**
 * Whether a device comes by a link that the room still has. One whose first Welcome was lost has a leaf already: it is
 * added again as one that comes back, and the link's key still vouches to it for the group.
 */
export function showsLink(group: Group, said: Omit<InspectedKeyPackage, 'hash'>): boolean {
  if (group.purpose.kind !== 'room' || group.purpose.roomKind !== 'closed' || !said.invite) return false
  const invite = group.invites.find(({ id }) => id === said.invite!.inviteId)
  return invite !== undefined && verifyInviteProof(group.purpose.address, invite.secret, said, said.invite)
}

/** What only the newcomers' bundles tell: whose devices they are, and how many persons that makes. */
export function judgeNewcomers(
  group: Group,
  sender: GroupMember,
  judged: { adds: readonly JudgedAdd[]; removedLeaves: readonly number[] },
  bundles: readonly VerifiedBundle[],
): void {
  if (group.purpose.kind === 'conversation') judgeTwoPersons(group, group.purpose.persons, judged, bundles)
  if (group.purpose.kind !== 'room') return
  const staying = group.members.filter(({ leaf }) => !judged.removedLeaves.includes(leaf))
  const persons = new Set(staying.map(({ person }) => person))
  const before = new Set(group.members.map(({ person }) => person)).size
  for (const { said, mustBeOwn } of judged.adds) {
    const bundle = bundles.find(({ credential }) => equalBytes(credential, said.credential))
    if (!bundle) continue // asked for, and judged once it is there
    if (mustBeOwn && bundle.person !== sender.person) throw new Refusal(mustBeOwn)
    persons.add(bundle.person)
  }
  const { capacity = limits.capacity } = settingsOf(group)
  if (persons.size > capacity && persons.size > before) throw new Refusal('room-full')
}

/** Only devices of the two persons come into a conversation, and after each commit both have one there. */
function judgeTwoPersons(
  group: Group,
  persons: readonly string[],
  judged: { adds: readonly JudgedAdd[]; removedLeaves: readonly number[] },
  bundles: readonly VerifiedBundle[],
): void {
  const staying = group.members.filter(({ leaf }) => !judged.removedLeaves.includes(leaf))
  const coming = bundles.filter(({ credential }) =>
    judged.adds.some(({ said }) => equalBytes(said.credential, credential)),
  )
  if (!coming.every(({ person }) => persons.includes(person))) throw new Refusal('not-of-the-two')
  const after = [...staying, ...coming].map(({ person }) => person)
  if (!persons.every((person) => after.includes(person))) throw new Refusal('one-person-left')
}

/** The invites that a commit leaves, where it changes nothing but what its admissions use up. */
export function invitesUsed(
  invites: readonly LiveInvite[],
  shared: LiveInvite | undefined,
  uses: number,
): LiveInvite[] {
  return invites.flatMap((invite) => {
    if (invite.id !== shared?.id || invite.usesLeft === undefined) return [invite]
    const usesLeft = invite.usesLeft - uses
    if (usesLeft < 0) throw new Refusal('invite-used-up')
    return usesLeft === 0 ? [] : [{ ...invite, usesLeft }]
  })
}

/** A use is always counted, whoever commits. Anything else about links is for those who may let people in. */
export function judgeInvites(
  group: Group,
  sender: GroupMember,
  invites: readonly LiveInvite[],
  used: { shared: LiveInvite | undefined; uses: number },
): void {
  const expected = invitesUsed(group.invites, used.shared, used.uses)
  if (equalBytes(encodeInvites(expected), encodeInvites(invites))) return
  if (!mayAdmit(settingsOf(group), roleOf(group, sender.person))) throw new Refusal('may-not-invite')
  const { shared } = used
  if (shared?.usesLeft === undefined) return
  const left = expected.find(({ id }) => id === shared.id)?.usesLeft ?? 0
  const said = invites.find(({ id }) => id === shared.id)
  if (said && (said.usesLeft === undefined || said.usesLeft > left)) throw new Refusal('uses-not-counted')
}

/** What the room agrees on: an admin may lock it, set who admits, how many, and what the relay keeps; the rest is the owner's. */
export function judgeSettings(group: Group, sender: GroupMember, next: RoomSettings): void {
  const now = settingsOf(group)
  if (equalBytes(encodeSettings(now), encodeSettings(next))) return
  const role = roleOf(group, sender.person)
  if (role === 'member') throw new Refusal('may-not-change-room')
  const leads = role === 'owner' || isOrphaned(now, group.members)
  if (!leads && (next.owner !== now.owner || next.ended !== now.ended)) throw new Refusal('may-not-change-room')
  const isMember = (person: string) => group.members.some((member) => member.person === person)
  if (next.owner !== now.owner && !isMember(next.owner)) throw new Refusal('not-a-member')
  const dropped = now.admins.filter((person) => !next.admins.includes(person) && person !== next.owner)
  const named = next.admins.filter((person) => !now.admins.includes(person))
  const resigned = dropped.every((person) => person === sender.person)
  if (!leads && (named.length > 0 || !resigned)) throw new Refusal('may-not-change-room')
  if (!named.every((person) => isMember(person) || person === now.owner)) throw new Refusal('not-a-member')
}

/** The newcomers who are in a closed room by somebody's yes, and not by the proof of a link alone. */
export function approvedAmong(
  group: Group,
  judged: { adds: readonly JudgedAdd[]; invite?: LiveInvite },
  bundles: readonly VerifiedBundle[],
): DeviceId[] {
  if (group.purpose.kind !== 'room' || group.purpose.roomKind === 'open') return []
  const persons = new Set(group.members.map(({ person }) => person))
  return judged.adds.flatMap(({ said, rejoins }) => {
    const bundle = bundles.find(({ credential }) => equalBytes(credential, said.credential))
    if (rejoins !== undefined || !bundle || persons.has(bundle.person)) return []
    return said.invite && judged.invite?.mode !== 'approve' ? [] : [bundle.device]
  })
}
