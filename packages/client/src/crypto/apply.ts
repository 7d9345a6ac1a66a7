/**
 * Applies a Commit that was opened and judged (RFC 9420 §12.4.2), from the library's parts, as `assemble.ts` makes one.
 *
 * The library's own `processPrivateMessage` opens the frame a second time, hashes the tree twice and derives every secret
 * of the secret tree: together more than half of what a commit costs among 500 members.
 */
import type { CiphersuiteImpl, ClientState, PskIndex } from 'ts-mls'
import { zeroOutUint8Array } from 'ts-mls'
import type { AuthenticatedContentCommit } from 'ts-mls/authenticatedContent.js'
import {
  applyProposals,
  nextEpochContext,
  throwIfDefined,
  validateLeafNodeCredentialAndKeyUniqueness,
  validateLeafNodeUpdateOrCommit,
} from 'ts-mls/clientState.js'
import { applyUpdatePathSecret } from 'ts-mls/createCommit.js'
import { deriveSecret } from 'ts-mls/crypto/kdf.js'
import { verifyConfirmationTag } from 'ts-mls/framedContent.js'
import { initializeEpoch } from 'ts-mls/keySchedule.js'
import { pathToRoot } from 'ts-mls/pathSecrets.js'
import { mergePrivateKeyPaths, toPrivateKeyPath } from 'ts-mls/privateKeyPath.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { leafToNodeIndex, leafWidth, root, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js'
import { applyUpdatePath } from 'ts-mls/updatePath.js'
import { Refusal } from './errors.ts'
import { newSecretTree } from './secret-tree.ts'

/**
 * The state of the next epoch; undefined where the commit takes this device out. Throws what makes the commit invalid.
 * `state` stays as it was.
 *
 * @param opened - its signature verified against the leaf that it names as its sender
 * @param suite - all that is derived on the way goes through it
 */
export async function applyCommit(
  state: ClientState,
  opened: AuthenticatedContentCommit,
  pskIndex: PskIndex,
  suite: CiphersuiteImpl,
): Promise<ClientState | undefined> {
  const { content, auth } = opened
  const { path, proposals } = content.commit
  if (content.sender.senderType !== 'member' || auth.contentType !== 'commit') throw new Refusal('unknown-sender')
  if (content.epoch !== state.groupContext.epoch) throw new Refusal('stale-epoch')
  const committer = toLeafIndex(content.sender.leafIndex)
  const applied = await applyProposals(state, proposals, committer, pskIndex, false, suite)
  if (applied.additionalResult.kind !== 'memberCommit') throw new Refusal('proposal-kind')
  const { addedLeafNodes, extensions } = applied.additionalResult
  if (path) {
    const { authService } = state.clientConfig
    throwIfDefined(
      await validateLeafNodeUpdateOrCommit(path.leafNode, committer, state.groupContext, authService, suite.signature),
    )
    throwIfDefined(await validateLeafNodeCredentialAndKeyUniqueness(applied.tree, path.leafNode, committer))
  }
  if (applied.needsUpdatePath && !path) throw new Refusal('path-required')
  // Who is taken out cannot open the path, and so cannot check the confirmation tag.
  // The library asks whether the leaf is blank, which it is not where the same commit adds the device again.
  if (applied.selfRemoved || takesOut(state.privatePath.leafIndex, proposals)) return undefined

  const groupContext = extensions.length > 0 ? { ...state.groupContext, extensions } : state.groupContext
  const tree = path ? await applyUpdatePath(applied.tree, committer, path, suite.hash) : applied.tree
  const treeHash = await treeHashRoot(tree, suite.hash)
  let { privatePath } = state
  let commitSecret: Uint8Array = new Uint8Array(suite.kdf.size)
  if (path) {
    const provisional = { ...groupContext, treeHash, epoch: groupContext.epoch + 1n }
    const newLeaves = addedLeafNodes.map(([leaf]) => leafToNodeIndex(leaf))
    const { nodeIndex, pathSecret } = await applyUpdatePathSecret(
      tree,
      privatePath,
      committer,
      provisional,
      path,
      newLeaves,
      suite,
    )
    const pathSecrets = await pathToRoot(tree, toNodeIndex(nodeIndex), pathSecret, suite.kdf)
    privatePath = mergePrivateKeyPaths(privatePath, await toPrivateKeyPath(pathSecrets, privatePath.leafIndex, suite))
    commitSecret = await deriveSecret(pathSecrets[root(leafWidth(tree.length))]!, 'path', suite.kdf)
    for (const secret of Object.values(pathSecrets)) zeroOutUint8Array(secret)
  }

  const nextContext = await nextEpochContext(
    groupContext,
    opened.wireformat,
    content,
    auth.signature,
    treeHash,
    state.confirmationTag,
    suite.hash,
  )
  const { initSecret } = state.keySchedule
  const epoch = await initializeEpoch(initSecret, commitSecret, nextContext, applied.pskSecret, suite.kdf)
  const { keySchedule, encryptionSecret } = epoch
  const holds = await verifyConfirmationTag(
    keySchedule.confirmationKey,
    auth.confirmationTag,
    nextContext.confirmedTranscriptHash,
    suite.hash,
  )
  if (!holds) throw new Refusal('bad-confirmation-tag')
  const next: ClientState = {
    ...state,
    groupContext: nextContext,
    ratchetTree: tree,
    secretTree: newSecretTree(leafWidth(tree.length), encryptionSecret),
    keySchedule,
    privatePath,
    unappliedProposals: {},
    confirmationTag: auth.confirmationTag,
    groupActiveState: { kind: 'active' },
  }
  for (const secret of [commitSecret, encryptionSecret, epoch.joinerSecret, epoch.welcomeSecret, applied.pskSecret]) {
    zeroOutUint8Array(secret)
  }
  return next
}

function takesOut(leaf: number, proposals: AuthenticatedContentCommit['content']['commit']['proposals']): boolean {
  return proposals.some(
    (item) =>
      item.proposalOrRefType === 'proposal' &&
      item.proposal.proposalType === 'remove' &&
      item.proposal.remove.removed === leaf,
  )
}
