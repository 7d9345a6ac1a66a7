import { readFileSync } from 'node:fs'
import { ed25519 } from '@noble/curves/ed25519.js'
import { expect, it } from 'vitest'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519.ts'
import { hkdfExpand, hkdfExtract, hmacSha512, sha256 } from './hashes.ts'
import { suite, suiteNumber } from './suite.ts'

const bytes = (hex: string) => new Uint8Array(hex.match(/../g)!.map((byte) => Number.parseInt(byte, 16)))

it('[CR50] the MLS library is not one of the versions whose removed members read on', () => {
  const manifest = new URL('../../package.json', import.meta.resolve('ts-mls'))
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  // Up to 1.6.3, and 2.0.0 up to rc.10, a commit with one Remove has no path. Nothing but 1.6.4 was looked at.
  expect(version).toBe('1.6.4')
})

it('[CR51] hash, HMAC and HKDF are those of WebCrypto', async () => {
  const [salt, ikm, info] = [bytes('000102030405060708090a0b0c'), bytes('0b'.repeat(22)), bytes('f0f1f2f3f4f5')]
  const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits'])
  for (const length of [1, 32, 64, 65, 200]) {
    const params = { name: 'HKDF', hash: 'SHA-512', salt, info }
    const wanted = new Uint8Array(await crypto.subtle.deriveBits(params, key, length * 8))
    expect(hkdfExpand(hkdfExtract(salt, ikm), info, length)).toEqual(wanted)
  }
  const unsalted = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-512', salt: new Uint8Array(0), info },
    key,
    512,
  )
  expect(hkdfExpand(hkdfExtract(new Uint8Array(0), ikm), info, 64)).toEqual(new Uint8Array(unsalted))
  expect(sha256(ikm, info)).toEqual(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...ikm, ...info]))),
  )
  expect(() => hkdfExpand(ikm, info, 255 * 64 + 1)).toThrow(RangeError)
})

it('[CR52] a MAC is compared whole: a cut one is none', async () => {
  const [key, data] = [bytes('aa'.repeat(32)), bytes('01')]
  const mac = hmacSha512(key, data)
  expect(await suite.hash.verifyMac(key, mac, data)).toBe(true)
  expect(await suite.hash.verifyMac(key, mac.subarray(0, 32), data)).toBe(false)
  expect(await suite.hash.verifyMac(key, new Uint8Array(0), data)).toBe(false)
})

it('[CR53] Ed25519 is that of RFC 8032, and strict', async () => {
  const seed = bytes('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
  const publicKey = await ed25519PublicKey(seed)
  expect(publicKey).toEqual(bytes('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'))
  const signature = await ed25519Sign(seed, new Uint8Array(0))
  expect(signature.subarray(0, 8)).toEqual(bytes('e5564300c360ac72'))
  expect(await ed25519Verify(publicKey, new Uint8Array(0), signature)).toBe(true)
  expect(await ed25519Verify(publicKey, new Uint8Array(1), signature)).toBe(false)
  expect(await ed25519Verify(publicKey, new Uint8Array(0), signature.subarray(0, 63))).toBe(false)
  // S + L: the same signature in a second spelling.
  const scalar = BigInt(
    `0x${[...signature.subarray(32)]
      .reverse()
      .map((b) => b.toString(16).padStart(2, '0'))
      .join('')}`,
  )
  const second = signature.slice()
  for (let i = 0, rest = scalar + ed25519.Point.Fn.ORDER; i < 32; i++, rest >>= 8n)
    second[32 + i] = Number(rest & 0xffn)
  expect(await ed25519Verify(publicKey, new Uint8Array(0), second)).toBe(false)
  // The neutral element as a key, with which R = [S]B passes for every message.
  const neutral = bytes(`01${'00'.repeat(31)}`)
  const empty = new Uint8Array(64)
  empty.set(neutral)
  expect(await ed25519Verify(neutral, new Uint8Array([1, 2, 3]), empty)).toBe(false)
  const uncanonical = bytes(`ee${'ff'.repeat(30)}7f`)
  expect(await ed25519Verify(uncanonical, new Uint8Array(0), signature)).toBe(false)
})

it('[CR54] the suite opens what it sealed, and nothing that was bent', async () => {
  const { privateKey, publicKey } = await suite.hpke.generateKeyPair()
  const [info, aad, plain] = [bytes('01'), bytes('02'), bytes('030405')]
  const { enc, ct } = await suite.hpke.seal(publicKey, plain, info, aad)
  expect(enc).toHaveLength(1_120)
  expect(await suite.hpke.open(privateKey, enc, ct, info, aad)).toEqual(plain)
  await expect(suite.hpke.open(privateKey, enc, ct, aad, aad)).rejects.toThrow()
  // An all-zero X25519 half: the shared secret would be known to all.
  const low = enc.slice()
  low.fill(0, 1_088)
  await expect(suite.hpke.open(privateKey, low, ct, info, aad)).rejects.toThrow()
  expect(await suite.hpke.exportPublicKey(publicKey)).toHaveLength(1_216)
  expect(suiteNumber).toBe(83)
})
