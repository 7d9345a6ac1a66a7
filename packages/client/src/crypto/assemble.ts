/**
 * Builds a Commit and its Welcome from the library's parts (RFC 9420 §12.4.1, §12.4.3.1).
 *
 * The library's own `createCommit` will not do. It encrypts the path secrets under the old GroupContext extensions
 * where its receivers, rightly, expect the new ones, so a commit that removes somebody and voids the invites opens for
 * nobody; it leaves out the path that a change of extensions demands; and it reads the machine's clock.
 */
import type { ClientState, Proposal, PskIndex, Welcome } from 'ts-mls'
import { zeroOutUint8Array } from 'ts-mls'
import { applyProposals, nextEpochContext } from 'ts-mls/clientState.js'
import { createGroupInfoWithRatchetTree } from 'ts-mls/createCommit.js'
import { createConfirmationTag, createContentCommitSignature } from 'ts-mls/framedContent.js'
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js'
import { initializeEpoch } from 'ts-mls/keySchedule.js'
import { protect } from 'ts-mls/messageProtection.js'
import { getCommitSecret, pathToPathSecrets } from 'ts-mls/pathSecrets.js'
import { mergePrivateKeyPaths, toPrivateKeyPath, updateLeafKey } from 'ts-mls/privateKeyPath.js'
import { encodePrivateMessageContent } from 'ts-mls/privateMessage.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { leafToNodeIndex, leafWidth, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js'
import { createUpdatePath, firstCommonAncestor } from 'ts-mls/updatePath.js'
import { encryptGroupInfo, encryptGroupSecrets } from 'ts-mls/welcome.js'
import { Refusal } from './errors.ts'
import { encodeFrame, paddedLength } from './frames.ts'
import { newSecretTree, withRatchets } from './secret-tree.ts'
import { eraseConsumed, settle } from './state.ts'
import { suite } from './suite.ts'

export interface AssembledCommit {
  frame: Uint8Array<ArrayBuffer>
  welcome?: Uint8Array<ArrayBuffer>
  state: ClientState
  /** It has a path: fresh HPKE keys of the committer. */
  path: boolean
}

export async function assembleCommit(
  state: ClientState,
  proposals: readonly Proposal[],
  pskIndex: PskIndex,
  authenticatedData: Uint8Array = new Uint8Array(0),
): Promise<AssembledCommit> {
  const { keySchedule, signaturePrivateKey, privatePath } = state
  const ownLeaf = toLeafIndex(privatePath.leafIndex)
  const inline = proposals.map((proposal) => ({ proposalOrRefType: 'proposal', proposal }) as const)
  const applied = await applyProposals(state, inline, ownLeaf, pskIndex, false, suite)
  if (applied.additionalResult.kind !== 'memberCommit') throw new Refusal('proposal-kind')
  const { addedLeafNodes, extensions } = applied.additionalResult
  const groupContext = extensions.length > 0 ? { ...state.groupContext, extensions } : state.groupContext

  const needsPath = applied.needsUpdatePath || extensions.length > 0
  const newLeaves = addedLeafNodes.map(([leaf]) => leafToNodeIndex(leaf))
  const [tree, path, pathSecrets, leafKey] = needsPath
    ? await createUpdatePath(applied.tree, ownLeaf, groupContext, signaturePrivateKey, suite, newLeaves)
    : [applied.tree, undefined, [], undefined]
  const ownPath = leafKey ? updateLeafKey(privatePath, await suite.hpke.exportPrivateKey(leafKey)) : privatePath
  const derived = await toPrivateKeyPath(pathToPathSecrets(pathSecrets), privatePath.leafIndex, suite)
  const lowest = pathSecrets.at(-1)
  const commitSecret = lowest
    ? await getCommitSecret(tree, toNodeIndex(lowest.nodeIndex), lowest.secret, suite.kdf)
    : new Uint8Array(suite.kdf.size)

  const { signature, framedContent } = await createContentCommitSignature(
    state.groupContext,
    'mls_private_message',
    { proposals: inline, path },
    { senderType: 'member', leafIndex: privatePath.leafIndex },
    authenticatedData,
    signaturePrivateKey,
    suite.signature,
  )
  const treeHash = await treeHashRoot(tree, suite.hash)
  const nextContext = await nextEpochContext(
    groupContext,
    'mls_private_message',
    framedContent,
    signature,
    treeHash,
    state.confirmationTag,
    suite.hash,
  )
  const epoch = await initializeEpoch(keySchedule.initSecret, commitSecret, nextContext, applied.pskSecret, suite.kdf)
  const confirmationTag = await createConfirmationTag(
    epoch.keySchedule.confirmationKey,
    nextContext.confirmedTranscriptHash,
    suite.hash,
  )

  const content = { ...framedContent, auth: { contentType: framedContent.contentType, signature, confirmationTag } }
  const bareLength = encodePrivateMessageContent({ kind: 'alwaysPad', paddingLength: 0 })(content).length
  const sealed = await protect(
    keySchedule.senderDataSecret,
    authenticatedData,
    state.groupContext,
    withRatchets(state.secretTree, privatePath.leafIndex),
    content,
    privatePath.leafIndex,
    { kind: 'padUntilLength', padUntilLength: paddedLength(bareLength) },
    suite,
  )
  eraseConsumed(sealed.consumed, state, privatePath.leafIndex)

  const next: ClientState = {
    ...state,
    groupContext: nextContext,
    ratchetTree: tree,
    secretTree: newSecretTree(leafWidth(tree.length), epoch.encryptionSecret),
    keySchedule: epoch.keySchedule,
    privatePath: mergePrivateKeyPaths(ownPath, derived),
    unappliedProposals: {},
    confirmationTag,
    groupActiveState: { kind: 'active' },
  }
  const welcome = newLeaves.length > 0 ? await assembleWelcome() : undefined
  const spent = [commitSecret, epoch.encryptionSecret, epoch.joinerSecret, epoch.welcomeSecret, applied.pskSecret]
  for (const secret of [...spent, ...pathSecrets.map(({ secret }) => secret)]) zeroOutUint8Array(secret)
  return {
    path: path !== undefined,
    frame: encodeFrame({
      version: 'mls10',
      wireformat: 'mls_private_message',
      privateMessage: sealed.privateMessage,
    }),
    ...(welcome ? { welcome } : {}),
    state: settle(next),
  }

  async function assembleWelcome(): Promise<Uint8Array<ArrayBuffer>> {
    const groupInfo = await createGroupInfoWithRatchetTree(nextContext, confirmationTag, state, tree, [], suite)
    const encryptedGroupInfo = await encryptGroupInfo(groupInfo, epoch.welcomeSecret, suite)
    const secrets: Welcome['secrets'] = []
    for (const [leaf, keyPackage] of addedLeafNodes) {
      const shared = firstCommonAncestor(tree, leaf, ownLeaf)
      const groupSecrets = {
        joinerSecret: epoch.joinerSecret,
        pathSecret: pathSecrets.find(({ nodeIndex }) => nodeIndex === shared)?.secret,
        psks: applied.pskIds,
      }
      const initKey = await suite.hpke.importPublicKey(keyPackage.initKey)
      const { enc, ct } = await encryptGroupSecrets(initKey, encryptedGroupInfo, groupSecrets, suite.hpke)
      secrets.push({
        newMember: await makeKeyPackageRef(keyPackage, suite.hash),
        encryptedGroupSecrets: { kemOutput: enc, ciphertext: ct },
      })
    }
    const welcome: Welcome = { cipherSuite: suite.name, secrets, encryptedGroupInfo }
    return encodeFrame({ version: 'mls10', wireformat: 'mls_welcome', welcome })
  }
}
