/**
 * What the next commit should do, and who should make it. Members decide, never the relay: a joiner is let in by a proof
 * that every member can check, and the rank only spreads the work (nobody refuses a commit for its rank).
 */
import { type DeviceId, equalBytes, fromBase64Url, limits, Writer } from '@qsec/protocol'
import {
  type BundleSource,
  type Group,
  type InspectedKeyPackage,
  type LeaveProof,
  mayAdmit,
  roleOf,
  sha256,
  verifyInviteProof,
} from '../crypto/index.ts'
import { isLive, mayLive, type TwoClocks } from './times.ts'

/** How long requests are gathered before one commit takes them all. */
export const gatherMs = 300
/**
 * Newcomers of one commit; the next one takes others. 250 make a frame of 3 MB with their bundles. A thousand would fill the
 * relay's ring and a slow reader's backlog at one go, and adding many at once costs more than the square of their number.
 */
export const addsAtOnce = 250
/** The member of rank r waits r times this long, for those before it. */
export const rankStepMs = 2_000

export interface JoinRequest {
  device: DeviceId
  keyPackage: Uint8Array<ArrayBuffer>
  /** What the KeyPackage says; its signatures hold, its dates are judged here. */
  shown: InspectedKeyPackage
}

export interface Wants {
  /** KeyPackages to add; those of newcomers share one invite. */
  add: JoinRequest[]
  /** Leaves to remove: people who left, and the old leaves of devices that come back. */
  removeLeaves: number[]
  removedDevices: DeviceId[]
  rejoining: DeviceId[]
  /** Of `add`: further devices of this person, which nobody else lets in. */
  linked: DeviceId[]
  /** A closed room without an invite that lives by one of the clocks needs one. */
  newInvite: boolean
  /** The signed goodbyes of those in `removeLeaves` who left. */
  leaveProofs: LeaveProof[]
}

export function nothing(wants: Wants): boolean {
  return wants.add.length === 0 && wants.removeLeaves.length === 0 && !wants.newInvite
}

export interface WantsInput {
  group: Group
  bundles: BundleSource
  requests: Iterable<JoinRequest>
  /** Devices that said in the room that they leave. */
  leaving: ReadonlySet<DeviceId>
  /** Their signed goodbyes, base64url. */
  leaveProofs: Readonly<Record<string, string>>
  clocks: TwoClocks
  /** Whether a request came by the device link that this device has made. */
  linked?(shown: InspectedKeyPackage): boolean
}

/** Judges requests as a committer does, clocks and counts included. Those that do not hold are passed over. */
export function wantsOf(input: WantsInput): Wants {
  const { group, leaving, clocks } = input
  const { nowMs } = clocks
  if (group.purpose.kind !== 'room') throw new TypeError('wants: a pair group admits nobody')
  const closed = group.purpose.roomKind === 'closed'
  const { settings } = group
  if (!settings) throw new TypeError('wants: a room without settings')
  const wants: Wants = {
    add: [],
    removeLeaves: [],
    removedDevices: [],
    rejoining: [],
    linked: [],
    newInvite: false,
    leaveProofs: [],
  }
  const persons = new Set(group.members.filter(({ device }) => !leaving.has(device)).map(({ person }) => person))
  let invite: string | undefined
  const own = personHere(group)

  for (const request of input.requests) {
    if (wants.add.length === addsAtOnce) break
    const { shown } = request
    if (shown.notBeforeMs > nowMs || shown.notAfterMs < nowMs) continue
    const bundle = input.bundles(shown.credential)
    if (!bundle || bundle.device !== request.device) continue
    const old = group.members.find(({ device }) => device === request.device)
    if (!old && bundle.bundle.record.expiresMs <= nowMs) continue
    if (old) {
      if (old.leaf === group.ownLeaf) continue
      wants.add.push(request)
      wants.removeLeaves.push(old.leaf)
      wants.rejoining.push(request.device)
      continue
    }
    if (shown.link) {
      // A link serves one device, however many show it at once.
      if (bundle.person !== own || wants.linked.length > 0 || !input.linked?.(shown)) continue
      wants.add.push(request)
      wants.linked.push(request.device)
      continue
    }
    if (leaving.has(request.device) || settings.locked) continue
    if (closed) {
      const inviteId = admits(group, shown, clocks)
      if (!inviteId || (invite !== undefined && inviteId !== invite)) continue
      invite = inviteId
    }
    if (!persons.has(bundle.person) && persons.size >= (settings.capacity ?? limits.capacity)) continue
    persons.add(bundle.person)
    wants.add.push(request)
  }

  for (const member of group.members) {
    if (!leaving.has(member.device) || member.leaf === group.ownLeaf || wants.rejoining.includes(member.device))
      continue
    const signature = fromBase64Url(input.leaveProofs[member.device] ?? '')
    if (!signature) continue // heard of by a device that was added anew since: others take it out
    wants.leaveProofs.push({ leaf: member.leaf, signature })
    wants.removeLeaves.push(member.leaf)
    wants.removedDevices.push(member.device)
  }
  // A Remove deletes all invites, so that who left cannot read the next one: newcomers wait for the commit after it.
  // Nor has a further device of this person the link whose key a commit with invited newcomers takes.
  if (closed && (wants.removedDevices.length > 0 || wants.linked.length > 0)) {
    wants.add = wants.add.filter(({ device }) => wants.rejoining.includes(device) || wants.linked.includes(device))
  }
  const invites = mayAdmit(settings, roleOf(group, own)) && !settings.locked
  // It takes the place of all others: none of them may be good for anybody, also where this device's clock is wrong.
  const ended = group.invites.every(({ expiresMs }) => !mayLive(expiresMs, clocks))
  wants.newInvite = closed && invites && wants.removedDevices.length === 0 && ended
  return wants
}

/** The id of the live invite that a newcomer's proof shows. */
function admits(group: Group, shown: InspectedKeyPackage, clocks: TwoClocks): string | undefined {
  const proof = shown.invite
  if (!proof || proof.expiresMs <= clocks.nowMs || group.purpose.kind !== 'room') return undefined
  const invite = group.invites.find(({ id }) => id === proof.inviteId)
  if (invite?.mode !== 'link' || !isLive(invite.expiresMs, clocks) || invite.usesLeft === 0) return undefined
  return verifyInviteProof(group.purpose.address, invite.secret, shown, { ...proof, inviteId: invite.id })
    ? invite.id
    : undefined
}

/** Whether a newcomer's request is sound and waits for a person's yes: a knock, or by a link that asks for it. */
export function needsYes(group: Group, bundles: BundleSource, request: JoinRequest, clocks: TwoClocks): boolean {
  const { nowMs } = clocks
  const { shown, device } = request
  if (group.purpose.kind !== 'room') return false
  const bundle = bundles(shown.credential)
  if (!bundle || bundle.device !== device || bundle.bundle.record.expiresMs <= nowMs) return false
  if (shown.notBeforeMs > nowMs || shown.notAfterMs < nowMs) return false
  // Without the link that it came by, a further device waits for a word of its own person.
  if (shown.link) return bundle.person === personHere(group)
  if (group.purpose.roomKind === 'open') return false
  if (!shown.invite) return true
  const invite = group.invites.find(({ id }) => id === shown.invite!.inviteId)
  if (invite?.mode !== 'approve' || !isLive(invite.expiresMs, clocks) || shown.invite.expiresMs <= nowMs) return false
  return verifyInviteProof(group.purpose.address, invite.secret, shown, shown.invite)
}

/** Fingerprint of this device's person. */
export function personHere(group: Group): string {
  return group.members.find(({ leaf }) => leaf === group.ownLeaf)!.person
}

/** This device's rank among those present: 0 acts first. Nobody can choose it, since each epoch draws anew. */
export function rankOf(group: Group, present: ReadonlySet<DeviceId>): number {
  const drawn = group.members
    .filter((member) => member.leaf === group.ownLeaf || present.has(member.device))
    .map(({ leaf }) => ({ leaf, hash: sha256(new Writer().raw(group.authenticator).u32(leaf).done()) }))
    .sort((a, b) => compareBytes(a.hash, b.hash))
  return drawn.findIndex(({ leaf }) => leaf === group.ownLeaf)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  if (equalBytes(a, b)) return 0
  for (let i = 0; ; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
}
