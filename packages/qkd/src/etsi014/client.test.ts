import { describe, expect, it } from 'vitest'
import { Etsi014Client } from './client.ts'
import type { KeyId } from './messages.ts'
import type { HttpAnswer, HttpRequest, UsedKeyIds } from './ports.ts'

const idA = '3f0c6a52-6c1e-4a0e-9d57-0b8a3c1d2e4f' as KeyId
const idB = '00000000-0000-4000-8000-000000000001' as KeyId
const sizeBits = 64
const keyOf = (fill: number): string => Buffer.alloc(8, fill).toString('base64')

const status = {
  source_KME_ID: 'kme-b',
  target_KME_ID: 'kme-a',
  master_SAE_ID: 'bob',
  slave_SAE_ID: 'alice',
  key_size: 64,
  stored_key_count: 10,
  max_key_count: 10,
  max_key_per_request: 2,
  max_key_size: 128,
  min_key_size: 64,
  max_SAE_ID_count: 1,
}

const json = (value: unknown, code = 200, contentType = 'application/json; charset=utf-8'): HttpAnswer => ({
  status: code,
  contentType,
  body: JSON.stringify(value),
})

function world(answers: HttpAnswer[], options: { label?: 'hardware'; jitter?: number; add?: UsedKeyIds['add'] } = {}) {
  const sent: HttpRequest[] = []
  const ids = new Set<KeyId>()
  const waits: number[] = []
  const client = new Etsi014Client({
    http: async (request) => {
      sent.push(request)
      return answers.length > 1 ? answers.shift()! : answers[0]!
    },
    saeId: 'bob',
    kmeId: 'kme-b',
    used: {
      has: async (keyId) => ids.has(keyId),
      add:
        options.add ??
        (async (keyIds) => {
          if (keyIds.some((keyId) => ids.has(keyId))) return false
          for (const keyId of keyIds) ids.add(keyId)
          return true
        }),
    },
    jitter: () => options.jitter ?? 0,
    waitMs: async (ms) => void waits.push(ms),
    ...(options.label && { label: options.label }),
  })
  return { client, sent, ids, waits }
}

describe('requests', () => {
  it('[ET7] GET where the standard allows it, POST where it does not or where it is asked for; ids are encoded', async () => {
    const keys = [
      { key_ID: idA, key: keyOf(1) },
      { key_ID: idB, key: keyOf(2) },
    ]
    const { client, sent } = world([json({ keys: keys.slice(0, 1) }), json({ keys }), json({}, 404)])
    await client.getKeysById('al/ice é', [idA], { sizeBits })
    await world([json({ keys })]).client.getKeysById('alice', [idB, idA], { sizeBits })
    expect(sent[0]).toEqual({ method: 'GET', path: `/api/v1/keys/al%2Fice%20%C3%A9/dec_keys?key_ID=${idA}` })
    const asked = world([json(status), json({ keys }), json({ keys: keys.slice(0, 1) })])
    await asked.client.getKeys('alice', { number: 2 })
    await asked.client.getKeys('alice', { additionalSlaveSaeIds: ['carol'] })
    expect(asked.sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v1/keys/alice/status',
      'GET /api/v1/keys/alice/enc_keys?number=2&size=64',
      'POST /api/v1/keys/alice/enc_keys',
    ])
    expect(JSON.parse(asked.sent[2]!.body!)).toEqual({ number: 1, size: 64, additional_slave_SAE_IDs: ['carol'] })
  })

  it('[ET8] what the KME says it cannot do is not sent; what makes no sense is thrown', async () => {
    const { client, sent } = world([json(status)])
    for (const asked of [{ number: 3 }, { sizeBits: 56 }, { sizeBits: 136 }, { additionalSlaveSaeIds: ['c', 'd'] }]) {
      expect(await client.getKeys('alice', asked)).toMatchObject({ ok: false, failure: { reason: 'out-of-limits' } })
    }
    await expect(client.getKeys('alice', { sizeBits: 65 })).rejects.toThrow(RangeError)
    await expect(client.getKeys('alice', { number: 0 })).rejects.toThrow(RangeError)
    await expect(client.getKeysById('alice', [], { sizeBits })).rejects.toThrow(RangeError)
    await expect(client.getKeysById('alice', [idA, idA], { sizeBits })).rejects.toThrow(RangeError)
    await expect(client.getKeysById('..', [idA], { sizeBits })).rejects.toThrow(RangeError)
    expect(sent).toHaveLength(1)
  })

  it('[ET9] a status of another KME, master or slave is refused', async () => {
    expect(await world([json(status)]).client.status('alice')).toMatchObject({ ok: true })
    for (const other of [{ source_KME_ID: 'kme-x' }, { master_SAE_ID: 'carol' }, { slave_SAE_ID: 'carol' }]) {
      const { client, sent } = world([json({ ...status, ...other })])
      expect(await client.status('alice')).toMatchObject({ ok: false, failure: { reason: 'malformed' } })
      expect(sent).toHaveLength(1)
    }
  })
})

describe('answers', () => {
  it('[ET10] each kind of bad answer is a failure of its own, which says what may be lost', async () => {
    const lost = { count: 1, keyIds: [idA] }
    const message = 'one or more keys specified are not found on KME'
    const cases: [HttpAnswer, unknown, boolean][] = [
      [json({ message }, 400), { reason: 'key-not-found', keyIds: [idA] }, false],
      [json({ message: 'other' }, 400), { reason: 'refused', message: 'other' }, false],
      [json({}, 400), { reason: 'non-conforming', status: 400, lost }, true],
      [{ status: 401, contentType: '', body: '' }, { reason: 'unauthorised' }, false],
      [json({}, 404, 'text/html'), { reason: 'key-not-found', keyIds: [idA] }, false],
      [json({}, 405), { reason: 'non-conforming', status: 405, lost }, true],
      [json({}, 302), { reason: 'non-conforming', status: 302, lost }, true],
      [json({}, 429), { reason: 'busy', status: 429, retryAfterMs: 250 }, false],
      [json({}, 503), { reason: 'busy', status: 503, retryAfterMs: 250 }, false],
      [{ failed: 'lost' }, { reason: 'lost', lost }, true],
      [{ failed: 'not-sent' }, { reason: 'unreachable' }, false],
      [{ failed: 'untrusted' }, { reason: 'untrusted' }, false],
      [
        json({ keys: [{ key_ID: idB, key: keyOf(1) }] }),
        { reason: 'malformed', what: 'a key_ID that was not asked for', lost },
        true,
      ],
      [
        json({ keys: [{ key_ID: idA, key: keyOf(1) }] }, 200, 'text/plain'),
        { reason: 'malformed', what: 'the body is not called JSON', lost },
        true,
      ],
    ]
    for (const [answer, failure, gone] of cases) {
      const { client, ids } = world([answer])
      expect(await client.getKeysById('alice', [idA], { sizeBits })).toEqual({ ok: false, failure })
      expect(ids.has(idA), JSON.stringify(failure)).toBe(gone)
    }
  })

  it('[ET11] waits double with each refusal, have chance in them, end at a minute and begin anew', async () => {
    const busy = json({}, 503)
    const { client } = world([busy], { jitter: 0.5 })
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      const result = await client.getKeysById('alice', [idA], { sizeBits })
      if (!result.ok && result.failure.reason === 'busy') waits.push(result.failure.retryAfterMs)
    }
    expect(waits).toEqual([375, 750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000])
    const again = world([busy, busy, json({}, 405), busy])
    const reasons: unknown[] = []
    for (const keyId of [idA, idA, idA, idB]) {
      const result = await again.client.getKeysById('alice', [keyId], { sizeBits })
      reasons.push(!result.ok && result.failure)
    }
    expect(reasons).toMatchObject([
      { retryAfterMs: 250 },
      { retryAfterMs: 500 },
      { status: 405 },
      { retryAfterMs: 250 },
    ])
  })

  it('[ET12] a key is worth what the operator says, simulated if nothing is said, and for good once the KME says so', async () => {
    const plain = (keyId: KeyId) => json({ keys: [{ key_ID: keyId, key: keyOf(1) }] })
    const simulated = json({ keys: [{ key_ID: idB, key: keyOf(1), key_extension: { qsec_source: 'simulated' } }] })
    const idC = '00000000-0000-4000-8000-000000000003' as KeyId
    const labels = async (label?: 'hardware'): Promise<unknown[]> => {
      const { client } = world([plain(idA), simulated, plain(idC)], label && { label })
      const found: unknown[] = []
      for (const keyId of [idA, idB, idC]) {
        const result = await client.getKeysById('alice', [keyId], { sizeBits })
        found.push(result.ok && result.keys[0]!.label)
      }
      return found
    }
    expect(await labels('hardware')).toEqual(['hardware', 'simulated', 'simulated'])
    expect(await labels()).toEqual(['simulated', 'simulated', 'simulated'])
  })

  it('[ET13] of two calls for one id at the same time one gets the key; one that cannot be remembered is not handed out', async () => {
    const { client } = world([json({ keys: [{ key_ID: idA, key: keyOf(1) }] })])
    const both = await Promise.all([0, 1].map(() => client.getKeysById('alice', [idA], { sizeBits })))
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.find(({ ok }) => !ok)).toMatchObject({ failure: { reason: 'reused' } })
    const full = world([json({ keys: [{ key_ID: idA, key: keyOf(1) }] })], {
      add: async () => {
        throw new Error('the disk is full')
      },
    })
    await expect(full.client.getKeysById('alice', [idA], { sizeBits })).rejects.toThrow('the disk is full')
  })
})
