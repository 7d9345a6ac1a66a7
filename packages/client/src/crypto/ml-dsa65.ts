/**
 * ML-DSA-65 (FIPS 204) with raw keys: 32-byte seeds, 1,952-byte public keys, 3,309-byte signatures, empty context. It is the
 * platform's where that passes the self-test, several times as fast; JavaScript is loaded only where it does not.
 * Signatures are hedged: by the platform itself, or with the randomness that the caller hands in.
 */
import { fromBase64Url, utf8 } from '@qsec/protocol'
import { mlDsa65 } from './ml-dsa65-lengths.ts'

export { mlDsa65 } from './ml-dsa65-lengths.ts'

export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>

export interface MlDsa65 {
  publicKey(seed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  sign(seed: Uint8Array, message: Uint8Array, hedge: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /** The lengths are right. */
  verify: Verify
}

export async function mlDsa65PublicKey(seed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return (await maker()).publicKey(seed)
}

/** @param hedge - 32 unpredictable bytes: a fault or a repeated state then gives nothing away (FIPS 204 §3.4) */
export async function mlDsa65Sign(
  seed: Uint8Array,
  message: Uint8Array,
  hedge: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return (await maker()).sign(seed, message, hedge)
}

export async function mlDsa65Verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== mlDsa65.publicKeyBytes || signature.length !== mlDsa65.signatureBytes) return false
  return (await verifier())(publicKey, message, signature)
}

/** What is not here yet is loaded at the first use; what could not be had is tried again at the next. */
const javascriptPart = () => import('./suite/javascript-ml-dsa65.ts')

export const javascriptMlDsa65: MlDsa65 = {
  publicKey: async (seed) => (await javascriptPart()).mlDsa65PublicKey(seed),
  sign: async (seed, message, hedge) => (await javascriptPart()).mlDsa65Sign(seed, message, hedge),
  verify: async (publicKey, message, signature) =>
    (await javascriptPart()).mlDsa65Verify(publicKey, message, signature),
}

// The type library does not know the formats yet.
const rawSeed = 'raw-seed' as 'raw'
const rawPublic = 'raw-public' as 'raw'
const algorithm = 'ML-DSA-65'
const bytes = (given: Uint8Array) => given as Uint8Array<ArrayBuffer>

/** Throws where the platform does not know the algorithm, as it does for keys that it cannot read. */
export const webcryptoMlDsa65: MlDsa65 = {
  async publicKey(seed) {
    const key = await crypto.subtle.importKey(rawSeed, bytes(seed), algorithm, true, ['sign'])
    const { pub } = (await crypto.subtle.exportKey('jwk', key)) as { pub?: string }
    return fromBase64Url(pub ?? '') ?? new Uint8Array(0)
  },
  // It has no way to hand a hedge in, and draws one itself.
  async sign(seed, message) {
    const key = await crypto.subtle.importKey(rawSeed, bytes(seed), algorithm, false, ['sign'])
    return new Uint8Array(await crypto.subtle.sign(algorithm, key, bytes(message)))
  },
  async verify(publicKey, message, signature) {
    const key = await crypto.subtle.importKey(rawPublic, bytes(publicKey), algorithm, false, ['verify'])
    return crypto.subtle.verify(algorithm, key, bytes(signature), bytes(message))
  },
}

// Node has it in WebCrypto too, but says on stderr that it is experimental, where programs expect a line of their own.
const inBrowser = !('process' in globalThis)
let chosen: Promise<MlDsa65> | undefined
let offered: Verify | undefined
let chosenVerify: Promise<Verify> | undefined

/** A platform's own code to verify with, which is used from now on if it passes the self-test. */
export function offerMlDsa65Verify(verify: Verify): void {
  offered = verify
  chosenVerify = undefined
}

function maker(): Promise<MlDsa65> {
  chosen ??= chooseMaker()
  return chosen
}

async function chooseMaker(): Promise<MlDsa65> {
  return inBrowser && (await givesKnownAnswers(webcryptoMlDsa65)) ? webcryptoMlDsa65 : javascriptMlDsa65
}

function verifier(): Promise<Verify> {
  chosenVerify ??= chooseVerify()
  return chosenVerify
}

async function chooseVerify(): Promise<Verify> {
  if (offered) return (await passesKnownAnswer(offered)) ? offered : javascriptMlDsa65.verify
  return (await maker()).verify
}

const tried = new Uint8Array(mlDsa65.seedBytes).fill(0x2a)
/** SHA-256 of the public key of the seed `tried`, as OpenSSL and the JavaScript have it. */
const triedKeySha256 = 'b7acce2ddb11f8cc1aa46e2bafac6eacfa2b732ef192bd636ad8d3a56d649c66'

/**
 * That keys come from seeds as in FIPS 204, and not as in the drafts before it; that what is signed holds, for that message and
 * for the empty context alone: contexts came with the same text as the form of what is signed.
 */
export async function givesKnownAnswers({ publicKey, sign, verify }: MlDsa65): Promise<boolean> {
  const message = Uint8Array.of(1, 2, 3)
  try {
    const key = await publicKey(tried)
    const signature = await sign(tried, message, new Uint8Array(mlDsa65.hedgeBytes))
    return (
      hex(await crypto.subtle.digest('SHA-256', bytes(key))) === triedKeySha256 &&
      signature.length === mlDsa65.signatureBytes &&
      (await tells(verify, key, message, signature)) &&
      (await knowsContexts(key, message, signature))
    )
  } catch {
    return false // a platform without it, or with another one of that name
  }
}

/** A signature of the JavaScript code holds, and neither for another message nor bent: two implementations agree. */
export async function passesKnownAnswer(verify: Verify): Promise<boolean> {
  const message = Uint8Array.of(1, 2, 3)
  const publicKey = await javascriptMlDsa65.publicKey(tried)
  const signature = await javascriptMlDsa65.sign(tried, message, new Uint8Array(mlDsa65.hedgeBytes))
  try {
    return await tells(verify, publicKey, message, signature)
  } catch {
    return false // a platform without it, or with another one of that name
  }
}

async function tells(verify: Verify, key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const bent = signature.slice()
  bent[100]! ^= 1
  return (
    (await verify(key, message, signature)) &&
    !(await verify(key, message.subarray(1), signature)) &&
    !(await verify(key, message, bent))
  )
}

async function knowsContexts(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const key = await crypto.subtle.importKey(rawPublic, bytes(publicKey), algorithm, false, ['verify'])
  const under = (context: Uint8Array) =>
    crypto.subtle.verify({ name: algorithm, context } as { name: string }, key, bytes(signature), bytes(message))
  return (await under(new Uint8Array(0))) && !(await under(utf8('other')))
}

function hex(data: ArrayBuffer): string {
  return [...new Uint8Array(data)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
