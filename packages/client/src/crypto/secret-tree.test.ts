import { createSecretTree } from 'ts-mls/secretTree.js'
import { expect, it } from 'vitest'
import { newSecretTree, withRatchets } from './secret-tree.ts'
import { suite } from './suite.ts'
import { random } from './test-world.ts'

it("[CR62] the secret tree, grown leaf by leaf in any order, is the library's", async () => {
  for (const leaves of [1, 2, 8, 16]) {
    const secret = random(64)
    const whole = await createSecretTree(leaves, secret, suite.kdf)
    // 5 and 16 share no divisor: each leaf comes once, out of order.
    const order = Array.from({ length: leaves }, (_, i) => (i * 5) % leaves)
    let tree = newSecretTree(leaves, secret)
    for (const leaf of order) {
      tree = withRatchets(tree, leaf)
      expect(tree[2 * leaf]).toEqual(whole[2 * leaf])
      expect(withRatchets(tree, leaf)).toBe(tree)
    }
    // Nothing is left from which a ratchet could be derived once more.
    for (let node = 1; node < tree.length; node += 2) expect(tree[node]!.handshake.secret).toHaveLength(0)
  }
})

it('[CR63] dividing leaves the tree before it as it was, and shares no divided secret with it', () => {
  const before = newSecretTree(8, random(64))
  const copy = structuredClone(before)
  const after = withRatchets(before, 3)
  expect(before).toEqual(copy)
  const secretsOf = (tree: typeof before) =>
    tree
      .flatMap(({ handshake, application }) => [handshake.secret, application.secret])
      .filter(({ length }) => length > 0)
  expect(secretsOf(before)).toHaveLength(1)
  // Two ratchets, and a secret for each of the three subtrees beside the way; none of them is zero.
  expect(secretsOf(after)).toHaveLength(5)
  expect(secretsOf(after).every((secret) => secret.some((byte) => byte !== 0))).toBe(true)
  expect(secretsOf(after)).not.toContain(secretsOf(before)[0])
  expect(withRatchets(before, 8)).toBe(before)
})
