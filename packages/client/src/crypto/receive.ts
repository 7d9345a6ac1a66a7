/** Opening what the room's stream brings. Nothing that comes over the network makes this throw. */
import { type DeviceId, equalBytes, limits, toBase64Url } from '@qsec/protocol'
import type { ClientState, Commit, PrivateMessage, Proposal } from 'ts-mls'
import type { AuthenticatedContentCommit } from 'ts-mls/authenticatedContent.js'
import { encodeCapabilities } from 'ts-mls/capabilities.js'
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
import { decryptSenderData } from 'ts-mls/privateMessage.js'
import { applyCommit } from './apply.ts'
import { pskIndexOf } from './commit.ts'
import { codeOf, Refusal } from './errors.ts'
import { capabilities } from './extensions.ts'
import { decodeExactly, frameHash } from './frames.ts'
import type { BundleSource, Group, GroupMember, PskSource, Received } from './group.ts'
import { linkPsk, linkPskId } from './invite.ts'
import { keyPackageRef } from './key-package.ts'
import { provenLeavers } from './leave-proof.ts'
import { recordingSuite } from './path-keys.ts'
import { approvedAmong, judgeNewcomers } from './rights.ts'
import { isSoundPsk, type JudgedCommit, judgeCommit } from './rules.ts'
import { withRatchets } from './secret-tree.ts'
import {
  asRemoved,
  clientConfig,
  eraseConsumed,
  knownOf,
  LeafCheck,
  leavesOf,
  makeGroup,
  settle,
  stateOf,
  withBundles,
  withSecretTree,
} from './state.ts'
import { hpkePublicKeyBytes, suite } from './suite.ts'

interface Sources {
  bundles: BundleSource
  psks?: PskSource
}

/**
 * Opens one frame of the group's own epoch. Whatever comes of it, `group` stays valid; the group in the result is the
 * one to go on with, once it is stored.
 *
 * An own frame is refused with `own-frame`: recognise it by its hash before, and adopt the pending `next` there.
 */
export async function receive(group: Group, frame: Uint8Array, sources: Sources): Promise<Received> {
  try {
    if (group.removed) throw new Refusal('removed')
    if (frame.length > limits.commitBytes) throw new Refusal('too-large')
    const { privateMessage } = decodeExactly(frame, 'mls_private_message')
    const state = stateOf(group)
    const sender = await claimedSender(group, state, privateMessage)
    if (sender.leaf === group.ownLeaf) throw new Refusal(await judgeOwn(group.ownLeaf, state, privateMessage))
    const config = clientConfig.keyRetentionConfig
    const { senderDataSecret } = state.keySchedule
    const { ratchetTree, groupContext } = state
    // Checks the signature by the key of the very leaf whose ratchet opened the frame: that leaf is the sender.
    const opened = await unprotectPrivateMessage(
      senderDataSecret,
      privateMessage,
      withRatchets(state.secretTree, sender.leaf),
      ratchetTree,
      groupContext,
      config,
      suite,
    )
    const { content } = opened.content
    const signer = content.sender.senderType === 'member' ? content.sender.leafIndex : undefined
    eraseConsumed(opened.consumed, state, sender.leaf)
    if (signer !== sender.leaf) throw new Refusal('unknown-sender')
    switch (content.contentType) {
      case 'application': {
        const { applicationData, authenticatedData } = content
        const next = withSecretTree(group, opened.tree)
        return { kind: 'application', content: applicationData, aad: authenticatedData, sender, group: next }
      }
      case 'commit':
        return await receiveCommit(group, state, { frame, sender, content: { ...opened.content, content } }, sources)
      default:
        throw new Refusal('loose-proposal')
    }
  } catch (error) {
    return { kind: 'refused', reason: codeOf(error) }
  }
}

/** Who the frame says it is from: under the group's key, so as yet no more than the word of some member. */
async function claimedSender(group: Group, state: ClientState, message: PrivateMessage): Promise<GroupMember> {
  if (!equalBytes(message.groupId, group.groupId)) throw new Refusal('other-group')
  const { epoch } = state.groupContext
  // A frame opens only in the epoch in which it was ordered (protocol.md §4).
  if (message.epoch !== epoch) throw new Refusal(message.epoch < epoch ? 'stale-epoch' : 'future-epoch')
  if (message.contentType === 'proposal') throw new Refusal('loose-proposal')
  const senderData = await decryptSenderData(message, state.keySchedule.senderDataSecret, suite)
  if (!senderData) throw new Refusal('bad-frame')
  const sender = group.members.find(({ leaf }) => leaf === senderData.leafIndex)
  if (!sender) throw new Refusal('unknown-sender')
  return sender
}

/**
 * A frame from this device's own leaf. What it sealed itself lies behind its ratchet; a message under a key that it has
 * not used yet was sealed by a copy of it.
 */
async function judgeOwn(ownLeaf: number, state: ClientState, message: PrivateMessage): Promise<string> {
  if (message.contentType !== 'application') return 'own-frame'
  const { keySchedule, secretTree, ratchetTree, groupContext } = state
  const config = clientConfig.keyRetentionConfig
  try {
    await unprotectPrivateMessage(
      keySchedule.senderDataSecret,
      message,
      withRatchets(secretTree, ownLeaf),
      ratchetTree,
      groupContext,
      config,
      suite,
    )
    return 'own-key-elsewhere'
  } catch (error) {
    codeOf(error)
    return 'own-frame'
  }
}

interface OpenedCommit {
  frame: Uint8Array
  sender: GroupMember
  content: AuthenticatedContentCommit
}

async function receiveCommit(
  group: Group,
  state: ClientState,
  opened: OpenedCommit,
  sources: Sources,
): Promise<Received> {
  const { sender, content } = opened
  const { commit, authenticatedData } = content.content
  const proposals = commit.proposals.map((item): Proposal => {
    if (item.proposalOrRefType !== 'proposal') throw new Refusal('loose-proposal')
    return item.proposal
  })
  const judged = judgeCommit(group, state.ratchetTree, sender, proposals, await provenLeavers(group, authenticatedData))
  judgePath(state, sender, commit, judged)

  const check = new LeafCheck(sources.bundles, group.purpose)
  for (const { said } of judged.adds) {
    const refusal = check.refusal(said.credential, said.signatureKey)
    if (refusal) throw new Refusal(refusal)
  }
  if (check.missing.length > 0) return { kind: 'missing-bundles', credentials: check.missing }
  judgeNewcomers(group, sender, judged, check.found)
  const psks = new Map<string, Uint8Array>()
  for (const id of judged.pskIds) {
    const secret = pskOf(group, judged, { id, from: sender.device }, sources)
    if (!secret) return { kind: 'missing-psk', id, sender }
    if (!isSoundPsk(secret)) throw new Refusal('bad-psk')
    psks.set(id, secret)
  }

  const { recorder, provesPath } = recordingSuite()
  const checked = { ...state, clientConfig: { ...clientConfig, authService: authServiceFor(state, judged) } }
  const applied = await applyCommit(checked, content, pskIndexOf(psks), recorder)
  const selfRemoved = judged.removedLeaves.includes(group.ownLeaf)
  if (selfRemoved !== (applied === undefined)) throw new Refusal('inconsistent')
  if (applied && !provesPath(state, applied)) throw new Refusal('bad-path')
  const next = applied ? makeGroup(settle(applied), withBundles(knownOf(group), check.found)) : asRemoved(group)

  const returned = new Set(judged.adds.flatMap(({ rejoins }) => (rejoins === undefined ? [] : [rejoins])))
  const newcomers = judged.adds.filter(({ rejoins }) => rejoins === undefined)
  const isNew = (member: GroupMember) => newcomers.some(({ said }) => equalBytes(said.credential, member.credential))
  return {
    kind: 'commit',
    sender,
    added: selfRemoved ? [] : next.members.filter(isNew),
    removed: group.members.filter(({ leaf }) => judged.removedLeaves.includes(leaf) && !returned.has(leaf)),
    ownReturn: await ownReturn(group, proposals, judged),
    rejoined: group.members.filter(({ leaf }) => returned.has(leaf)).map(({ device }) => device),
    approved: selfRemoved ? [] : approvedAmong(group, judged, check.found),
    settingsBefore: group.settings,
    pskIds: judged.pskIds,
    path: commit.path !== undefined,
    extensionsChanged: judged.extensionsChanged,
    selfRemoved,
    group: next,
    hash: frameHash(opened.frame),
  }
}

/** The reference of the KeyPackage that adds this device anew. */
async function ownReturn(group: Group, proposals: Proposal[], { adds }: JudgedCommit): Promise<string | undefined> {
  const added = proposals.filter((proposal) => proposal.proposalType === 'add')
  const own = added[adds.findIndex(({ rejoins }) => rejoins === group.ownLeaf)]
  return own && keyPackageRef(own.add.keyPackage)
}

/**
 * The path must be there where RFC 9420 §12.4 demands it (the library forgets it for changed extensions), and its leaf
 * must be the sender's old one with a new HPKE key: a device does not change who it is.
 */
function judgePath(state: ClientState, sender: GroupMember, commit: Commit, judged: JudgedCommit): void {
  const { path } = commit
  const required = commit.proposals.length === 0 || judged.removedLeaves.length > 0 || judged.extensionsChanged
  if (required && !path) throw new Refusal('path-required')
  if (!path) return
  const { credential, signaturePublicKey, hpkePublicKey, extensions } = path.leafNode
  const same =
    credential.credentialType === 'basic' &&
    equalBytes(credential.identity, sender.credential) &&
    equalBytes(signaturePublicKey, sender.signatureKey) &&
    extensions.length === 0 &&
    equalBytes(encodeCapabilities(path.leafNode.capabilities), encodeCapabilities(capabilities))
  if (!same) throw new Refusal('leaf-changed')
  const keys = [hpkePublicKey, ...path.nodes.map((node) => node.hpkePublicKey)]
  const old = state.ratchetTree.flatMap((node) =>
    node ? [node.nodeType === 'leaf' ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey] : [],
  )
  const added = judged.adds.map(({ said }) => said.leafKey)
  // Of a thousand keys the first bytes will do: two that were drawn never share them, and the same key always does.
  const names = [...old, ...added, ...keys].map((key) => toBase64Url(key.subarray(0, 32)))
  if (keys.some((key) => key.length !== hpkePublicKeyBytes) || new Set(names).size !== names.length) {
    throw new Refusal('bad-path')
  }
}

function pskOf(
  group: Group,
  judged: JudgedCommit,
  { id, from }: { id: string; from: DeviceId },
  sources: Sources,
): Uint8Array | undefined {
  const { invite } = judged
  if (invite && group.purpose.kind === 'room' && id === linkPskId(group.purpose.address, invite.id)) {
    return linkPsk(group.purpose.address, invite.secret)
  }
  return sources.psks?.(id, from)
}

/** Says yes to the leaves that were there and to those whose bundles were checked, each with its own key. */
function authServiceFor(state: ClientState, judged: JudgedCommit): ClientState['clientConfig']['authService'] {
  const name = (credential: Uint8Array, key: Uint8Array) => `${toBase64Url(credential)} ${toBase64Url(key)}`
  const sound = new Set([
    ...leavesOf(state.ratchetTree).map(({ credential, signatureKey }) => name(credential, signatureKey)),
    ...judged.adds.map(({ said }) => name(said.credential, said.signatureKey)),
  ])
  return {
    validateCredential: async (credential, key) =>
      credential.credentialType === 'basic' && sound.has(name(credential.identity, key)),
  }
}
