import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64 } from './base64.ts'
import {
  encodeKeyIds,
  encodeKeyRequest,
  type KeyRequest,
  parseErrorMessage,
  parseKeyContainer,
  parseKeyId,
  parseKeyIds,
  parseKeyRequest,
  parseStatus,
} from './messages.ts'

const idA = '3f0c6a52-6c1e-4a0e-9d57-0b8a3c1d2e4f'
const idB = '00000000-0000-4000-8000-000000000001'
const key = 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k='

const status = {
  source_KME_ID: 'kme-a',
  target_KME_ID: 'kme-b',
  master_SAE_ID: 'alice',
  slave_SAE_ID: 'bob',
  key_size: 256,
  stored_key_count: 420,
  max_key_count: 1000,
  max_key_per_request: 64,
  max_key_size: 4096,
  min_key_size: 64,
  max_SAE_ID_count: 0,
}

const container = (...keys: unknown[]): string => JSON.stringify({ keys })
const one = { number: 1, sizeBits: 256 }

describe('Base64', () => {
  it('[ET1] takes the one form of any bytes, and no other text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes)
      }),
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = decodeBase64(text)
        if (bytes) expect(Buffer.from(bytes).toString('base64')).toBe(text)
      }),
    )
    for (const text of ['QQ', 'QQ=', 'QR==', 'QUJ=', 'Q===', '====', 'QQ==QQ==', 'QQ= =', 'Q-_=', 'QUJD\n', '*UJD']) {
      expect(decodeBase64(text), text).toBeUndefined()
    }
  })
})

describe('Status', () => {
  it('[ET2] takes a status with everything in it', () => {
    expect(parseStatus(JSON.stringify({ ...status, status_extension: { any_x: 1 } }))).toEqual({
      ok: true,
      value: {
        sourceKmeId: 'kme-a',
        targetKmeId: 'kme-b',
        masterSaeId: 'alice',
        slaveSaeId: 'bob',
        keySizeBits: 256,
        storedKeyCount: 420,
        maxKeyCount: 1000,
        maxKeysPerRequest: 64,
        maxKeySizeBits: 4096,
        minKeySizeBits: 64,
        maxAdditionalSlaves: 0,
      },
    })
  })

  it('[ET2] refuses one with a field that is missing, of another kind or out of bounds', () => {
    for (const name of Object.keys(status)) {
      for (const bad of [undefined, null, -1, 1.5, '', '1\n', {}, 1e300]) {
        expect(parseStatus(JSON.stringify({ ...status, [name]: bad })).ok, `${name}: ${bad}`).toBe(false)
      }
    }
    for (const bad of [
      { key_size: 100 },
      { key_size: 0 },
      { key_size: 32 },
      { max_key_size: 128 },
      { slave_SAE_ID: '..' },
    ]) {
      expect(parseStatus(JSON.stringify({ ...status, ...bad })).ok).toBe(false)
    }
  })
})

describe('Key container', () => {
  it('[ET3] takes as many keys of the size asked for, and hears that they are simulated', () => {
    const parsed = parseKeyContainer(container({ key_ID: idA, key }), one)
    expect(parsed).toMatchObject({ ok: true, value: { saysSimulated: false } })
    if (parsed.ok) expect(Buffer.from(parsed.value.keys[0]!.bytes).toString('base64')).toBe(key)
    const extended = { key_ID: idB, key, key_ID_extension: { a_x: 1 }, key_extension: { qsec_source: 'simulated' } }
    const two = parseKeyContainer(container({ key_ID: idA, key }, extended), { ...one, number: 2 })
    expect(two).toMatchObject({ ok: true, value: { saysSimulated: true } })
    const whole = JSON.stringify({
      keys: [{ key_ID: idA, key }],
      key_container_extension: { qsec_source: 'simulated' },
    })
    expect(parseKeyContainer(whole, one)).toMatchObject({ ok: true, value: { saysSimulated: true } })
  })

  it('[ET3] refuses all of a container that breaks one rule, without a word of what is in it', () => {
    const good = { key_ID: idA, key }
    const two = { number: 2, sizeBits: 256 }
    const refused: [string, { number: number; sizeBits: number }][] = [
      [container(), one],
      [container(good), two],
      [container(good, { key_ID: idB, key }), one],
      [container(good, good), two],
      [container(good, { key_ID: idA.toUpperCase(), key }), two],
      [container(good), { number: 1, sizeBits: 128 }],
      [container({ key_ID: 'no-uuid', key }), one],
      [container({ key_ID: idA }), one],
      [container({ key_ID: idA, key: key.replace('=', '') }), one],
      [container({ key_ID: idA, key: `*${key.slice(1)}` }), one],
      [container({ key_ID: idA, key, key_extension: 'x' }), one],
      [container(null), one],
      [container(good).slice(0, -9), one],
      [JSON.stringify([good]), one],
      [JSON.stringify({ keys: good }), one],
      [JSON.stringify({ keys: [good], key_container_extension: [] }), one],
      ['', one],
      [`{"keys":[],"x":"${'x'.repeat(1 << 20)}"}`, one],
    ]
    for (const [text, expected] of refused) {
      const parsed = parseKeyContainer(text, expected)
      expect(parsed.ok, text.slice(0, 200)).toBe(false)
      expect(JSON.stringify(parsed)).not.toContain(key.slice(1, 9))
    }
  })

  it('[ET4] no text makes a parser throw, and none that is cut or has a changed byte passes for more', () => {
    const parsers = [parseStatus, parseKeyRequest, parseKeyIds, parseErrorMessage]
    const hostile = fc.oneof(fc.string(), fc.json(), fc.constant('{"keys":[{"key_ID":null}]}'))
    fc.assert(
      fc.property(hostile, (text) => {
        for (const parse of parsers) expect(typeof parse(text).ok).toBe('boolean')
        expect(parseKeyContainer(text, one).ok).toBe(false)
      }),
    )
    const text = container({ key_ID: idA, key })
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
        expect(parseKeyContainer(text.slice(0, at), one).ok).toBe(false)
        const parsed = parseKeyContainer(text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1), one)
        if (parsed.ok) {
          expect(parsed.value.keys).toHaveLength(1)
          expect(parsed.value.keys[0]!.bytes).toHaveLength(32)
          expect(parseKeyId(parsed.value.keys[0]!.keyId)).toBeDefined()
        }
      }),
    )
  })
})

describe('requests', () => {
  it('[ET5] a request is read back as it was written', () => {
    const request: KeyRequest = {
      number: 2,
      sizeBits: 256,
      additionalSlaveSaeIds: ['carol'],
      mandatory: [{ qsec_route: 'direct' }],
      optional: [{ qsec_max_age: 30_000 }],
    }
    expect(parseKeyRequest(encodeKeyRequest(request))).toEqual({ ok: true, value: request })
    expect(parseKeyRequest(encodeKeyRequest({}))).toEqual({ ok: true, value: {} })
    const keyIds = [parseKeyId(idA)!, parseKeyId(idB)!]
    expect(parseKeyIds(encodeKeyIds(keyIds))).toEqual({ ok: true, value: keyIds })
  })

  it('[ET5] refuses what is no request', () => {
    for (const bad of [
      { number: 0 },
      { number: '2' },
      { size: -8 },
      { size: 1.5 },
      { additional_slave_SAE_IDs: [1] },
      { extension_mandatory: { a_x: 1 } },
      { extension_mandatory: [{ a_x: 1, b_x: 2 }] },
      { extension_optional: ['a_x'] },
    ]) {
      expect(parseKeyRequest(JSON.stringify(bad)).ok, JSON.stringify(bad)).toBe(false)
    }
    for (const bad of [{}, { key_IDs: [] }, { key_IDs: [idA] }, { key_IDs: [{ key_ID: idA }, { key_ID: idA }] }]) {
      expect(parseKeyIds(JSON.stringify(bad)).ok, JSON.stringify(bad)).toBe(false)
    }
  })
})

describe('Error', () => {
  it('[ET6] its message is cut and cannot steer a terminal; what is none is refused', () => {
    const text = JSON.stringify({ message: `a\u001b[2Jb\u202e${'c'.repeat(500)}`, details: [{ a_x: 'b' }] })
    const parsed = parseErrorMessage(text)
    expect(parsed.ok && parsed.value).toMatch(/^a \[2Jb c{190,194}$/)
    for (const bad of ['{}', '{"message":1}', '{"message":"a","details":"b"}', '{"message":"a","details":["b"]}']) {
      expect(parseErrorMessage(bad).ok, bad).toBe(false)
    }
  })
})
