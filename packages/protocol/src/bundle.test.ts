import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Bundle,
  decodeBundle,
  decodeDeviceRecord,
  decodePersonKeys,
  deviceRecordSignedBytes,
  encodeBundle,
  encodeDeviceRecord,
  encodePersonKeys,
  type PersonKey,
  personSignedBytes,
} from './bundle.ts'
import { equalBytes, toBase64Url, utf8 } from './bytes.ts'
import { Writer } from './codec.ts'
import { parseRoomAddress } from './ids.ts'
import { limits } from './limits.ts'

const key = (byte: number) => new Uint8Array(32).fill(byte)
const bundle: Bundle = {
  personKeys: [
    { algorithm: 1, key: key(1) },
    { algorithm: 2, key: new Uint8Array(1_952).fill(5) },
  ],
  record: {
    version: 2,
    room: parseRoomAddress('lobby')!,
    mlsSignatureKey: key(2),
    relayAuthKey: key(3),
    nameCommitment: key(7),
    createdMs: 1_767_225_600_000,
    expiresMs: 1_798_761_600_000,
  },
  signatures: [new Uint8Array(64).fill(4), new Uint8Array(3_309).fill(6)],
}
const encoded = encodeBundle(bundle)

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const rooms = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), minLength: 1, maxLength: 20 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toBase64Url),
)
const bundles: fc.Arbitrary<Bundle> = fc
  .record({
    person: bytes32,
    room: rooms,
    mlsSignatureKey: bytes32,
    relayAuthKey: bytes32,
    nameCommitment: bytes32,
    times: fc.uniqueArray(fc.maxSafeNat(), { minLength: 2, maxLength: 2 }),
    signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
  })
  .map(({ person, room, mlsSignatureKey, relayAuthKey, nameCommitment, times, signature }) => {
    const [createdMs, expiresMs] = times.toSorted((a, b) => a - b) as [number, number]
    const record = {
      version: 2 as const,
      room: parseRoomAddress(room)!,
      mlsSignatureKey,
      relayAuthKey,
      nameCommitment,
      createdMs,
      expiresMs,
    }
    const personKeys = [{ algorithm: 1 as const, key: person }, bundle.personKeys[1]!]
    return { personKeys, record, signatures: [signature, bundle.signatures[1]!] }
  })

describe('bundles', () => {
  it('[PR11] a bundle comes back from its bytes', () => {
    fc.assert(
      fc.property(bundles, (one) => {
        const bytes = encodeBundle(one)
        const read = decodeBundle(bytes)!
        expect(read.record).toMatchObject({ room: one.record.room, createdMs: one.record.createdMs })
        return equalBytes(encodeBundle(read), bytes)
      }),
    )
  })

  it('[PR12] one meaning has one spelling: changed bytes are another bundle, or none', () => {
    fc.assert(
      fc.property(fc.nat({ max: encoded.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = encoded.slice()
        bytes[at]! ^= change
        const read = decodeBundle(bytes)
        return read === undefined || equalBytes(encodeBundle(read), bytes)
      }),
      { numRuns: 1_000 },
    )
  })

  it('[PR12] cut or lengthened ones are none', () => {
    for (let length = 0; length < encoded.length; length++)
      expect(decodeBundle(encoded.subarray(0, length))).toBeUndefined()
    expect(decodeBundle(new Uint8Array([...encoded, 0]))).toBeUndefined()
    expect(decodeBundle(encoded)).toEqual(bundle)
    const parts = [encodePersonKeys(bundle.personKeys), encodeDeviceRecord(bundle.record)] as const
    expect(decodePersonKeys(new Uint8Array([...parts[0], 0]))).toBeUndefined()
    expect(decodeDeviceRecord(parts[1].subarray(0, -1))).toBeUndefined()
  })

  it('[PR13] every known algorithm signs, once, in order, and no other', () => {
    const withKeys = (keys: { algorithm: number; key: Uint8Array }[]) => {
      const writer = new Writer().u8(keys.length)
      for (const one of keys) writer.u16(one.algorithm).bytes(one.key, 2)
      return decodePersonKeys(writer.done())
    }
    const [classical, postQuantum] = bundle.personKeys as [PersonKey, PersonKey]
    expect(withKeys([classical, postQuantum])).toEqual([classical, postQuantum])
    for (const bad of [
      [],
      [classical],
      [postQuantum],
      [postQuantum, classical],
      [classical, classical],
      [classical, postQuantum, postQuantum],
      [classical, { algorithm: 3, key: postQuantum.key }],
      [
        { algorithm: 2, key: classical.key },
        { algorithm: 1, key: postQuantum.key },
      ],
      [{ ...classical, key: key(1).subarray(1) }, postQuantum],
      [classical, { ...postQuantum, key: postQuantum.key.subarray(1) }],
      [classical, { ...postQuantum, key: new Uint8Array(1_953) }],
    ]) {
      expect(withKeys(bad)).toBeUndefined()
    }
    const [short, long] = bundle.signatures as [Uint8Array, Uint8Array]
    for (const signatures of [
      [],
      [short],
      [long],
      [long, short],
      [short, long, long],
      [short.subarray(1), long],
      [new Uint8Array(65), long],
      [short, long.subarray(1)],
      [short, new Uint8Array(3_310)],
    ]) {
      expect(decodeBundle(encodeBundle({ ...bundle, signatures }))).toBeUndefined()
    }
  })

  it('[PR14] a record has a known version, a room, whole keys, and ends after it begins', () => {
    const { record } = bundle
    const changed = (change: object) => decodeDeviceRecord(encodeDeviceRecord({ ...record, ...change }))
    expect(changed({})).toEqual(record)
    for (const change of [
      { version: 1 },
      { version: 3 },
      { room: '' },
      { room: 'a room' },
      { room: 'a'.repeat(21) },
      { mlsSignatureKey: new Uint8Array(31) },
      { relayAuthKey: new Uint8Array(33) },
      { nameCommitment: new Uint8Array(0) },
      { expiresMs: record.createdMs },
      { expiresMs: 0 },
    ]) {
      expect(changed(change), Object.keys(change)[0]).toBeUndefined()
    }
    expect(decodeBundle(Uint8Array.of(1, ...encoded.subarray(1)))).toBeUndefined()
  })

  it('[PR15] nothing above the limit is looked at', () => {
    expect(decodeBundle(new Uint8Array(limits.bundleBytes + 1))).toBeUndefined()
    expect(encoded.length).toBeLessThan(limits.bundleBytes)
    // The largest answer of a relay, all bundles of a full room, stays below what a slow reader may have waiting.
    expect(limits.capacity * Math.ceil((encoded.length * 4) / 3)).toBeLessThan(limits.slowReaderBytes)
  })

  it('[PR16] what is signed names its purpose, the algorithms and the whole record', () => {
    const { personKeys, record } = bundle
    const signed = deviceRecordSignedBytes(personKeys, record)
    const label = utf8('qsec/device-record/v2 Ed25519+ML-DSA-65\0')
    expect(signed.subarray(0, label.length)).toEqual(label)
    const others = [
      deviceRecordSignedBytes([{ algorithm: 1, key: key(9) }, personKeys[1]!], record),
      deviceRecordSignedBytes([personKeys[0]!], record),
      deviceRecordSignedBytes(personKeys.toReversed(), record),
      deviceRecordSignedBytes([...personKeys, ...personKeys], record),
      deviceRecordSignedBytes(personKeys, { ...record, room: parseRoomAddress('lobby2')! }),
      deviceRecordSignedBytes(personKeys, { ...record, mlsSignatureKey: record.relayAuthKey }),
      deviceRecordSignedBytes(personKeys, { ...record, nameCommitment: key(8) }),
      deviceRecordSignedBytes(personKeys, { ...record, expiresMs: record.expiresMs + 1 }),
      personSignedBytes('another purpose', personKeys, encodeDeviceRecord(record)),
    ]
    for (const other of others) expect(equalBytes(signed, other)).toBe(false)
  })
})
