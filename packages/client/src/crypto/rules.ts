/**
 * Which commits a group accepts: a pure function of the state before and the commit's proposals (protocol.md §3).
 * No clock, no bundle and nothing that a person trusts takes part, so all members judge alike.
 */
import { equalBytes, fromUtf8, isSixteenBytes, limits, toBase64Url } from '@qsec/protocol'
import type { Extension, PreSharedKeyID, Proposal, RatchetTree } from 'ts-mls'
import { Refusal } from './errors.ts'
import { readGroupExtensions, samePurpose } from './extensions.ts'
import type { Group, GroupMember, InspectedKeyPackage } from './group.ts'
import { type LiveInvite, linkPskId } from './invite.ts'
import { readKeyPackage } from './key-package.ts'
import { judgeAdmissions, judgeInvites, judgeRemovals, judgeSettings } from './rights.ts'
import type { RoomSettings } from './settings.ts'
import { kdfBytes } from './suite.ts'

export interface JudgedAdd {
  said: Omit<InspectedKeyPackage, 'hash'>
  /** The leaf that this one takes the place of, in the same commit. */
  rejoins?: number
  /** Right only for the sender's own next device; the refusal otherwise. Its bundle tells. */
  mustBeOwn?: string
}

export interface JudgedCommit {
  adds: JudgedAdd[]
  removedLeaves: number[]
  pskIds: string[]
  /** The link PSK, where one is used: the invite whose key opens this commit. */
  invite?: LiveInvite
  extensionsChanged: boolean
}

/** An id in its only spelling, or undefined. */
export function parsePskId(id: string): { kind: 'link' | 'group'; group: string; name: string } | undefined {
  const link = /^qsec-link\/1\/([^/]*)\/([^/]*)$/.exec(id)
  if (link && isSixteenBytes(link[1]!) && isSixteenBytes(link[2]!)) {
    return { kind: 'link', group: link[1]!, name: link[2]! }
  }
  const group = /^qkdg:([^:]*):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(id)
  return group && isSixteenBytes(group[1]!) ? { kind: 'group', group: group[1]!, name: group[2]! } : undefined
}

/** At least 32 bytes, and not all alike: a zero PSK is a failed key source, never a key. */
export function isSoundPsk(secret: Uint8Array): boolean {
  return secret.length >= 32 && secret.some((byte) => byte !== secret[0])
}

/** Throws `Refusal` with the rule that the commit breaks. `tree` is the ratchet tree of the state before. */
export function judgeCommit(
  group: Group,
  tree: RatchetTree,
  sender: GroupMember,
  proposals: readonly Proposal[],
  leavers: ReadonlySet<number>,
): JudgedCommit {
  const adds: JudgedAdd[] = []
  const removedLeaves: number[] = []
  const pskIds: string[] = []
  let agreed: Agreed = { invites: group.invites, settings: group.settings }
  let extensionsSeen = false
  if (group.settings?.ended) throw new Refusal('room-ended')
  // A pair group is its two devices: its maker adds the other in the first commit, and nothing changes after.
  if (group.purpose.kind === 'pair' && group.epoch > 0 && proposals.length > 0) throw new Refusal('pair-is-closed')
  for (const proposal of proposals) {
    switch (proposal.proposalType) {
      case 'add': {
        const said = readKeyPackage(proposal.add.keyPackage)
        if (!said) throw new Refusal('bad-key-package')
        adds.push({ said })
        break
      }
      case 'remove':
        removedLeaves.push(judgeRemove(group, sender.leaf, proposal.remove.removed, removedLeaves))
        break
      case 'psk':
        pskIds.push(judgePskId(proposal.psk.preSharedKeyId, pskIds))
        break
      case 'group_context_extensions':
        if (extensionsSeen) throw new Refusal('bad-extensions')
        extensionsSeen = true
        agreed = readExtensions(group, proposal.groupContextExtensions.extensions)
        break
      default:
        throw new Refusal('proposal-kind')
    }
  }
  markRejoins(group, adds, removedLeaves)
  judgeKeys(tree, adds, removedLeaves)
  if (group.purpose.kind === 'pair') {
    if (group.epoch > 0) return { adds, removedLeaves, pskIds, extensionsChanged: false }
    if (adds.length !== 1 || pskIds.length > 0 || removedLeaves.length > 0 || extensionsSeen) {
      throw new Refusal('pair-is-closed')
    }
    return { adds, removedLeaves, pskIds, extensionsChanged: false }
  }
  if (group.purpose.kind === 'conversation') {
    // Either person may take any leaf out: a Remove betrays nothing, and who was taken out wrongly is added again. Which
    // devices the room has is not said in this group, so no rule here could ask for it.
    if (pskIds.length > 0 || extensionsSeen || leavers.size > 0) throw new Refusal('conversation-rules')
    return { adds, removedLeaves, pskIds, extensionsChanged: false }
  }
  const invite = judgeAdmissions(group, sender, adds)
  judgePsks(group, adds, pskIds, invite)
  const outright = removedLeaves.filter((leaf) => !adds.some(({ rejoins }) => rejoins === leaf))
  // The removed device can read the commit that removes it, and with it any invite that the commit brings. What it
  // knew before is void too. So that commit leaves none, and the next epoch makes new ones.
  if (outright.length > 0 && agreed.invites.length > 0) throw new Refusal('invites-outlive-removal')
  judgeRemovals(group, sender, outright, leavers)
  const uses = adds.filter(({ rejoins }) => rejoins === undefined).length
  if (outright.length === 0) judgeInvites(group, sender, agreed.invites, { shared: invite, uses })
  if (agreed.settings) judgeSettings(group, sender, agreed.settings)
  return { adds, removedLeaves, pskIds, ...(invite ? { invite } : {}), extensionsChanged: extensionsSeen }
}

interface Agreed {
  invites: readonly LiveInvite[]
  settings: RoomSettings | undefined
}

function judgeRemove(group: Group, senderLeaf: number, leaf: number, seen: readonly number[]): number {
  if (leaf === senderLeaf || seen.includes(leaf)) throw new Refusal('bad-remove')
  if (!group.members.some((member) => member.leaf === leaf)) throw new Refusal('bad-remove')
  return leaf
}

/** Only external PSKs with a full nonce (RFC 9420 §8.4) and an id that we would have written. */
function judgePskId(id: PreSharedKeyID, seen: readonly string[]): string {
  if (id.psktype !== 'external' || id.pskNonce.length !== kdfBytes) throw new Refusal('bad-psk-id')
  const text = fromUtf8(id.pskId)
  if (text === undefined || !parsePskId(text) || seen.includes(text)) throw new Refusal('bad-psk-id')
  return text
}

function readExtensions(group: Group, extensions: readonly Extension[]): Agreed {
  const said = readGroupExtensions(extensions)
  if (!said || !samePurpose(said.purpose, group.purpose)) throw new Refusal('bad-extensions')
  if (said.invites.length > limits.joinKeysPerRoom) throw new Refusal('bad-extensions')
  return { invites: said.invites, settings: said.settings }
}

/** Marks each Add that puts back a device whose leaf the same commit removes: the same bundle, the same key. */
function markRejoins(group: Group, adds: JudgedAdd[], removedLeaves: readonly number[]): void {
  for (const add of adds) {
    const old = group.members.find((member) => equalBytes(member.signatureKey, add.said.signatureKey))
    if (!old) continue
    if (!removedLeaves.includes(old.leaf)) throw new Refusal('duplicate-device')
    if (!equalBytes(old.credential, add.said.credential)) throw new Refusal('not-the-same-device')
    add.rejoins = old.leaf
  }
}

/**
 * No key may stand in two leaves (RFC 9420 §7.3), and no bundle either. The library compares the old leaves with each
 * other, but not the new ones with them.
 */
function judgeKeys(tree: RatchetTree, adds: readonly JudgedAdd[], removedLeaves: readonly number[]): void {
  if (adds.length === 0) return
  const names = new Set<string>()
  for (const [i, node] of tree.entries()) {
    if (!node) continue
    // A key that leaves with this commit may not come back either: a rejoin draws new HPKE keys.
    names.add(toBase64Url(node.nodeType === 'leaf' ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey))
    if (node.nodeType !== 'leaf' || removedLeaves.includes(i / 2)) continue
    if (node.leaf.credential.credentialType === 'basic') names.add(toBase64Url(node.leaf.credential.identity))
    names.add(toBase64Url(node.leaf.signaturePublicKey))
  }
  for (const { said } of adds) {
    for (const key of [said.credential, said.signatureKey, said.leafKey, said.initKey]) {
      const name = toBase64Url(key)
      if (names.has(name)) throw new Refusal('duplicate-device')
      names.add(name)
    }
  }
}

function judgePsks(
  group: Group,
  adds: readonly JudgedAdd[],
  pskIds: readonly string[],
  invite: LiveInvite | undefined,
): void {
  const wanted = invite && group.purpose.kind === 'room' ? linkPskId(group.purpose.address, invite.id) : undefined
  if (wanted !== undefined && !pskIds.includes(wanted)) throw new Refusal('link-psk-missing')
  const others = pskIds.filter((id) => id !== wanted)
  if (others.some((id) => parsePskId(id)!.kind === 'link')) throw new Refusal('link-psk-unasked')
  if (others.some((id) => parsePskId(id)!.group !== toBase64Url(group.groupId))) throw new Refusal('bad-psk-id')
  if (others.length > 1) throw new Refusal('too-many-psks')
  // Newcomers do not have the group's secret: a commit with both would lock them out.
  if (others.length > 0 && adds.length > 0) throw new Refusal('psk-with-add')
}
