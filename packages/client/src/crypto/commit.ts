/** Changing a group: the committer's side. */
import { equalBytes, utf8 } from '@qsec/protocol'
import type { Proposal, PskIndex } from 'ts-mls'
import { assembleCommit } from './assemble.ts'
import { codeOf, GroupError, Refusal } from './errors.ts'
import { groupExtensions } from './extensions.ts'
import { frameHash } from './frames.ts'
import type { BundleSource, CommitIntent, Committed, Group } from './group.ts'
import { type LiveInvite, linkPsk, linkPskId } from './invite.ts'
import { type OpenedKeyPackage, openKeyPackage } from './key-package.ts'
import { encodeLeaveProofs, provenLeavers } from './leave-proof.ts'
import { approvedAmong, invitesUsed, judgeNewcomers, showsLink } from './rights.ts'
import { isSoundPsk, type JudgedCommit, judgeCommit } from './rules.ts'
import { activeStateOf, clientConfig, knownOf, LeafCheck, makeGroup, withBundles } from './state.ts'
import { kdfBytes, randomBytes } from './suite.ts'

/**
 * Makes a commit and leaves `group` as it is: adopt `next` when the frame comes back in the room's order. An empty
 * intent makes a commit with nothing but a fresh path, which is what heals after a theft.
 *
 * The committer alone judges clocks: dates of KeyPackages, of device records and of invites, and an invite's uses.
 */
export async function commit(
  group: Group,
  intent: CommitIntent,
  deps: { bundles: BundleSource; nowMs: number },
): Promise<Committed> {
  const state = activeStateOf(group)
  const { nowMs } = deps
  // Without a clock every date would pass.
  if (!Number.isFinite(nowMs)) throw new GroupError('bad-argument', 'commit: the committer needs the time')
  try {
    const opened: OpenedKeyPackage[] = []
    for (const bytes of intent.add ?? []) opened.push(await openKeyPackage(bytes, nowMs))
    const check = checkNewcomers(group, opened, deps)
    if (check.missing.length > 0) return { ok: false, reason: 'missing-bundles', missing: check.missing }

    const psks = new Map((intent.psks ?? []).map(({ id, secret }) => [id, secret]))
    if (psks.size !== (intent.psks ?? []).length) throw new Refusal('bad-psk-id')
    if (![...psks.values()].every(isSoundPsk)) throw new Refusal('bad-psk')
    const used = sharedInvite(group, opened, intent.removeLeaves ?? [])
    if (used && group.purpose.kind === 'room') {
      const { address } = group.purpose
      psks.set(linkPskId(address, used.id), linkPsk(address, used.secret))
    }
    const proposals = [
      ...(intent.removeLeaves ?? []).map((removed): Proposal => ({ proposalType: 'remove', remove: { removed } })),
      ...opened.map(({ keyPackage }): Proposal => ({ proposalType: 'add', add: { keyPackage } })),
      ...[...psks.keys()].map(pskProposal),
      ...agreementProposal(group, intent, opened, used),
    ]
    const sender = group.members.find(({ leaf }) => leaf === group.ownLeaf)!
    const leaving = encodeLeaveProofs(intent.leaveProofs ?? [])
    const judged = judgeCommit(group, state.ratchetTree, sender, proposals, await provenLeavers(group, leaving))
    judgeNewcomers(group, sender, judged, check.found)
    judgeClocks(judged, nowMs)

    const authService = { validateCredential: async () => true } // checked above, each with its bundle
    const checked = { ...state, clientConfig: { ...clientConfig, authService } }
    const made = await assembleCommit(checked, proposals, pskIndexOf(psks), leaving)
    const next = makeGroup(made.state, withBundles(knownOf(group), check.found))
    const { frame, welcome, path } = made
    const { pskIds } = judged
    const approved = approvedAmong(group, judged, check.found)
    return { ok: true, frame, hash: frameHash(frame), next, approved, path, pskIds, ...(welcome ? { welcome } : {}) }
  } catch (error) {
    return { ok: false, reason: codeOf(error) }
  }
}

/** The library's view of PSKs that are at hand. It asks synchronously, so they are fetched before. */
export function pskIndexOf(psks: ReadonlyMap<string, Uint8Array>): PskIndex {
  const byId = [...psks].map(([id, secret]) => ({ id: utf8(id), secret }))
  return {
    findPsk: (wanted) =>
      wanted.psktype === 'external' ? byId.find(({ id }) => equalBytes(id, wanted.pskId))?.secret : undefined,
  }
}

function pskProposal(id: string): Proposal {
  const preSharedKeyId = { psktype: 'external', pskId: utf8(id), pskNonce: randomBytes(kdfBytes) } as const
  return { proposalType: 'psk', psk: { preSharedKeyId } }
}

function checkNewcomers(
  group: Group,
  opened: readonly OpenedKeyPackage[],
  deps: { bundles: BundleSource; nowMs: number },
): LeafCheck {
  const check = new LeafCheck(deps.bundles, group.purpose)
  for (const { said } of opened) {
    const refusal = check.refusal(said.credential, said.signatureKey)
    if (refusal) throw new Refusal(refusal)
  }
  for (const { bundle, device, credential } of check.found) {
    // A record's date bounds when a device may come into the room; who is in it may come back, and into pair groups.
    const isIn = group.purpose.kind === 'pair' || group.members.some((old) => equalBytes(old.credential, credential))
    if (!isIn && bundle.record.expiresMs <= deps.nowMs) throw new Refusal('device-expired')
    if (group.purpose.kind === 'pair' && device !== group.purpose.devices[1]) throw new Refusal('not-the-peer')
  }
  return check
}

function sharedInvite(
  group: Group,
  opened: readonly OpenedKeyPackage[],
  removeLeaves: readonly number[],
): LiveInvite | undefined {
  const leaving = group.members.filter(({ leaf }) => removeLeaves.includes(leaf))
  const shown = opened.filter(({ said }) => {
    const returns = leaving.some((old) => equalBytes(old.credential, said.credential))
    return !returns || showsLink(group, said)
  })
  return group.invites.find(({ id }) => shown.some(({ said }) => said.invite?.inviteId === id))
}

/** Invites and settings where they change: as asked for, void after a removal, one use less after an admission. */
function agreementProposal(
  group: Group,
  intent: CommitIntent,
  opened: readonly OpenedKeyPackage[],
  used: LiveInvite | undefined,
): Proposal[] {
  const invites = intent.invites ?? invitesAfter(group, intent.removeLeaves ?? [], opened, used)
  const before = groupExtensions(group.purpose, group.invites, group.settings)
  const extensions = groupExtensions(group.purpose, invites, intent.settings ?? group.settings)
  const same = extensions.every(({ extensionData }, i) => equalBytes(extensionData, before[i]!.extensionData))
  return same ? [] : [{ proposalType: 'group_context_extensions', groupContextExtensions: { extensions } }]
}

function invitesAfter(
  group: Group,
  removeLeaves: readonly number[],
  opened: readonly OpenedKeyPackage[],
  used: LiveInvite | undefined,
): readonly LiveInvite[] {
  const returns = (leaf: number) => {
    const old = group.members.find((member) => member.leaf === leaf)
    return old !== undefined && opened.some(({ said }) => equalBytes(said.credential, old.credential))
  }
  if (!removeLeaves.every(returns)) return []
  return invitesUsed(group.invites, used, opened.length - removeLeaves.length)
}

function judgeClocks(judged: JudgedCommit, nowMs: number): void {
  const { invite, adds } = judged
  if (!invite) return
  if (invite.expiresMs <= nowMs) throw new Refusal('invite-expired')
  const uses = adds.filter(({ rejoins }) => rejoins === undefined).length
  if (invite.usesLeft !== undefined && invite.usesLeft < uses) throw new Refusal('invite-used-up')
  if (adds.some(({ said }) => said.invite && said.invite.expiresMs <= nowMs)) throw new Refusal('request-expired')
}
