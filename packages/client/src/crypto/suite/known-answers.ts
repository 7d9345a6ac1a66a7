/**
 * What a platform's primitives are tried with before they are used. Having an algorithm's name is no sign that it is the
 * one of the standard: there were earlier ML-KEMs. Any failure, thrown or not, means that it is not used.
 */
import { equalBytes, fromBase64Url, utf8 } from '@qsec/protocol'
import type { AesGcm } from './aes-gcm.ts'
import type { Ed25519 } from './ed25519-backends.ts'
import { type HashFunctions, javascriptHashes } from './hash-functions.ts'
import type { KemHalf } from './kem-halves.ts'

interface KemAnswer {
  secret: Uint8Array
  publicKeySha256: Uint8Array
  ciphertext: Uint8Array
  sharedSecret: Uint8Array
}

const hex = (text: string) => Uint8Array.from(text.match(/../g)!, (byte) => Number.parseInt(byte, 16))

/** The ML-KEM half of the first test vector of draft-connolly-cfrg-xwing-kem-09, appendix C. */
const mlKemAnswer: KemAnswer = {
  secret: hex(
    'c44829d2b269887f6150dfaee5a25a704cbc607e57d18a2ffc8734633333cff0' +
      'f0fc6fa4e4827531168087ef223e9b070c5a78a789fd46d4c604d69b1139d4da',
  ),
  publicKeySha256: hex('5a2d6b4ef8e254cbd147fc2434e4979bd82e010ef9624cc5a457dc517c365e7a'),
  ciphertext: fromBase64Url(
    'uDqoKNTWK5qDzv_h09O7HvMSZGQ8BwxXmJJ-QfsHkUonP4-W54Js1TdaKD19qIUwTF3gUWoPBlQkPcW5f4v-uDH2glEhmqvdcjvGUSBB' +
      'rLrvivRCZVJJQrkC5o_9IyIc2nCxtV13apLRFD6joMR19j7miQFXxxFtrj9iv3L2Cs0ruMwxziug3jZPUrjtOMedcZcVljpd04QtjotD' +
      'q3BOR1m1MnvwJ8Y8j6hXxJCNWop7iKx_K-OU2Tw3Bt3U5pjMbONwEB9NAhMlQji0ouiCG25BShzyD2wSRLaZBG9aAcqgoaVVFjALQNIE' +
      'jHfMc6-6ea_uqdLAEYvfKtuIcNwyjFUWzEWxogWBQQOeLJChEKnhazGN-1O9SaEm1rc_IVeHUXuJF8wByr0QfQaFmFTui0-YYcIm03ZM' +
      'hzOasWw2Z9L0k4TlVFbdQEFLcKavhBWF9MkMaHJdV3BO6O585uL5vlgtvumF4Dj_w0br-04iFYtshDdKmrSkTh-R3lqsUZf4m8XlRC9R' +
      '-aWTexAro76uv24cWDgKSl_tzkpOUCb4j1KPWf_S20F1Kzo9kO-r5GOJm31AhwxTDIhB6HErczZo7QM62_r7LUnTekTUBk5YY-sK8KCN' +
      'R7PMiINzvAX3ozuEG8JYfFfraVVOijdnt1BpF7a3BJhyfxbqwaNuyNjPr3UVSfInfbJ36KVamlEGsjoCBrRyH6mzBIVSxb1bWU1uJH84' +
      'wYxZGup_ViSccs57EXr8w6hiFYL5z3F4fhg97gk2eXbphAmtkhekl9-IgEI4TXcHprePX3-4QJ47U1F1NzRht3YALXmcutYoYL5wVz7L' +
      '4Tskbg2n6TpSFo4Ptql1a4le9_AUeg3IG_pkSwiKkigWDA-azxN5opQc0owG68gOROF6ovgXcBCv14qXzgho0WKeuylMUVGBLFg9rriG' +
      'hSIPTakRgRLgcEH8wk1VZKmf294ohp_gciOH16mk0W4cyFVZF-CZRKpeuqrsLPYmk6-tQqP1GPzmfSc8xsn7VHKzgOhXPsfeBqO6L9X5' +
      'MdcltJMCbLCsvT_mLQDkx5DZZdegOjwLQiK6jCqaFuKsZY9XKuDnRur8T-ugI1dvCJQieKBB-4KnClldW6y_KXziApiYpx5cOw0cYii0' +
      'hbGt5QmzX7yn7Kl7ITLny2vEZTdRRrfc6slpMIrAwqyJ54Y-uJQwFbJDFMr7nHwOhf5UPVZljCE2Mlme-r_B7EndjIhUe7LMQMnTjL0w' +
      'mbRUeEBWBTHQGIzR6cI6Dr7goD1Vd9ZrHSvLS6ryHMf-8eA4BsqWKZ3w37xW4bK0Pk_CDDf4NMSvYhJ-fa6Gw8JaL2lqyLWJ3scdWVv7' +
      '6Ute1LwH2ACzMHlv2ontt3vgKUE2E5NU64zTdZFXj5xgDdm-jsYhn91Qet8zl-1NaHB7jROyTOTNj7IoUb_p1jJAfzHtb3yxYA0',
  )!,
  sharedSecret: hex('7631eaf24bcc7ba2d1656d8f53778f8caa5f1ce33180e8ab405b9247eab76dfc'),
}

/** Alice's secret and Bob's public key of RFC 7748 §6.1. */
const x25519Answer: KemAnswer = {
  secret: hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
  publicKeySha256: hex('300c9c9603b92a4b39ed3958bf9240114804db4fd373012c0ca47432d63425ae'),
  ciphertext: hex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'),
  sharedSecret: hex('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742'),
}

/**
 * The same secret with a zero in front. WebKitGTK 2.50 takes zeros off the front of a secret, by libgcrypt's numbers, and then
 * finds it too short: one secret in 256 it cannot use, and a device needs several.
 */
const zeroFirst = (secret: Uint8Array): Uint8Array => Uint8Array.from(secret, (byte, i) => (i === 0 ? 0 : byte))

export function isMlKem(kem: KemHalf): Promise<boolean> {
  return isKem(kem, mlKemAnswer)
}

export async function isX25519(kem: KemHalf): Promise<boolean> {
  const { secret, ciphertext } = x25519Answer
  if (!(await isKem(kem, x25519Answer))) return false
  try {
    // As two libraries have it.
    const expected = hex('c7d513390270122d3da4e49c2f1c161d26c85dd3a7286d6c2139a35cdd1f6b6f')
    return equalBytes(await kem.decapsulate(zeroFirst(secret), ciphertext), expected)
  } catch {
    return false // it cannot use such a secret
  }
}

async function isKem(kem: KemHalf, answer: KemAnswer): Promise<boolean> {
  try {
    const publicKey = await kem.publicKey(answer.secret)
    const opened = await kem.decapsulate(answer.secret, answer.ciphertext)
    const fresh = await kem.encapsulate(publicKey)
    const again = await kem.encapsulate(publicKey)
    return (
      equalBytes(javascriptHashes.sha256([publicKey]), answer.publicKeySha256) &&
      equalBytes(opened, answer.sharedSecret) &&
      fresh.ciphertext.length === answer.ciphertext.length &&
      equalBytes(await kem.decapsulate(answer.secret, fresh.ciphertext), fresh.sharedSecret) &&
      !equalBytes(fresh.sharedSecret, again.sharedSecret)
    )
  } catch {
    return false // not there, or not as the standard has it
  }
}

/** RFC 8032 §7.1, test 2; and the public key of its seed with a zero in front, as two libraries have it. */
export async function isEd25519(ed25519: Ed25519): Promise<boolean> {
  const seed = hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb')
  const publicKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
  const expected = hex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  )
  const ofZeroFirst = hex('033d2bfc4657e56548fc6eaf4f54f9601922bf7b7fa01f0f828d5f8452fde2b7')
  try {
    const signature = await ed25519.sign(await ed25519.importSeed(seed), Uint8Array.of(0x72))
    const key = await ed25519.importPublicKey(publicKey)
    return (
      equalBytes(await ed25519.publicKey(seed), publicKey) &&
      equalBytes(await ed25519.publicKey(zeroFirst(seed)), ofZeroFirst) &&
      equalBytes(signature, expected) &&
      (await ed25519.verify(key, Uint8Array.of(0x72), expected)) &&
      !(await ed25519.verify(key, Uint8Array.of(0x73), expected))
    )
  } catch {
    return false // not there, or not as the standard has it
  }
}

/** Wycheproof, aes_gcm_test 100. */
export async function isAesGcm(gcm: AesGcm): Promise<boolean> {
  const key = hex('b279f57e19c8f53f2f963f5f2519fdb7c1779be2ca2b3ae8e1128b7d6c627fc4')
  const iv = hex('98bc2c7438d5cd7665d76f6e')
  const plaintext = hex('fcc515b294408c8645c9183e3f4ecee5127846d1')
  const sealed = hex('eb5500e3825952866d911253f8de860c00831c81ecb660e1fb0541ec41e8d68a64141b3a')
  try {
    const made = await gcm.encrypt(key, iv, Uint8Array.of(0xc0), plaintext)
    return equalBytes(made, sealed) && equalBytes(await gcm.decrypt(key, iv, Uint8Array.of(0xc0), sealed), plaintext)
  } catch {
    return false // not there, or not as the standard has it
  }
}

export function areHashes(hash: HashFunctions): boolean {
  const [abc, key] = [utf8('abc'), utf8('key')]
  try {
    return (
      equalBytes(hash.sha256([abc, key]), javascriptHashes.sha256([abc, key])) &&
      equalBytes(hash.sha512(abc), javascriptHashes.sha512(abc)) &&
      equalBytes(hash.sha3([abc, key]), javascriptHashes.sha3([abc, key])) &&
      equalBytes(hash.shake256(abc, 96), javascriptHashes.shake256(abc, 96)) &&
      equalBytes(hash.hmacSha512(key, [abc, key]), javascriptHashes.hmacSha512(key, [abc, key]))
    )
  } catch {
    return false // not there, or other than JavaScript has it
  }
}
