/**
 * The passive-client vectors of the MLS working group (suites 1 to 7; ours is none of them), through the public interface
 * of the library that we build on. They have no licence, so they are not in the tree: QSEC_MLS_VECTORS names a folder with
 * passive-client-*.json from github.com/mlswg/mls-implementations, and without it these tests are skipped.
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
  decodeMlsMessage,
  getCiphersuiteFromName,
  getCiphersuiteImpl,
  joinGroup,
  type MLSMessage,
  makePskIndex,
  processMessage,
  processPrivateMessage,
  type RatchetTree,
} from 'ts-mls'
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js'
import { describe, expect, it } from 'vitest'

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

async function follow(vector: Vector): Promise<void> {
  const name = Object.entries(ciphersuites).find(([, id]) => id === vector.cipher_suite)?.[0]
  if (!name) throw new Error(`vector: suite ${vector.cipher_suite}`)
  const suite = await getCiphersuiteImpl(getCiphersuiteFromName(name as CiphersuiteName))
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
  for (const { proposals, commit, epoch_authenticator } of vector.epochs) {
    for (const frame of [...proposals, commit]) state = await step(state, frame, secrets, suite)
    expect(state.keySchedule.epochAuthenticator).toEqual(bytes(epoch_authenticator))
  }
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

describe.skipIf(files.length === 0)('official vectors', () => {
  it.each(files)('[CR68] %s: every epoch of every client is reached', { timeout: 300_000 }, async (file) => {
    const vectors = JSON.parse(fromUtf8(readFileSync(path.join(folder, file)))!) as Vector[]
    expect(vectors.length).toBeGreaterThan(0)
    for (const vector of vectors) await follow(vector)
  })
})
