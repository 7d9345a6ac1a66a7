import type { KemInterface } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@qsec/protocol'
import fc from 'fast-check'
import { type CiphersuiteImpl, getCiphersuiteFromName, getCiphersuiteImpl } from 'ts-mls'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { backends, pickBackends } from './backends.ts'
import { makeHpke } from './hpke.ts'
import { makeSuite, suiteName } from './make-suite.ts'
import { type NodeCrypto, nodeCrypto } from './node-crypto.ts'
import { makeSigner } from './signer.ts'
import { aesGcmVectors, ed25519Vectors, hpkeVector, lowOrderX25519, x25519Vectors, xWingVectors } from './vectors.ts'
import { makeXWing } from './x-wing.ts'

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex')

const sets = {
  "Node's own": await pickBackends(nodeCrypto),
  'those of a browser with all of them': await pickBackends(undefined),
  'those of a browser with none of them': await pickBackends(undefined, true),
}

describe.each(Object.entries(sets))('%s', (_, parts) => {
  const xWing = makeXWing(parts.mlKem, parts.x25519, parts.hash)
  const signer = makeSigner(parts.ed25519)

  it('[CS1] X-Wing gives the keys and secrets of its draft', async () => {
    const library = new XWing()
    for (const { seed, eseed, ss, pk, ct } of xWingVectors) {
      const own = await xWing.deserializePrivateKey(bytes(seed))
      // The library draws what the vector says; that it drew right shows in the secret that comes out of its ciphertext.
      const pair = await library.generateKeyPairDerand(bytes(seed))
      const made = await library.encap({ recipientPublicKey: pair.publicKey, ekm: bytes(eseed).buffer })
      const enc = new Uint8Array(made.enc)
      expect(hex(new Uint8Array(await xWing.decap({ recipientKey: own, enc: made.enc })))).toBe(ss)
      if (!pk || !ct) continue
      const expanded = parts.hash.shake256(bytes(seed), 96)
      const publicKey = concatBytes(
        await parts.mlKem.publicKey(expanded.subarray(0, 64)),
        await parts.x25519.publicKey(expanded.subarray(64)),
      )
      expect([hex(publicKey.subarray(0, 16)), hex(publicKey.subarray(-16))]).toEqual(pk)
      expect([hex(enc.subarray(0, 16)), hex(enc.subarray(-16))]).toEqual(ct)
    }
  })

  it('[CS2] HPKE opens and exports what RFC 9180 says', async () => {
    const { kemId, info, sharedSecret, plaintext, aad, ciphertext, exports } = hpkeVector
    const kem = { id: kemId, decap: async () => bytes(sharedSecret).buffer } as unknown as KemInterface
    const hpke = await makeHpke(kem, parts.hash, parts.aesGcm)
    const [key, enc] = [{} as Parameters<typeof hpke.open>[0], new Uint8Array(0)]
    expect(hex(await hpke.open(key, enc, bytes(ciphertext), bytes(info), bytes(aad)))).toBe(plaintext)
    for (const [context, secret] of exports) {
      expect(hex(await hpke.importSecret(key, bytes(context), enc, 32, bytes(info)))).toBe(secret)
    }
    await expect(hpke.open(key, enc, bytes(ciphertext), bytes(info), bytes('00'))).rejects.toThrow()
  })

  it('[CS3] AES-GCM is that of Wycheproof, and opens nothing bent, cut or too short', async () => {
    for (const vector of aesGcmVectors) {
      const [key, iv, aad, msg] = [vector.key, vector.iv, vector.aad, vector.msg].map(bytes) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ]
      const sealed = await parts.aesGcm.encrypt(key, iv, aad, msg)
      expect(hex(sealed)).toBe(vector.ct + vector.tag)
      expect(hex(await parts.aesGcm.decrypt(key, iv, aad, sealed))).toBe(vector.msg)
      const bent = sealed.slice()
      bent[bent.length - 1]! ^= 1
      for (const bad of [bent, sealed.subarray(1), sealed.subarray(0, -1), sealed.subarray(0, 15)]) {
        await expect(parts.aesGcm.decrypt(key, iv, aad, bad)).rejects.toThrow()
      }
      await expect(parts.aesGcm.encrypt(key.subarray(1), iv, aad, msg)).rejects.toThrow(RangeError)
      await expect(parts.aesGcm.encrypt(key, iv.subarray(1), aad, msg)).rejects.toThrow(RangeError)
    }
  })

  it('[CS4] X25519 is that of Wycheproof, and a point that makes zeroes is refused from both sides', async () => {
    for (const { publicKey, secret, shared } of x25519Vectors) {
      expect(hex(await parts.x25519.decapsulate(bytes(secret), bytes(publicKey)))).toBe(shared)
    }
    const pair = await xWing.generateKeyPair()
    const good = await xWing.encap({ recipientPublicKey: pair.publicKey })
    const publicKey = new Uint8Array(await xWing.serializePublicKey(pair.publicKey))
    for (const point of lowOrderX25519) {
      const enc = new Uint8Array(good.enc.slice(0))
      enc.set(bytes(point), 1_088)
      await expect(xWing.decap({ recipientKey: pair.privateKey, enc: enc.buffer })).rejects.toThrow()
      const low = publicKey.slice()
      low.set(bytes(point), 1_184)
      const recipientPublicKey = await xWing.deserializePublicKey(low)
      await expect(xWing.encap({ recipientPublicKey })).rejects.toThrow()
    }
  })

  it('[CS5] Ed25519 is that of Wycheproof; keys that are no points, or of small order, verify nothing', async () => {
    const { publicKey, valid, invalid } = ed25519Vectors
    for (const [message, signature] of valid) {
      expect(await signer.verify(bytes(publicKey), bytes(message), bytes(signature))).toBe(true)
      expect(await signer.verify(bytes(publicKey), bytes(`${message}00`), bytes(signature))).toBe(false)
      expect(await signer.verify(bytes(publicKey), bytes(message), bytes(signature).subarray(0, 63))).toBe(false)
    }
    for (const [message, signature] of invalid) {
      expect(await signer.verify(bytes(publicKey), bytes(message), bytes(signature))).toBe(false)
    }
    const [seed, message] = [bytes('11'.repeat(32)), bytes('2a')]
    expect(hex(await signer.sign(seed, message))).toBe(hex(ed25519.sign(message, seed)))
    expect(hex(await signer.publicKey(seed))).toBe(hex(ed25519.getPublicKey(seed)))
    for (const bad of [...smallOrderKeys(), ...unsoundKeys, new Uint8Array(31), new Uint8Array(0)]) {
      // R = key and S = 0 pass under a key of small order where the message hashes to a multiple of its order.
      for (let i = 0; i < 16; i++) {
        expect(await signer.verify(bad, Uint8Array.of(i), concatBytes(bad.slice(0, 32), new Uint8Array(32)))).toBe(
          false,
        )
      }
    }
  })

  it('[CS6] a well-formed wrong ciphertext gives another secret; what is out of shape gives none', async () => {
    const pair = await xWing.generateKeyPair()
    const publicKey = new Uint8Array(await xWing.serializePublicKey(pair.publicKey))
    const { enc, sharedSecret } = await xWing.encap({ recipientPublicKey: pair.publicKey })
    const bent = new Uint8Array(enc.slice(0))
    bent[7]! ^= 1
    const other = await xWing.decap({ recipientKey: pair.privateKey, enc: bent.buffer })
    expect(hex(new Uint8Array(other))).not.toBe(hex(new Uint8Array(sharedSecret)))
    await expect(xWing.decap({ recipientKey: pair.privateKey, enc: enc.slice(1) })).rejects.toThrow(RangeError)
    await expect(xWing.deserializePublicKey(publicKey.slice(1))).rejects.toThrow(RangeError)
    await expect(xWing.deserializePrivateKey(new Uint8Array(33))).rejects.toThrow(RangeError)
    // FIPS 203 §7.2: a coefficient of 3,329 or 4,095, at an even and at an odd place.
    for (const coefficients of ['010d', 'ff0f', '0010d0', '00f0ff']) {
      const unreduced = publicKey.slice()
      unreduced.set(bytes(coefficients))
      const recipientPublicKey = await xWing.deserializePublicKey(unreduced)
      await expect(xWing.encap({ recipientPublicKey })).rejects.toThrow()
    }
    // A private key in the place of a public one.
    await expect(xWing.encap({ recipientPublicKey: pair.privateKey })).rejects.toThrow(TypeError)
  })

  it("[CS7] it and the library's suite open, verify and derive what the other made", async () => {
    const ours = await makeSuite(parts, signer)
    const theirs = await getCiphersuiteImpl(getCiphersuiteFromName(suiteName))
    const data = fc.uint8Array({ maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 64 }), data, data, data, agreesOn(ours, theirs)),
      { numRuns: 5 },
    )
  })

  it('[CS8] what comes out of it is plain bytes: a slice is a copy', async () => {
    const ours = await makeSuite(parts, signer)
    const { privateKey, publicKey } = await ours.hpke.generateKeyPair()
    const { enc, ct } = await ours.hpke.seal(publicKey, bytes('01'), bytes('02'))
    const { signKey } = await ours.signature.keygen()
    const out = [
      await ours.hash.digest(bytes('01')),
      await ours.hash.mac(bytes('01'), bytes('02')),
      await ours.kdf.extract(bytes('01'), bytes('02')),
      await ours.kdf.expand(bytes('01'.repeat(64)), bytes('02'), 64),
      await ours.signature.sign(signKey, bytes('01')),
      await ours.hpke.exportPrivateKey(privateKey),
      await ours.hpke.exportPublicKey(publicKey),
      await ours.hpke.open(privateKey, enc, ct, bytes('02')),
      enc,
      ct,
    ]
    for (const one of out) expect(Object.getPrototypeOf(one)).toBe(Uint8Array.prototype)
  })
})

/** The eight points whose order divides 8, in all spellings. */
function smallOrderKeys(): Uint8Array[] {
  const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')
  const keys: Uint8Array[] = []
  for (let i = 0, point = ed25519.Point.ZERO; i < 8; i++, point = point.add(torsion)) {
    const key = point.toBytes()
    const flipped = key.slice()
    flipped[31]! ^= 0x80
    keys.push(key, flipped)
  }
  return keys
}

const unsoundKeys = [
  ...['ed', 'ee', 'ff'].map((first) => bytes(`${first}${'ff'.repeat(30)}7f`)), // y is 2^255 - 19 or more
  bytes(`02${'00'.repeat(31)}`), // no point has this y
]

function agreesOn(ours: CiphersuiteImpl, theirs: CiphersuiteImpl) {
  return async (ikm: Uint8Array, data: Uint8Array, info: Uint8Array, aad: Uint8Array): Promise<void> => {
    const salt = await ours.hash.digest(info)
    for (const [a, b] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      expect(hex(await a.hash.digest(data))).toBe(hex(await b.hash.digest(data)))
      expect(await a.hash.verifyMac(ikm, await b.hash.mac(ikm, data), data)).toBe(true)
      // The library takes salts of the hash's length only, and MLS has no others.
      const prk = await a.kdf.extract(salt, ikm)
      expect(hex(prk)).toBe(hex(await b.kdf.extract(salt, ikm)))
      for (const length of [12, 64, 130]) {
        expect(hex(await a.kdf.expand(prk, info, length))).toBe(hex(await b.kdf.expand(prk, info, length)))
      }
      const [key, nonce] = [prk.slice(0, 32), prk.slice(32, 44)]
      const sealed = await a.hpke.encryptAead(key, nonce, aad, data)
      expect(hex(await b.hpke.decryptAead(key, nonce, aad, sealed))).toBe(hex(data))

      const [mine, yours] = [await a.hpke.deriveKeyPair(ikm), await b.hpke.deriveKeyPair(ikm)]
      const publicKey = await a.hpke.exportPublicKey(mine.publicKey)
      const privateKey = await a.hpke.exportPrivateKey(mine.privateKey)
      expect(hex(await b.hpke.exportPublicKey(yours.publicKey))).toBe(hex(publicKey))
      expect(hex(await b.hpke.exportPrivateKey(yours.privateKey))).toBe(hex(privateKey))
      const { enc, ct } = await a.hpke.seal(await a.hpke.importPublicKey(publicKey), data, info, aad)
      expect(hex(await b.hpke.open(await b.hpke.importPrivateKey(privateKey), enc, ct, info, aad))).toBe(hex(data))
      const exported = await a.hpke.exportSecret(mine.publicKey, aad, 64, info)
      const secret = await b.hpke.importSecret(yours.privateKey, aad, exported.enc, 64, info)
      expect(hex(secret)).toBe(hex(exported.secret))

      const seed = ikm.slice(0, 32)
      const signature = await a.signature.sign(seed, data)
      const verifyKey = ed25519.getPublicKey(seed)
      expect(await b.signature.verify(verifyKey, data, signature)).toBe(true)
      expect(await b.signature.verify(verifyKey, concatBytes(data, data, Uint8Array.of(1)), signature)).toBe(false)
    }
  }
}

describe('which implementation is used', () => {
  it('[CS9] the first that gives the known answers, each primitive by itself', () => {
    expect(Object.values(sets).map(({ madeBy }) => madeBy)).toEqual([
      { mlKem: 'node', x25519: 'node', ed25519: 'node', aesGcm: 'node', hash: 'node' },
      { mlKem: 'webcrypto', x25519: 'webcrypto', ed25519: 'webcrypto', aesGcm: 'webcrypto', hash: 'javascript' },
      { mlKem: 'javascript', x25519: 'javascript', ed25519: 'javascript', aesGcm: 'webcrypto', hash: 'javascript' },
    ])
    expect(backends.madeBy).toEqual(sets["Node's own"].madeBy)
  })

  it('[CS10] one that lacks an algorithm, or has another under its name, is not used', async () => {
    const lies: Partial<NodeCrypto> = {
      encapsulate: (key) => ({ ...nodeCrypto!.encapsulate(key), sharedKey: new Uint8Array(32) }),
      diffieHellman: () => new Uint8Array(32).fill(7),
      verify: () => true,
      createCipheriv: () => {
        throw new Error('no such cipher')
      },
      hash: (_, data) => sha512(data).fill(0, 0, 1),
    }
    const { madeBy } = await pickBackends(Object.assign(Object.create(nodeCrypto!) as NodeCrypto, lies))
    expect(madeBy).toEqual({
      mlKem: 'webcrypto',
      x25519: 'webcrypto',
      ed25519: 'webcrypto',
      aesGcm: 'webcrypto',
      hash: 'javascript',
    })
  })

  it('[CS14] one that fails at secrets whose first byte is zero, as WebKitGTK does, is not used', async () => {
    const { importKey } = crypto.subtle
    const stub = vi.spyOn(crypto.subtle, 'importKey').mockImplementation((format, key, ...rest: unknown[]) => {
      // 16 bytes of PKCS #8 stand before the secret.
      if (format === 'pkcs8' && (key as Uint8Array)[16] === 0) return Promise.reject(new DOMException('', 'DataError'))
      return Reflect.apply(importKey, crypto.subtle, [format, key, ...rest]) as Promise<CryptoKey>
    })
    onTestFinished(() => stub.mockRestore())
    const { madeBy } = await pickBackends(undefined)
    expect(madeBy).toMatchObject({ mlKem: 'webcrypto', x25519: 'javascript', ed25519: 'javascript' })
  })
})
