/**
 * ML-DSA-65 (FIPS 204) with raw keys: 32-byte seeds, 1,952-byte public keys, 3,309-byte signatures, empty context.
 * Signatures are hedged with the randomness that the caller hands in. Where the platform has the algorithm and
 * passes the self-test it verifies, ten times as fast as JavaScript; signing is rare and always JavaScript.
 */
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js'

export const mlDsa65 = { seedBytes: 32, publicKeyBytes: 1_952, signatureBytes: 3_309, hedgeBytes: 32 } as const

export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>

export function mlDsa65PublicKey(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  const { publicKey, secretKey } = ml_dsa65.keygen(seed)
  secretKey.fill(0)
  return publicKey as Uint8Array<ArrayBuffer>
}

/** @param hedge - 32 unpredictable bytes: a fault or a repeated state then gives nothing away (FIPS 204 §3.4) */
export function mlDsa65Sign(seed: Uint8Array, message: Uint8Array, hedge: Uint8Array): Uint8Array<ArrayBuffer> {
  const { secretKey } = ml_dsa65.keygen(seed)
  const signature = ml_dsa65.sign(message, secretKey, { extraEntropy: hedge })
  secretKey.fill(0)
  return signature as Uint8Array<ArrayBuffer>
}

export async function mlDsa65Verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== mlDsa65.publicKeyBytes || signature.length !== mlDsa65.signatureBytes) return false
  chosen ??= choose()
  return (await chosen)(publicKey, message, signature)
}

let chosen: Promise<Verify> | undefined
// Node has it in WebCrypto too, but says on stderr that it is experimental, where programs expect a line of their own.
let offered: Verify | undefined = 'process' in globalThis ? undefined : (...given) => nativeVerify(...given)

/** A platform's own code, which is used from now on if it passes the self-test. */
export function offerMlDsa65Verify(verify: Verify): void {
  offered = verify
  chosen = undefined
}

async function choose(): Promise<Verify> {
  return offered && (await passesKnownAnswer(offered)) ? offered : javascriptVerify
}

export const javascriptVerify: Verify = async (publicKey, message, signature) =>
  ml_dsa65.verify(signature, message, publicKey)

/** Throws where the platform does not know the algorithm, as it does for keys that it cannot read. */
export const nativeVerify: Verify = async (publicKey, message, signature) => {
  const bytes = (given: Uint8Array) => given as Uint8Array<ArrayBuffer>
  // The type library does not know the format yet.
  const format = 'raw-public' as 'raw'
  const key = await crypto.subtle.importKey(format, bytes(publicKey), 'ML-DSA-65', false, ['verify'])
  return crypto.subtle.verify('ML-DSA-65', key, bytes(signature), bytes(message))
}

/** A signature of the JavaScript code holds, and neither for another message nor bent: two implementations agree. */
export async function passesKnownAnswer(verify: Verify): Promise<boolean> {
  const seed = new Uint8Array(mlDsa65.seedBytes).fill(0x2a)
  const message = Uint8Array.of(1, 2, 3)
  const publicKey = mlDsa65PublicKey(seed)
  const signature = mlDsa65Sign(seed, message, new Uint8Array(mlDsa65.hedgeBytes))
  const bent = signature.slice()
  bent[100]! ^= 1
  try {
    return (
      (await verify(publicKey, message, signature)) &&
      !(await verify(publicKey, Uint8Array.of(1, 2), signature)) &&
      !(await verify(publicKey, message, bent))
    )
  } catch {
    return false // a platform without it, or with another one of that name
  }
}
