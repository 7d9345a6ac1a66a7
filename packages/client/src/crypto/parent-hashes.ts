/**
 * The hashes of a ratchet tree (RFC 9420 §7.8, §7.9), each subtree's once. The library's `verifyParentHashes` hashes a
 * subtree anew for every node above it, and copies the whole tree each time: for 500 members that is most of a join.
 */
import { equalBytes } from '@qsec/protocol'
import type { RatchetTree } from 'ts-mls'
import { calculateParentHash, encodeParentHashInput } from 'ts-mls/parentHash.js'
import { findFirstNonBlankAncestor } from 'ts-mls/ratchetTree.js'
import { encodeLeafNodeHashInput, encodeParentNodeHashInput } from 'ts-mls/treeHash.js'
import { leafWidth, left, right, root, toNodeIndex } from 'ts-mls/treemath.js'
import { suite } from './suite.ts'

export interface TreeHashes {
  /** The tree hash of the subtree below each node, by node index. */
  below: readonly Uint8Array[]
  root: Uint8Array
}

/** @param tree - full, as the library keeps it: 2^k - 1 nodes, leaves and parents in their places */
export async function treeHashes(tree: RatchetTree): Promise<TreeHashes> {
  const below = new Array<Uint8Array>(tree.length)
  for (let i = 0; i < tree.length; i += 2) {
    const node = tree[i]
    const leafNode = node?.nodeType === 'leaf' ? node.leaf : undefined
    below[i] = await suite.hash.digest(encodeLeafNodeHashInput({ nodeType: 'leaf', leafIndex: i / 2, leafNode }))
  }
  for (let half = 1; half < tree.length; half *= 2) {
    for (let i = 2 * half - 1; i < tree.length; i += 4 * half) {
      const node = tree[i]
      const parentNode = node?.nodeType === 'parent' ? node.parent : undefined
      const [leftHash, rightHash] = [below[i - half]!, below[i + half]!]
      below[i] = await suite.hash.digest(
        encodeParentNodeHashInput({ nodeType: 'parent', parentNode, leftHash, rightHash }),
      )
    }
  }
  return { below, root: below[root(leafWidth(tree.length))]! }
}

/** Whether each parent has exactly one node below it whose parent hash is that of this parent (RFC 9420 §7.9.2). */
export async function parentHashesHold(tree: RatchetTree, { below }: TreeHashes): Promise<boolean> {
  const covered = new Map<number, number>()
  const top = root(leafWidth(tree.length))
  for (let leaf = 0; leaf < tree.length; leaf += 2) {
    for (let at = leaf; at !== top; ) {
      const expected = parentHashIn(tree[at])
      const above: number = findFirstNonBlankAncestor(tree, toNodeIndex(at))
      if (!expected || !tree[above] || !equalBytes(await parentHashAt(tree, below, at, above), expected)) break
      covered.set(above, (covered.get(above) ?? 0) + 1)
      at = above
    }
  }
  return tree.every((node, i) => node?.nodeType !== 'parent' || covered.get(i) === 1)
}

function parentHashIn(node: RatchetTree[number]): Uint8Array | undefined {
  if (node?.nodeType === 'parent') return node.parent.parentHash
  return node?.leaf.leafNodeSource === 'commit' ? node.leaf.parentHash : undefined
}

async function parentHashAt(
  tree: RatchetTree,
  below: readonly Uint8Array[],
  at: number,
  above: number,
): Promise<Uint8Array> {
  const node = tree[above]
  if (node?.nodeType !== 'parent') return new Uint8Array(0)
  const { hpkePublicKey, parentHash, unmergedLeaves } = node.parent
  const index = toNodeIndex(above)
  const sibling: number = at < above ? right(index) : left(index)
  const reach = Math.abs(sibling - above)
  // The sibling's hash is that of before these leaves came; without any of them below it, it is the one of now.
  const sameAsNow = unmergedLeaves.every((leaf) => Math.abs(2 * leaf - sibling) >= reach)
  if (!sameAsNow) return (await calculateParentHash(tree, toNodeIndex(at), suite.hash))[0]
  return suite.hash.digest(
    encodeParentHashInput({ encryptionKey: hpkePublicKey, parentHash, originalSiblingTreeHash: below[sibling]! }),
  )
}
