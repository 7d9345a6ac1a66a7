/**
 * The vectors of the MLS working group (suites 1 to 7; ours is none of them): the passive clients through the public interface
 * of the library that we build on, and through our own processing of commits beside it; secret trees through our own, where
 * the suite has SHA-512 as ours has. They have no licence, so they are not in the tree: QSEC_MLS_VECTORS names a folder with
 * passive-client-*.json and secret-tree.json from github.com/mlswg/mls-implementations. What is skipped without it runs on
 * stories of our own, which the library writes in the same form.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fromUtf8 } from '@qsec/protocol'
import {
  acceptAll,
  bytesToBase64,
  type CiphersuiteImpl,
  type CiphersuiteName,
  type ClientState,
  ciphersuites,
  createCommit,
  createGroup,
  decodeMlsMessage,
  defaultCapabilities,
  defaultKeyRetentionConfig,
  defaultLifetime,
  encodeMlsMessage,
  generateKeyPackage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroup,
  type MLSMessage,
  makePskIndex,
  type Proposal,
  processMessage,
  processPrivateMessage,
  type RatchetTree,
} from 'ts-mls'
import type { AuthenticatedContentCommit } from 'ts-mls/authenticatedContent.js'
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js'
import { unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js'
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js'
import { deriveKey, deriveNonce, ratchetUntil } from 'ts-mls/secretTree.js'
import { describe, expect, it } from 'vitest'
import { applyCommit } from './apply.ts'
import { newSecretTree, withRatchets } from './secret-tree.ts'

/** Of SHA-512, for which our secret tree is made. */
const secretBytes = 64

interface Vector {
  cipher_suite: number
  external_psks: { psk_id: string; psk: string }[]
  key_package: string
  signature_priv: string
  encryption_priv: string
  init_priv: string
  welcome: string
  ratchet_tree?: string | null
  initial_epoch_authenticator: string
  epochs: { proposals: string[]; commit: string; epoch_authenticator: string }[]
}

const folder = process.env.QSEC_MLS_VECTORS ?? ''
const files =
  folder && existsSync(folder) ? readdirSync(folder).filter((file) => /^passive-client-.*\.json$/.test(file)) : []

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
function message<K extends MLSMessage['wireformat']>(
  hex: string,
  ...kinds: K[]
): Extract<MLSMessage, { wireformat: K }> {
  const hit = decodeMlsMessage(bytes(hex), 0)
  if (!hit || hit[1] !== hex.length / 2 || !kinds.includes(hit[0].wireformat as K))
    throw new Error('vector: no such frame')
  return hit[0] as Extract<MLSMessage, { wireformat: K }>
}

function suiteOf(number: number): Promise<CiphersuiteImpl> {
  const name = Object.entries(ciphersuites).find(([, id]) => id === number)?.[0]
  if (!name) throw new Error(`vector: suite ${number}`)
  return getCiphersuiteImpl(getCiphersuiteFromName(name as CiphersuiteName))
}

/** @param ours - our own processing of commits goes beside the library's, and in its place where the suite's hash is SHA-512 */
async function follow(vector: Vector, ours = false): Promise<number> {
  const suite = await suiteOf(vector.cipher_suite)
  const { welcome } = message(vector.welcome, 'mls_welcome')
  const { keyPackage } = message(vector.key_package, 'mls_key_package')
  const keys = {
    initPrivateKey: bytes(vector.init_priv),
    hpkePrivateKey: bytes(vector.encryption_priv),
    signaturePrivateKey: bytes(vector.signature_priv),
  }
  const secrets = Object.fromEntries(
    vector.external_psks.map(({ psk_id, psk }) => [bytesToBase64(bytes(psk_id)), bytes(psk)]),
  )
  let tree: RatchetTree | undefined
  if (vector.ratchet_tree) tree = decodeRatchetTree(bytes(vector.ratchet_tree), 0)?.[0]
  const psks = makePskIndex(undefined, secrets)
  let state = await joinGroup(welcome, keyPackage, keys, psks, suite, tree)
  expect(state.keySchedule.epochAuthenticator).toEqual(bytes(vector.initial_epoch_authenticator))
  let own = 0
  for (const { proposals, commit, epoch_authenticator } of vector.epochs) {
    for (const frame of proposals) state = await step(state, frame, secrets, suite)
    const before = state
    state = await step(state, commit, secrets, suite)
    expect(state.keySchedule.epochAuthenticator).toEqual(bytes(epoch_authenticator))
    const made = ours && (await ownStep(before, commit, secrets, suite))
    if (!made) continue
    own++
    for (const part of ['groupContext', 'ratchetTree', 'keySchedule', 'privatePath', 'confirmationTag'] as const) {
      expect(made[part], part).toEqual(state[part])
    }
    if (suite.kdf.size !== secretBytes) continue
    for (let leaf = 0; 2 * leaf < state.secretTree.length; leaf++) {
      expect(withRatchets(made.secretTree, leaf)[2 * leaf]).toEqual(state.secretTree[2 * leaf])
    }
  }
  return own
}

/** Undefined where the committer is no member yet, whom we never let in so (CR28). */
async function ownStep(
  state: ClientState,
  frame: string,
  secrets: Record<string, Uint8Array>,
  suite: CiphersuiteImpl,
): Promise<ClientState | undefined> {
  const got = message(frame, 'mls_private_message', 'mls_public_message')
  const { keySchedule, groupContext, ratchetTree, secretTree, clientConfig } = state
  const opened =
    got.wireformat === 'mls_private_message'
      ? (
          await unprotectPrivateMessage(
            keySchedule.senderDataSecret,
            got.privateMessage,
            secretTree,
            ratchetTree,
            groupContext,
            clientConfig.keyRetentionConfig,
            suite,
          )
        ).content
      : await unprotectPublicMessage(keySchedule.membershipKey, groupContext, ratchetTree, got.publicMessage, suite)
  if (opened.content.sender.senderType !== 'member') return undefined
  return applyCommit(state, opened as AuthenticatedContentCommit, makePskIndex(state, secrets), suite)
}

async function step(
  state: ClientState,
  frame: string,
  secrets: Record<string, Uint8Array>,
  suite: CiphersuiteImpl,
): Promise<ClientState> {
  const got = message(frame, 'mls_private_message', 'mls_public_message')
  const psks = makePskIndex(state, secrets)
  // The library's own processMessage loses external PSKs of private messages.
  const done =
    got.wireformat === 'mls_private_message'
      ? await processPrivateMessage(state, got.privateMessage, psks, suite, acceptAll)
      : await processMessage(got, state, psks, acceptAll, suite)
  return done.newState
}

interface TreeVector {
  cipher_suite: number
  encryption_secret: string
  leaves: {
    generation: number
    application_key: string
    application_nonce: string
    handshake_key: string
    handshake_nonce: string
  }[][]
}

async function climb({ cipher_suite, encryption_secret, leaves }: TreeVector): Promise<boolean> {
  const suite = await suiteOf(cipher_suite)
  if (suite.kdf.size !== secretBytes) return false
  const tree = newSecretTree(leaves.length, bytes(encryption_secret))
  for (const [leaf, generations] of leaves.entries()) {
    for (const { generation, ...wanted } of generations) {
      const node = withRatchets(tree, leaf)[2 * leaf]!
      for (const kind of ['application', 'handshake'] as const) {
        const [{ secret }] = await ratchetUntil(node[kind], generation, defaultKeyRetentionConfig, suite.kdf)
        expect(await deriveKey(secret, generation, suite)).toEqual(bytes(wanted[`${kind}_key`]))
        expect(await deriveNonce(secret, generation, suite)).toEqual(bytes(wanted[`${kind}_nonce`]))
      }
    }
  }
  return true
}

const readVectors = <T>(file: string): T[] => JSON.parse(fromUtf8(readFileSync(path.join(folder, file)))!) as T[]
const treeFile = 'secret-tree.json'

describe.skipIf(files.length === 0)('official vectors', () => {
  it.each(files)('[CR69] %s: so does our own processing of commits', { timeout: 300_000 }, async (file) => {
    let commits = 0
    for (const vector of readVectors<Vector>(file)) commits += await follow(vector, true)
    console.info(`[CR69] ${file}: ${commits} commits`)
  })

  it.each(files)('[CR68] %s: every epoch of every client is reached', { timeout: 300_000 }, async (file) => {
    const vectors = readVectors<Vector>(file)
    expect(vectors.length).toBeGreaterThan(0)
    for (const vector of vectors) await follow(vector)
  })
})

it.skipIf(!existsSync(path.join(folder || '/nowhere', treeFile)))(
  '[CR70] secret-tree.json: our secret tree gives every key and nonce',
  {
    timeout: 120_000,
  },
  async () => {
    let trees = 0
    for (const vector of readVectors<TreeVector>(treeFile)) if (await climb(vector)) trees++
    expect(trees).toBeGreaterThan(0)
  },
)

const hex = (raw: Uint8Array): string => Buffer.from(raw).toString('hex')

/** A story in the form of the vectors: somebody is added, and follows commits of all kinds. Written by the library. */
async function ownStory(number: number): Promise<Vector> {
  const suite = await suiteOf(number)
  const device = async (name: string) =>
    generateKeyPackage(
      { credentialType: 'basic', identity: new TextEncoder().encode(name) },
      defaultCapabilities(),
      defaultLifetime,
      [],
      suite,
    )
  const [ana, passive, third] = [await device('Ana'), await device('Passive'), await device('Third')]
  const psk = new Uint8Array(suite.kdf.size).fill(7)
  const pskId = new TextEncoder().encode('shared')
  const pskIndex = makePskIndex(undefined, { [bytesToBase64(pskId)]: psk })
  let state = await createGroup(new Uint8Array(16).fill(1), ana.publicPackage, ana.privatePackage, [], suite)
  const add = (one: typeof third): Proposal => ({ proposalType: 'add', add: { keyPackage: one.publicPackage } })
  const commit = async (extraProposals: Proposal[], wireAsPublicMessage = false) => {
    const options = { extraProposals, wireAsPublicMessage, ratchetTreeExtension: true }
    const made = await createCommit({ state, cipherSuite: suite, pskIndex }, options)
    state = made.newState
    return made
  }
  const { welcome } = await commit([add(passive)])
  const initial = hex(state.keySchedule.epochAuthenticator)
  const preSharedKeyId = { psktype: 'external', pskId, pskNonce: new Uint8Array(suite.kdf.size).fill(3) } as const
  const remove: Proposal = { proposalType: 'remove', remove: { removed: 2 } }
  const withPsk: Proposal = { proposalType: 'psk', psk: { preSharedKeyId } }
  const epochs: Vector['epochs'] = []
  for (const proposals of [[], [add(third)], [withPsk], [remove], []]) {
    const made = await commit(proposals, epochs.length % 2 === 1)
    epochs.push({
      proposals: [],
      commit: hex(encodeMlsMessage(made.commit)),
      epoch_authenticator: hex(state.keySchedule.epochAuthenticator),
    })
  }
  const frame = (body: object) => hex(encodeMlsMessage({ version: 'mls10', ...body } as MLSMessage))
  return {
    cipher_suite: number,
    external_psks: [{ psk_id: hex(pskId), psk: hex(psk) }],
    key_package: frame({ wireformat: 'mls_key_package', keyPackage: passive.publicPackage }),
    signature_priv: hex(passive.privatePackage.signaturePrivateKey),
    encryption_priv: hex(passive.privatePackage.hpkePrivateKey),
    init_priv: hex(passive.privatePackage.initPrivateKey),
    welcome: frame({ wireformat: 'mls_welcome', welcome }),
    initial_epoch_authenticator: initial,
    epochs,
  }
}

it.each([1, 2, 5])(
  '[CR71] in suite %i our own processing follows a story in the form of the official ones, and refuses one that is changed',
  async (number) => {
    const story = await ownStory(number)
    expect(await follow(story, true)).toBe(story.epochs.length)
    const [first, second, ...rest] = story.epochs as [Vector['epochs'][number], Vector['epochs'][number]]
    await expect(
      follow(
        { ...story, epochs: [first, { ...second, epoch_authenticator: first.epoch_authenticator }, ...rest] },
        true,
      ),
    ).rejects.toThrow()
    await expect(follow({ ...story, epochs: [second, first, ...rest] }, true)).rejects.toThrow()
  },
)
