import type { RatchetTree } from 'ts-mls'
import { verifyParentHashes } from 'ts-mls/parentHash.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { expect, it } from 'vitest'
import { parentHashesHold, treeHashes } from './parent-hashes.ts'
import { stateOf } from './state.ts'
import { suite } from './suite.ts'
import { type Member, World } from './test-world.ts'

it('[CR30] a newcomer enters a tree in which somebody has not yet committed a path', async () => {
  const world = new World()
  const members = await world.room(7)
  const [ana] = members as [Member, ...Member[]]
  // The right half of the tree gets its keys, then an eighth leaf among them, then the root gets new ones.
  await world.apply(members[4]!, members, {})
  members.push(...(await world.admit(ana, members)))
  await world.apply(ana, members, {})
  const [ninth] = await world.admit(ana, members)
  expect(ninth!.group.authenticator).toEqual(ana.group.authenticator)
})

it("[CR61] parent hashes hold exactly where the library's slower check says so", async () => {
  const world = new World()
  const members = await world.room(6)
  const verdicts = new Set<boolean>()
  for (const step of [0, 3, 5, 2]) {
    await world.apply(members[step]!, members, {})
    members.push(...(await world.admit(members[step]!, members)))
    const { ratchetTree } = stateOf(members[0]!.group)
    for (const tree of [ratchetTree, ...bentTrees(ratchetTree)]) {
      const hashes = await treeHashes(tree)
      expect(hashes.root).toEqual(await treeHashRoot(tree, suite.hash))
      const holds = await parentHashesHold(tree, hashes)
      expect(holds).toBe(await verifyParentHashes(tree, suite.hash))
      verdicts.add(holds)
    }
    expect(await parentHashesHold(ratchetTree, await treeHashes(ratchetTree))).toBe(true)
  }
  expect(verdicts.size).toBe(2)
})

/** Each node changed in each way that its parent hash, or one that it is part of, should notice. */
function bentTrees(tree: RatchetTree): RatchetTree[] {
  const bend = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
  return tree.flatMap((node, i): RatchetTree[] => {
    if (!node) return []
    const others: RatchetTree[number][] =
      node.nodeType === 'parent'
        ? [
            { ...node, parent: { ...node.parent, parentHash: bend(node.parent.parentHash) } },
            { ...node, parent: { ...node.parent, hpkePublicKey: bend(node.parent.hpkePublicKey) } },
            { ...node, parent: { ...node.parent, unmergedLeaves: [] } },
            undefined,
          ]
        : [{ ...node, leaf: { ...node.leaf, hpkePublicKey: bend(node.leaf.hpkePublicKey) } }]
    return others.map((other) => tree.with(i, other))
  })
}
