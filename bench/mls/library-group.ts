/** Groups of ts-mls by itself, for any suite: no rule of ours, everybody is believed. */
import {
  type CiphersuiteImpl,
  type ClientConfig,
  type ClientState,
  createCommit,
  createGroup,
  generateKeyPackage,
  type KeyPackage,
  type PrivateKeyPackage,
  type Proposal,
  type Welcome,
} from 'ts-mls'
import { deriveSecret } from 'ts-mls/crypto/kdf.js'
import { treeHashRoot } from 'ts-mls/treeHash.js'
import { leafToNodeIndex, toLeafIndex } from 'ts-mls/treemath.js'
import { createUpdatePath } from 'ts-mls/updatePath.js'
import { capabilities } from '../../packages/client/src/crypto/extensions.ts'
import { clientConfig } from '../../packages/client/src/crypto/state.ts'
import { utf8 } from '../../packages/protocol/src/index.ts'

/** What QSEC keeps, of past epochs and skipped messages next to nothing, and no check. */
export const benchConfig: ClientConfig = { ...clientConfig, authService: { validateCredential: async () => true } }

export interface Person {
  keyPackage: KeyPackage
  privateKeys: PrivateKeyPackage
}

export async function person(suite: CiphersuiteImpl, name: string): Promise<Person> {
  const lifetime = { notBefore: 0n, notAfter: 4_000_000_000n }
  const suites = { ...capabilities, ciphersuites: [suite.name] }
  const made = await generateKeyPackage({ credentialType: 'basic', identity: utf8(name) }, suites, lifetime, [], suite)
  return { keyPackage: made.publicPackage, privateKeys: made.privatePackage }
}

export interface Batch {
  founder: ClientState
  people: Person[]
  adds: Proposal[]
}

/** A founder alone, and the Add proposals of `size - 1` others. */
export async function founding(suite: CiphersuiteImpl, size: number): Promise<Batch> {
  const first = await person(suite, 'founder')
  const founder = await createGroup(utf8('bench'), first.keyPackage, first.privateKeys, [], suite, benchConfig)
  const people: Person[] = []
  for (let i = 1; i < size; i++) people.push(await person(suite, `person ${i}`))
  const adds = people.map(({ keyPackage }): Proposal => ({ proposalType: 'add', add: { keyPackage } }))
  return { founder, people, adds }
}

export async function addAll(
  suite: CiphersuiteImpl,
  batch: Batch,
): Promise<{ state: ClientState; welcome: Welcome; commit: Uint8Array | undefined }> {
  const { founder, adds } = batch
  const made = await createCommit(
    { state: founder, cipherSuite: suite },
    { extraProposals: adds, ratchetTreeExtension: true },
  )
  return { state: made.newState, welcome: made.welcome!, commit: undefined }
}

/**
 * Two members of a group in which every second member has committed since it came, which is how a room looks that has
 * been in use: no blank node is left. The paths are put into the tree one after the other without the epochs between,
 * since those would take hours.
 */
export async function warmed(
  suite: CiphersuiteImpl,
  state: ClientState,
  people: readonly Person[],
): Promise<{ sender: ClientState; receiver: ClientState }> {
  const leafKeys = new Map<number, Uint8Array>()
  const nodeSecrets = new Map<number, Uint8Array>()
  const signKeys = [state.signaturePrivateKey, ...people.map(({ privateKeys }) => privateKeys.signaturePrivateKey)]
  let tree = state.ratchetTree
  for (let leaf = 0; leaf < signKeys.length; leaf += 2) {
    const [next, , secrets, key] = await createUpdatePath(
      tree,
      toLeafIndex(leaf),
      state.groupContext,
      signKeys[leaf]!,
      suite,
    )
    tree = next
    leafKeys.set(leaf, await suite.hpke.exportPrivateKey(key))
    for (const { nodeIndex, secret } of secrets) nodeSecrets.set(nodeIndex, secret)
  }
  const groupContext = { ...state.groupContext, treeHash: await treeHashRoot(tree, suite.hash) }
  const as = async (leaf: number): Promise<ClientState> => {
    const own = leafToNodeIndex(toLeafIndex(leaf))
    const privateKeys: Record<number, Uint8Array> = {
      [own]: leafKeys.get(leaf) ?? people[leaf - 1]!.privateKeys.hpkePrivateKey,
    }
    for (const [node, secret] of nodeSecrets) {
      if (!isAbove(node, own)) continue
      const pair = await suite.hpke.deriveKeyPair(await deriveSecret(secret, 'node', suite.kdf))
      privateKeys[node] = await suite.hpke.exportPrivateKey(pair.privateKey)
    }
    const privatePath = { leafIndex: leaf, privateKeys }
    return { ...state, groupContext, ratchetTree: tree, privatePath, signaturePrivateKey: signKeys[leaf]! }
  }
  return { sender: await as(0), receiver: await as(signKeys.length >> 1) }
}

/** Whether `node` is an ancestor of `leaf` (RFC 9420 appendix C: a node at level k covers 2^k - 1 to each side). */
function isAbove(node: number, leaf: number): boolean {
  let level = 0
  while ((node >> level) & 1) level++
  return Math.abs(node - leaf) < 1 << level
}
