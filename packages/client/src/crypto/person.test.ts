import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import {
  type Bundle,
  deviceRecordSignedBytes,
  encodeBundle,
  encodeDeviceRecord,
  parseRoomAddress,
  personAlgorithms,
  toBase64Url,
} from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import {
  createDevice,
  createPersonKeys,
  type DeviceIdentity,
  holdsName,
  personKeysOf,
  personOf,
  personSign,
  personVerify,
  verifyBundle,
} from './index.ts'
import { givesKnownAnswers, javascriptMlDsa65, type MlDsa65, passesKnownAnswer, webcryptoMlDsa65 } from './ml-dsa65.ts'
import { nowMs, random } from './test-world.ts'

const room = parseRoomAddress('lobby')!
const bent = (bytes: Uint8Array, at = 0) => Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte))
const verifyChanged = (device: DeviceIdentity, change: Partial<Bundle>) =>
  verifyBundle(encodeBundle({ ...device.bundle, ...change }))

describe('ML-DSA-65', async () => {
  const seed = random(32)
  const { publicKey: keyOf, sign: signWith, verify: verifyWith } = javascriptMlDsa65
  const publicKey = await keyOf(seed)
  const message = random(300)

  it.each([
    ['JavaScript', javascriptMlDsa65],
    ['WebCrypto', webcryptoMlDsa65],
  ])('[ID1] is that of FIPS 204, as OpenSSL has it, in both directions: %s', async (_, own) => {
    const jwk = { kty: 'AKP', alg: 'ML-DSA-65', pub: toBase64Url(await own.publicKey(seed)) }
    expect(jwk.pub).toBe(toBase64Url(publicKey))
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const signature = await own.sign(seed, message, random(32))
    expect(verify(null, message, key, signature)).toBe(true)
    expect(verify(null, bent(message), key, signature)).toBe(false)
    expect(await verifyWith(publicKey, message, signature)).toBe(true)
    const pair = generateKeyPairSync('ml-dsa-65')
    const theirs = Buffer.from(String(pair.publicKey.export({ format: 'jwk' }).pub), 'base64url')
    return expect(own.verify(theirs, message, sign(null, message, pair.privateKey))).resolves.toBe(true)
  })

  it('[ID1] two signatures of one message differ by their hedge, and both hold', async () => {
    for (const own of [javascriptMlDsa65, webcryptoMlDsa65]) {
      const [one, two] = [await own.sign(seed, message, random(32)), await own.sign(seed, message, random(32))]
      expect(toBase64Url(one)).not.toBe(toBase64Url(two))
      for (const signature of [one, two]) expect(await verifyWith(publicKey, message, signature)).toBe(true)
    }
  })

  it('[ID2] native code is used only where it verifies what it should and nothing else', async () => {
    expect(await passesKnownAnswer(javascriptMlDsa65.verify)).toBe(true)
    expect(await passesKnownAnswer(webcryptoMlDsa65.verify)).toBe(true) // the Node that runs the tests has it
    expect(await passesKnownAnswer(async () => true)).toBe(false)
    expect(await passesKnownAnswer(async () => false)).toBe(false)
    expect(await passesKnownAnswer(() => Promise.reject(new Error('not supported')))).toBe(false)
  })

  it('[ID2] keys and signatures of native code are used only where they are those of FIPS 204', async () => {
    expect(await givesKnownAnswers(webcryptoMlDsa65)).toBe(true)
    const wrong: Partial<MlDsa65>[] = [
      { publicKey: async (one) => bent(await keyOf(one)) },
      { sign: async (one, said, hedge) => bent(await signWith(one, said, hedge)) },
      { sign: async (one, said, hedge) => signWith(one, bent(said), hedge) },
      { sign: async () => new Uint8Array(0) },
      { verify: async () => true },
      { verify: async () => false },
      { publicKey: () => Promise.reject(new Error('not supported')) },
    ]
    for (const one of wrong) expect(await givesKnownAnswers({ ...webcryptoMlDsa65, ...one })).toBe(false)
  })
})

describe('persons', () => {
  it('[ID3] both keys sign, and one signature that is bad, missing, swapped or foreign refuses the whole', async () => {
    const ana = await createPersonKeys(random)
    const ben = await createPersonKeys(random)
    const body = random(50)
    const [classical, postQuantum] = (await personSign(ana, 'test/v1', body, random)) as [Uint8Array, Uint8Array]
    const ofBen = await personSign(ben, 'test/v1', body, random)
    const holds = (signatures: Uint8Array[], purpose = 'test/v1', keys = ana.keys, said = body) =>
      personVerify(keys, purpose, said, signatures)
    expect(await holds([classical, postQuantum])).toBe(true)
    const wrong: Uint8Array[][] = [
      [],
      [classical],
      [postQuantum],
      [postQuantum, classical],
      [classical, classical],
      [bent(classical), postQuantum],
      [classical, bent(postQuantum)],
      [classical, bent(postQuantum, 3_308)],
      [classical, postQuantum.subarray(1)],
      [classical, postQuantum, postQuantum],
      [ofBen[0]!, postQuantum],
      [classical, ofBen[1]!],
      ofBen,
    ]
    for (const [i, signatures] of wrong.entries()) expect(await holds(signatures), `case ${i}`).toBe(false)
    expect(await holds([classical, postQuantum], 'test/v2')).toBe(false)
    expect(await holds([classical, postQuantum], 'test/v1', [ana.keys[0]!, ben.keys[1]!])).toBe(false)
    expect(await holds([classical, postQuantum], 'test/v1', ana.keys.slice(0, 1))).toBe(false)
    expect(await holds([classical, postQuantum], 'test/v1', ana.keys.toReversed())).toBe(false)
    expect(await holds([classical, postQuantum], 'test/v1', ana.keys, bent(body))).toBe(false)
  })

  it('[ID4] a bundle with one half of a person exchanged, or one signature bad, is refused', async () => {
    const ana = await createDevice({ room, nowMs, random })
    const ben = await createDevice({ room, nowMs, random })
    expect(await verifyChanged(ana, {})).toBeDefined()
    const [classical, postQuantum] = ana.bundle.personKeys as [Bundle['personKeys'][0], Bundle['personKeys'][0]]
    const signatures = ana.bundle.signatures as [Uint8Array, Uint8Array]
    const theirs = ben.bundle
    const changes: Partial<Bundle>[] = [
      { personKeys: [theirs.personKeys[0]!, postQuantum] },
      { personKeys: [classical, theirs.personKeys[1]!] },
      { personKeys: [theirs.personKeys[0]!, postQuantum], signatures: [theirs.signatures[0]!, signatures[1]] },
      { signatures: [bent(signatures[0]), signatures[1]] },
      { signatures: [signatures[0], bent(signatures[1])] },
      { signatures: [signatures[0], new Uint8Array(3_309)] },
      { signatures: [new Uint8Array(64), signatures[1]] },
      { signatures: theirs.signatures },
      { signatures: signatures.slice(0, 1) },
      { personKeys: [classical], signatures: signatures.slice(0, 1) },
      { personKeys: [postQuantum], signatures: signatures.slice(1) },
    ]
    for (const [i, change] of changes.entries()) expect(await verifyChanged(ana, change), `case ${i}`).toBeUndefined()
  })

  it('[ID4] whoever has broken one of the algorithms still makes no bundle', async () => {
    const victim = await createDevice({ room, nowMs, random })
    const thief = await createPersonKeys(random)
    const record = { ...victim.bundle.record, mlsSignatureKey: random(32) }
    const made = await personSign(thief, 'device-record/v2', encodeDeviceRecord(record), random)
    const ofVictim = await personSign(personKeysOf(victim), 'device-record/v2', encodeDeviceRecord(record), random)
    expect(await verifyChanged(victim, { record, signatures: ofVictim })).toBeDefined()
    expect(await verifyChanged(victim, { record, signatures: [ofVictim[0]!, made[1]!] })).toBeUndefined()
    expect(await verifyChanged(victim, { record, signatures: [made[0]!, ofVictim[1]!] })).toBeUndefined()
    // A signature over the record alone, or over the bytes of another purpose, is none.
    expect(deviceRecordSignedBytes(victim.bundle.personKeys, record)).not.toEqual(encodeDeviceRecord(record))
  })

  it('[ID5] the keys of a person are those of its seed, and both belong to its fingerprint', async () => {
    const { keys } = await createPersonKeys(random)
    const other = (await createPersonKeys(random)).keys
    expect(keys.map(({ algorithm, key }) => [algorithm, key.length])).toEqual(
      personAlgorithms.map(({ algorithm, keyBytes }) => [algorithm, keyBytes]),
    )
    expect(personOf([keys[0]!, other[1]!])).not.toBe(personOf(keys))
    expect(personOf([other[0]!, keys[1]!])).not.toBe(personOf(keys))
  })

  it('[ID6] a record opens to the name that its person signed, for whoever has the salt, and to no other', async () => {
    const ana = await createDevice({ room, nowMs, random, name: 'Ana' })
    const ben = await createDevice({ room, nowMs, random, name: 'Ana' })
    const [ofAna, ofBen] = [(await verifyBundle(ana.bundleBytes))!, (await verifyBundle(ben.bundleBytes))!]
    expect(holdsName(ofAna, 'Ana', ana.nameSalt)).toBe(true)
    expect(holdsName(ofAna, 'Ann', ana.nameSalt)).toBe(false)
    expect(holdsName(ofAna, 'Ana', ben.nameSalt)).toBe(false)
    expect(holdsName(ofBen, 'Ana', ana.nameSalt)).toBe(false)
    expect(holdsName(ofAna, 'Ana', ana.nameSalt.subarray(1))).toBe(false)
    // Nobody can tell from the bundle that both have one name.
    expect(toBase64Url(ana.bundle.record.nameCommitment)).not.toBe(toBase64Url(ben.bundle.record.nameCommitment))
  })
})
