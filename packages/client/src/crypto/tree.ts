/**
 * A ratchet tree that came with a Welcome (RFC 9420 §12.4.3.1, §7.3, §7.9).
 *
 * The library's `validateRatchetTree` refuses sound trees: where a node has an unmerged leaf it wants all ancestors up
 * to the root to have exactly the same ones, while RFC 9420 speaks of the nodes between the two. After any path that
 * renews the root above an unmerged leaf, its joiners would stay outside.
 */
import { equalBytes, toBase64Url } from '@qsec/protocol'
import type { GroupContext, LeafNode, ParentNode, RatchetTree } from 'ts-mls'
import { encodeCapabilities } from 'ts-mls/capabilities.js'
import { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js'
import { directPath, isLeaf, leafToNodeIndex, leafWidth, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js'
import { Refusal } from './errors.ts'
import { capabilities } from './extensions.ts'
import { isSoundLifetime } from './key-package.ts'
import { parentHashesHold, treeHashes } from './parent-hashes.ts'
import { identityOf } from './state.ts'
import { hpkePublicKeyBytes, suite } from './suite.ts'

/** Throws `Refusal` unless the tree is the one the GroupContext means. Who its leaves are, others check. */
export async function validateTree(tree: RatchetTree, groupContext: GroupContext): Promise<void> {
  const keys = new Set<string>()
  const once = (key: Uint8Array) => {
    const name = toBase64Url(key)
    if (keys.has(name)) throw new Refusal('duplicate-device')
    keys.add(name)
  }
  for (const [i, node] of tree.entries()) {
    if (!node) continue
    if ((node.nodeType === 'leaf') !== isLeaf(toNodeIndex(i))) throw new Refusal('bad-tree')
    const { hpkePublicKey } = node.nodeType === 'leaf' ? node.leaf : node.parent
    if (hpkePublicKey.length !== hpkePublicKeyBytes) throw new Refusal('bad-tree')
    once(hpkePublicKey.subarray(0, 32)) // two that were drawn never share their beginning
    if (node.nodeType === 'leaf') {
      once(node.leaf.signaturePublicKey)
      once(identityOf(node.leaf.credential))
      await validateLeaf(node.leaf, i / 2, groupContext)
    } else {
      validateUnmerged(tree, i, node.parent)
    }
  }
  const hashes = await treeHashes(tree)
  if (!equalBytes(hashes.root, groupContext.treeHash)) throw new Refusal('bad-tree')
  if (!(await parentHashesHold(tree, hashes))) throw new Refusal('bad-tree')
}

async function validateLeaf(leaf: LeafNode, index: number, { groupId }: GroupContext): Promise<void> {
  // A leaf comes from a KeyPackage or from its owner's path; Update proposals are not used.
  if (leaf.leafNodeSource === 'update' || leaf.extensions.length > 0) throw new Refusal('bad-tree')
  if (!equalBytes(encodeCapabilities(leaf.capabilities), encodeCapabilities(capabilities))) {
    throw new Refusal('bad-tree')
  }
  const holds =
    leaf.leafNodeSource === 'key_package'
      ? isSoundLifetime(leaf.lifetime) && (await verifyLeafNodeSignatureKeyPackage(leaf, suite.signature))
      : await verifyLeafNodeSignature(leaf, groupId, index, suite.signature)
  if (!holds) throw new Refusal('bad-tree')
}

/** Each unmerged leaf is there, lies below the node, and is unmerged in every node between the two, in rising order. */
function validateUnmerged(tree: RatchetTree, index: number, { unmergedLeaves }: ParentNode): void {
  for (const [i, leaf] of unmergedLeaves.entries()) {
    if (i > 0 && leaf <= unmergedLeaves[i - 1]!) throw new Refusal('bad-tree')
    const node = leafToNodeIndex(toLeafIndex(leaf))
    if (tree[node]?.nodeType !== 'leaf') throw new Refusal('bad-tree')
    const path: number[] = directPath(node, leafWidth(tree.length))
    const at = path.indexOf(index)
    const between = path.slice(0, at).map((step) => tree[step])
    const listed = between.every((step) => step?.nodeType !== 'parent' || step.parent.unmergedLeaves.includes(leaf))
    if (at < 0 || !listed) throw new Refusal('bad-tree')
  }
}
