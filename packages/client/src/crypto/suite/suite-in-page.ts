/** The suite in a page of a real browser: which implementations it has there, and what they make of given bytes. */
import { fromBase64Url, toBase64Url } from '@qsec/protocol'
import type { CiphersuiteImpl } from 'ts-mls'
import { givesKnownAnswers, mlDsa65PublicKey, mlDsa65Sign, mlDsa65Verify, webcryptoMlDsa65 } from '../ml-dsa65.ts'
import { suite, suiteBackends } from '../suite.ts'
import { type Backends, pickBackends } from './backends.ts'
import { makeSuite } from './make-suite.ts'
import { makeSigner } from './signer.ts'

const javascript = await pickBackends(undefined, true)
export type Which = 'page' | 'javascript'
const suites: Record<Which, CiphersuiteImpl> = {
  page: suite,
  javascript: await makeSuite(javascript, makeSigner(javascript.ed25519)),
}

export function backendsHere(): Backends['madeBy'] {
  return suiteBackends()
}

export interface Sealed {
  enc: string
  ct: string
}

const read = (text: string) => fromBase64Url(text)!

/** The public key that belongs to the input key material. */
export async function publicKeyOf(which: Which, ikm: string): Promise<string> {
  const { hpke } = suites[which]
  return toBase64Url(await hpke.exportPublicKey((await hpke.deriveKeyPair(read(ikm))).publicKey))
}

export async function sealTo(which: Which, publicKey: string, plaintext: string): Promise<Sealed> {
  const { hpke } = suites[which]
  const key = await hpke.importPublicKey(read(publicKey))
  const { enc, ct } = await hpke.seal(key, read(plaintext), new Uint8Array(1), new Uint8Array(2))
  return { enc: toBase64Url(enc), ct: toBase64Url(ct) }
}

export async function openWith(which: Which, ikm: string, { enc, ct }: Sealed): Promise<string> {
  const { hpke } = suites[which]
  const { privateKey } = await hpke.deriveKeyPair(read(ikm))
  return toBase64Url(await hpke.open(privateKey, read(enc), read(ct), new Uint8Array(1), new Uint8Array(2)))
}

export async function sign(which: Which, seed: string, message: string): Promise<string> {
  return toBase64Url(await suites[which].signature.sign(read(seed), read(message)))
}

export async function verify(which: Which, key: string, message: string, signature: string): Promise<boolean> {
  return suites[which].signature.verify(read(key), read(message), read(signature))
}

/** Whether the browser's own ML-DSA-65 is taken. */
export function hasMlDsa65(): Promise<boolean> {
  return givesKnownAnswers(webcryptoMlDsa65)
}

export async function mlDsa65Signed(seed: string, message: string): Promise<{ publicKey: string; signature: string }> {
  const hedge = crypto.getRandomValues(new Uint8Array(32))
  const [publicKey, signature] = await Promise.all([
    mlDsa65PublicKey(read(seed)),
    mlDsa65Sign(read(seed), read(message), hedge),
  ])
  return { publicKey: toBase64Url(publicKey), signature: toBase64Url(signature) }
}

export function mlDsa65Holds(publicKey: string, message: string, signature: string): Promise<boolean> {
  return mlDsa65Verify(read(publicKey), read(message), read(signature))
}

/** Wall milliseconds of one sealing and one opening, over many. */
export async function pace(which: Which): Promise<{ sealMs: number; openMs: number }> {
  const ikm = toBase64Url(crypto.getRandomValues(new Uint8Array(32)))
  const publicKey = await publicKeyOf(which, ikm)
  const count = 50
  const sealed: Sealed[] = []
  const start = performance.now()
  for (let i = 0; i < count; i++) sealed.push(await sealTo(which, publicKey, ikm))
  const middle = performance.now()
  for (const one of sealed) await openWith(which, ikm, one)
  return { sealMs: (middle - start) / count, openMs: (performance.now() - middle) / count }
}
