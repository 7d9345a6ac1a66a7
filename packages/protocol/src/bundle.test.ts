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
} from './bundle.ts'
import { equalBytes, toBase64Url, utf8 } from './bytes.ts'
import { Writer } from './codec.ts'
import { parseRoomAddress } from './ids.ts'
import { limits } from './limits.ts'

const key = (byte: number) => new Uint8Array(32).fill(byte)
const bundle: Bundle = {
  personKeys: [{ algorithm: 1, key: key(1) }],
  record: {
    version: 1,
    room: parseRoomAddress('lobby')!,
    mlsSignatureKey: key(2),
    relayAuthKey: key(3),
    createdMs: 1_767_225_600_000,
    expiresMs: 1_798_761_600_000,
  },
  signatures: [new Uint8Array(64).fill(4)],
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
    times: fc.uniqueArray(fc.maxSafeNat(), { minLength: 2, maxLength: 2 }),
    signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
  })
  .map(({ person, room, mlsSignatureKey, relayAuthKey, times, signature }) => {
    const [createdMs, expiresMs] = times.toSorted((a, b) => a - b) as [number, number]
    const record = {
      version: 1 as const,
      room: parseRoomAddress(room)!,
      mlsSignatureKey,
      relayAuthKey,
      createdMs,
      expiresMs,
    }
    return { personKeys: [{ algorithm: 1, key: person }], record, signatures: [signature] }
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
      { numRuns: 2_000 },
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
    const good = { algorithm: 1, key: key(1) }
    expect(withKeys([good])).toEqual([good])
    for (const bad of [[], [good, good], [{ algorithm: 2, key: key(1) }], [{ ...good, key: key(1).subarray(1) }]]) {
      expect(withKeys(bad)).toBeUndefined()
    }
    for (const signatures of [
      [],
      [...bundle.signatures, ...bundle.signatures],
      [new Uint8Array(63)],
      [new Uint8Array(65)],
    ]) {
      expect(decodeBundle(encodeBundle({ ...bundle, signatures }))).toBeUndefined()
    }
  })

  it('[PR14] a record has a known version, a room, whole keys, and ends after it begins', () => {
    const { record } = bundle
    const changed = (change: object) => decodeDeviceRecord(encodeDeviceRecord({ ...record, ...change }))
    expect(changed({})).toEqual(record)
    for (const change of [
      { version: 2 },
      { room: '' },
      { room: 'a room' },
      { room: 'a'.repeat(21) },
      { mlsSignatureKey: new Uint8Array(31) },
      { relayAuthKey: new Uint8Array(33) },
      { expiresMs: record.createdMs },
      { expiresMs: 0 },
    ]) {
      expect(changed(change), Object.keys(change)[0]).toBeUndefined()
    }
    expect(decodeBundle(Uint8Array.of(2, ...encoded.subarray(1)))).toBeUndefined()
  })

  it('[PR15] nothing above the limit is looked at', () => {
    expect(decodeBundle(new Uint8Array(limits.bundleBytes + 1))).toBeUndefined()
    expect(encoded.length).toBeLessThan(limits.bundleBytes)
  })

  it('[PR16] what is signed names its purpose, the algorithms and the whole record', () => {
    const { personKeys, record } = bundle
    const signed = deviceRecordSignedBytes(personKeys, record)
    const label = utf8('qsec/device-record/v1\0')
    expect(signed.subarray(0, label.length)).toEqual(label)
    const others = [
      deviceRecordSignedBytes([{ algorithm: 1, key: key(9) }], record),
      deviceRecordSignedBytes([...personKeys, ...personKeys], record),
      deviceRecordSignedBytes(personKeys, { ...record, room: parseRoomAddress('lobby2')! }),
      deviceRecordSignedBytes(personKeys, { ...record, mlsSignatureKey: record.relayAuthKey }),
      deviceRecordSignedBytes(personKeys, { ...record, expiresMs: record.expiresMs + 1 }),
    ]
    for (const other of others) expect(equalBytes(signed, other)).toBe(false)
  })
})
