/** The client of ETSI GS QKD 014 against the simulated KMEs, over real mutual TLS, and `qsec kme` as a program. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inspect } from 'node:util'
import {
  type DeliveredKey,
  Etsi014Client,
  type HttpPort,
  type KeyId,
  type KeysResult,
  type KmeFailure,
  seededRandom,
  type UsedKeyIds,
} from '@qsec/qkd'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Identity, TestAuthority } from '../../apps/cli/src/kme/certificates.ts'
import { type FaultName, type FaultPlan, faultNames } from '../../apps/cli/src/kme/faults.ts'
import { httpsPort } from '../../apps/cli/src/kme/https-port.ts'
import { type KmePair, startKmePair } from '../../apps/cli/src/kme/pair.ts'
import { openUsedKeyIds } from '../../apps/cli/src/kme/used-key-ids.ts'

const main = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts')
const sides = {
  a: { kmeId: 'kme-a', saes: ['alice'], port: 0 },
  b: { kmeId: 'kme-b', saes: ['bob', 'carol', 'dave'], port: 0 },
}

let folder = ''
let pair: KmePair
let nowMs = 0

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-kme-'))
  pair = await startKmePair({ ...sides, random: seededBytes(7), nowMs: () => nowMs })
})
afterEach(() => {
  nowMs += 1e6
  pair.a.faults.clear()
  pair.b.faults.clear()
})
afterAll(async () => {
  await pair.close()
  rmSync(folder, { recursive: true, force: true })
})

function seededBytes(seed: number): (byteLength: number) => Uint8Array {
  const random = seededRandom(seed, 'kme')
  return (byteLength) => Uint8Array.from({ length: byteLength }, () => Math.floor(256 * random()))
}

function usedInMemory(): UsedKeyIds {
  const ids = new Set<string>()
  return {
    has: async (keyId) => ids.has(keyId),
    add: async (keyIds) => {
      if (keyIds.some((keyId) => ids.has(keyId))) return false
      for (const keyId of keyIds) ids.add(keyId)
      return true
    },
  }
}

interface PortChanges {
  identity?: Identity
  authorityPem?: string
  kmeId?: string
  timeoutMs?: number
}

function portOf(saeId: string, of: KmePair = pair, changes: PortChanges = {}): HttpPort {
  const [side, kme] = saeId === 'alice' ? [sides.a, of.a] : [sides.b, of.b]
  const identity = changes.identity ?? of.saes.get(saeId)!
  return httpsPort({
    url: kme.url,
    kmeId: changes.kmeId ?? side.kmeId,
    authorityPem: changes.authorityPem ?? of.authority.certificatePem,
    ...identity,
    timeoutMs: changes.timeoutMs ?? 10_000,
  })
}

function clientOf(
  saeId: string,
  options: { used?: UsedKeyIds; http?: HttpPort; label?: 'hardware'; waitMs?: (ms: number) => Promise<void> } = {},
): Etsi014Client {
  return new Etsi014Client({
    http: options.http ?? portOf(saeId),
    saeId,
    kmeId: saeId === 'alice' ? 'kme-a' : 'kme-b',
    used: options.used ?? usedInMemory(),
    jitter: () => 0,
    waitMs: options.waitMs ?? (async () => undefined),
    ...(options.label && { label: options.label }),
  })
}

function keysOf(result: KeysResult): DeliveredKey[] {
  if (!result.ok) throw new Error(`no keys: ${JSON.stringify(result.failure)}`)
  return result.keys
}

function failureOf(result: KeysResult): KmeFailure {
  if (result.ok) throw new Error('keys, where a failure was expected')
  return result.failure
}

const idsOf = (keys: readonly DeliveredKey[]): KeyId[] => keys.map(({ keyId }) => keyId)
const hexOf = (keys: readonly DeliveredKey[]): string[] => keys.map(({ bytes }) => Buffer.from(bytes).toString('hex'))
const fetchOptions = { sizeBits: 256 }

describe('calls', () => {
  it('[KM1] both ends get the same keys, simulated whatever the configuration says, and no debug form shows one', async () => {
    const [alice, bob] = [clientOf('alice', { label: 'hardware' }), clientOf('bob')]
    const made = keysOf(await alice.getKeys('bob', { number: 3 }))
    const got = keysOf(await bob.getKeysById('alice', idsOf(made), fetchOptions))
    expect(hexOf(got)).toEqual(hexOf(made))
    expect(made.map(({ label }) => label)).toEqual(['simulated', 'simulated', 'simulated'])
    const shown = `${inspect(made, { depth: 9, getters: false })}${JSON.stringify(made)}`
    for (const { bytes } of made) {
      expect(shown).not.toContain(Buffer.from(bytes).toString('base64'))
      expect(shown).not.toContain(`${bytes[0]}, ${bytes[1]}`)
    }
    made[0]!.erase()
    expect(made[0]!.bytes.every((byte) => byte === 0)).toBe(true)
  })

  it('[KM2] GET and POST are equivalent, and the pool loses as much by either', async () => {
    const [alice, bob] = [clientOf('alice'), clientOf('bob')]
    const stored = async (): Promise<number> => {
      const status = await alice.status('bob')
      return status.ok ? status.status.storedKeyCount : -1
    }
    const before = await stored()
    for (const post of [false, true]) {
      const made = keysOf(await alice.getKeys('bob', { number: 1, sizeBits: 512, post }))
      const got = keysOf(await bob.getKeysById('alice', idsOf(made), { sizeBits: 512, post }))
      expect(hexOf(got)).toEqual(hexOf(made))
      expect(made[0]!.bytes).toHaveLength(64)
    }
    expect(await stored()).toBe(before - 4)
  })

  it('[KM3] the order of requested ids does not matter', async () => {
    const made = keysOf(await clientOf('alice').getKeys('bob', { number: 4 }))
    pair.b.faults.add({ fault: 'reordered', count: 1 })
    const got = keysOf(await clientOf('bob').getKeysById('alice', idsOf(made).toReversed(), fetchOptions))
    expect(hexOf(got)).toEqual(hexOf(made).toReversed())
    expect(idsOf(got)).toEqual(idsOf(made).toReversed())
  })

  it('[KM4] a second dec_keys of an id fails with 400, for part of the ids too, and takes nothing', async () => {
    const made = keysOf(await clientOf('alice').getKeys('bob', { number: 2 }))
    const [first, second] = idsOf(made)
    keysOf(await clientOf('bob').getKeysById('alice', [first!], fetchOptions))
    const again = await clientOf('bob').getKeysById('alice', [first!, second!], fetchOptions)
    expect(failureOf(again)).toEqual({ reason: 'key-not-found', keyIds: [first, second] })
    const raw = await portOf('bob')({ method: 'GET', path: `/api/v1/keys/alice/dec_keys?key_ID=${first}` })
    expect(raw).toMatchObject({
      status: 400,
      body: JSON.stringify({ message: 'one or more keys specified are not found on KME' }),
    })
    expect(keysOf(await clientOf('bob').getKeysById('alice', [second!], fetchOptions))).toHaveLength(1)
  })

  it('[KM5] a foreign SAE gets 401 with an empty body, and so does one that was not named', async () => {
    const made = keysOf(await clientOf('alice').getKeys('bob'))
    const foreign = portOf('bob', pair, { identity: await pair.authority.issueSae('mallory') })
    for (const call of ['alice/status', 'alice/enc_keys', `alice/dec_keys?key_ID=${made[0]!.keyId}`]) {
      const answer = await foreign({ method: 'GET', path: `/api/v1/keys/${call}` })
      expect(answer, call).toMatchObject({ status: 401, body: '', contentType: '' })
    }
    const carol = await portOf('carol')({
      method: 'GET',
      path: `/api/v1/keys/alice/dec_keys?key_ID=${made[0]!.keyId}`,
    })
    expect(carol).toMatchObject({ status: 401, body: '' })
    const failure = failureOf(await clientOf('carol').getKeysById('alice', idsOf(made), fetchOptions))
    expect(failure).toEqual({ reason: 'unauthorised' })
    expect(keysOf(await clientOf('bob').getKeysById('alice', idsOf(made), fetchOptions))).toHaveLength(1)
  })

  it('[KM6] each slave that was named gets a multicast key once, the others do not', async () => {
    const made = keysOf(await clientOf('alice').getKeys('bob', { number: 2, additionalSlaveSaeIds: ['carol'] }))
    for (const slave of ['carol', 'bob']) {
      const got = keysOf(await clientOf(slave).getKeysById('alice', idsOf(made), fetchOptions))
      expect(hexOf(got)).toEqual(hexOf(made))
      if (slave === 'carol') {
        const dave = await clientOf('dave').getKeysById('alice', idsOf(made), fetchOptions)
        expect(failureOf(dave)).toEqual({ reason: 'unauthorised' })
      }
    }
    const again = await clientOf('carol').getKeysById('alice', idsOf(made), fetchOptions)
    expect(failureOf(again).reason).toBe('key-not-found')
  })

  it('[KM7] limits and extensions are answered in the words of the standard', async () => {
    const post = async (body: unknown): Promise<unknown> => {
      const answer = await portOf('alice')({
        method: 'POST',
        path: '/api/v1/keys/bob/enc_keys',
        body: JSON.stringify(body),
      })
      return 'failed' in answer
        ? answer
        : [answer.status, answer.status === 200 ? 'keys' : JSON.parse(answer.body).message]
    }
    expect(await post({ size: 100 })).toEqual([400, 'size shall be a multiple of 8'])
    expect(await post({ extension_mandatory: [{ other_x: 1 }] })).toEqual([
      400,
      'not all extension_mandatory parameters are supported',
    ])
    expect(await post({ extension_mandatory: [{ qsec_route: 'relayed' }] })).toEqual([
      400,
      'not all extension_mandatory request options could be met',
    ])
    expect(await post({ extension_mandatory: [{ qsec_route: 'direct' }] })).toEqual([200, 'keys'])
    expect(await post({ extension_optional: [{ other_x: 1 }, { qsec_max_age: 30_000 }] })).toEqual([200, 'keys'])
    for (const body of [
      { size: 56 },
      { size: 4104 },
      { number: 65 },
      { number: 0 },
      [],
      { additional_slave_SAE_IDs: 1 },
    ]) {
      expect(await post(body), JSON.stringify(body)).toEqual([400, expect.any(String)])
    }
    expect(await post({})).toEqual([200, 'keys'])
    const alice = clientOf('alice')
    for (const asked of [{ number: 65 }, { sizeBits: 56 }, { sizeBits: 4104 }]) {
      expect(failureOf(await alice.getKeys('bob', asked)).reason).toBe('out-of-limits')
    }
    await expect(alice.getKeys('bob', { sizeBits: 100 })).rejects.toThrow(RangeError)
  })

  it('[KM8] a KME that answers every optional parameter or none says so', async () => {
    const strict = await startKmePair({ ...sides, limits: { refuseUnhandledOptional: true } })
    try {
      const alice = clientOf('alice', { http: portOf('alice', strict) })
      const failure = failureOf(await alice.getKeys('bob', { optional: [{ other_x: 1 }] }))
      expect(failure).toEqual({ reason: 'refused', message: 'not all extension_optional request options handled' })
      expect(keysOf(await alice.getKeys('bob', { optional: [{ qsec_max_age: 30_000 }] }))).toHaveLength(1)
    } finally {
      await strict.close()
    }
  })

  it('[KM9] a pool runs dry with 503, refills with time, and never past its bound', async () => {
    let clockMs = 0
    const small = await startKmePair({
      ...sides,
      limits: { maxKeyCount: 4 },
      refillKeysPerSecond: 2,
      nowMs: () => clockMs,
    })
    try {
      const alice = clientOf('alice', { http: portOf('alice', small) })
      expect(keysOf(await alice.getKeys('bob', { number: 4 }))).toHaveLength(4)
      expect(failureOf(await alice.getKeys('bob'))).toEqual({ reason: 'busy', status: 503, retryAfterMs: 250 })
      expect(failureOf(await alice.getKeys('bob'))).toMatchObject({ reason: 'busy', retryAfterMs: 500 })
      clockMs = 500
      expect(keysOf(await alice.getKeys('bob'))).toHaveLength(1)
      expect(failureOf(await alice.getKeys('bob'))).toMatchObject({ reason: 'busy', retryAfterMs: 250 })
      clockMs = 1e6
      expect(await alice.status('bob')).toMatchObject({ ok: true, status: { storedKeyCount: 4 } })
    } finally {
      await small.close()
    }
  })

  it('[KM10] a seed makes the same pool again, another seed another one', async () => {
    const drawn = async (seed: number): Promise<string[]> => {
      const seeded = await startKmePair({ ...sides, random: seededBytes(seed) })
      try {
        const keys = keysOf(await clientOf('alice', { http: portOf('alice', seeded) }).getKeys('bob', { number: 2 }))
        return [...hexOf(keys), ...idsOf(keys)]
      } finally {
        await seeded.close()
      }
    }
    const first = await drawn(3)
    expect(await drawn(3)).toEqual(first)
    expect(await drawn(4)).not.toEqual(first)
  })
})

describe('trust', () => {
  it('[KM11] without the certificate of an SAE there is no answer at all', async () => {
    const strange = await TestAuthority.create('another CA')
    const bySelf = portOf('alice', pair, { identity: await strange.issueSae('alice') })
    expect(await bySelf({ method: 'GET', path: '/api/v1/keys/bob/status' })).toEqual({ failed: expect.any(String) })
    const none = new Promise((resolve, reject) => {
      httpsRequest(`${pair.a.url}/api/v1/keys/bob/status`, { ca: pair.authority.certificatePem }, resolve)
        .on('error', reject)
        .end()
    })
    await expect(none).rejects.toThrow()
  })

  it('[KM12] a KME with a wrong id, an expired certificate or another authority is sent nothing', async () => {
    const alone = (reason: string): unknown => ({ ok: false, failure: { reason } })
    const stranger = await TestAuthority.create()
    const ofStranger = portOf('alice', pair, { authorityPem: stranger.certificatePem })
    expect(await clientOf('alice', { http: ofStranger }).getKeys('bob')).toEqual(alone('untrusted'))
    const ofOther = portOf('alice', pair, { kmeId: 'kme-b' })
    expect(await clientOf('alice', { http: ofOther }).getKeys('bob')).toEqual(alone('untrusted'))
    for (const certificate of ['wrong-id', 'expired'] as const) {
      const bad = await startKmePair({ a: { ...sides.a, certificate }, b: sides.b })
      try {
        expect(await clientOf('alice', { http: portOf('alice', bad) }).getKeys('bob')).toEqual(alone('untrusted'))
        expect(await clientOf('bob', { http: portOf('bob', bad) }).status('alice')).toMatchObject({ ok: true })
      } finally {
        await bad.close()
      }
    }
  })

  it('[KM13] a KME that is not there is unreachable, and nothing counts as lost', async () => {
    const gone = await startKmePair(sides)
    const http = portOf('bob', gone)
    await gone.close()
    const used = usedInMemory()
    const keyId = '3f0c6a52-6c1e-4a0e-9d57-0b8a3c1d2e4f' as KeyId
    const result = await clientOf('bob', { http, used }).getKeysById('alice', [keyId], fetchOptions)
    expect(failureOf(result)).toEqual({ reason: 'unreachable' })
    expect(await used.has(keyId)).toBe(false)
  })
})

/** What each fault has to become: at the master's call, and at the slave's. */
const expectedOf: Record<FaultName, { enc: string; dec: string }> = {
  'busy-503': { enc: 'busy', dec: 'busy' },
  'busy-429': { enc: 'busy', dec: 'busy' },
  'not-found-404': { enc: 'non-conforming', dec: 'key-not-found' },
  delay: { enc: 'lost', dec: 'lost' },
  'cut-before': { enc: 'lost', dec: 'lost' },
  'cut-after': { enc: 'lost', dec: 'lost' },
  truncated: { enc: 'malformed', dec: 'malformed' },
  'content-type': { enc: 'malformed', dec: 'malformed' },
  'wrong-size': { enc: 'malformed', dec: 'malformed' },
  'duplicate-id': { enc: 'malformed', dec: 'malformed' },
  reordered: { enc: 'none', dec: 'none' },
  'extra-key': { enc: 'malformed', dec: 'malformed' },
  'missing-key': { enc: 'malformed', dec: 'malformed' },
  'bad-base64': { enc: 'malformed', dec: 'malformed' },
  mismatch: { enc: 'none', dec: 'none' },
}

describe('faults', () => {
  const planOf = (fault: FaultName): FaultPlan => ({ fault, count: 1, ...(fault === 'delay' && { delayMs: 1500 }) })
  const timeoutMs = (fault: FaultName): number => (fault === 'delay' ? 500 : 10_000)

  it.each(faultNames)(
    '[KM14] %s at the master: a typed failure without keys, and the next call is whole',
    async (fault) => {
      const alice = clientOf('alice', { http: portOf('alice', pair, { timeoutMs: timeoutMs(fault) }) })
      expect(await alice.status('bob')).toMatchObject({ ok: true })
      pair.a.faults.add({ ...planOf(fault), call: 'enc_keys' })
      const result = await alice.getKeys('bob', { number: 3 })
      const { enc } = expectedOf[fault]
      if (enc === 'none') expect(keysOf(result)).toHaveLength(3)
      else {
        const failure = failureOf(result)
        expect(failure.reason).toBe(enc)
        if ('lost' in failure) expect(failure.lost).toEqual({ count: 3, keyIds: [] })
        expect(keysOf(await alice.getKeys('bob', { number: 3 }))).toHaveLength(3)
      }
    },
  )

  it.each(faultNames)(
    '[KM15] %s at the slave: no key on one side only without a report, none used again',
    async (fault) => {
      const made = keysOf(await clientOf('alice').getKeys('bob', { number: 3 }))
      const used = usedInMemory()
      const bob = clientOf('bob', { used, http: portOf('bob', pair, { timeoutMs: timeoutMs(fault) }) })
      pair.b.faults.add({ ...planOf(fault), call: 'dec_keys' })
      const result = await bob.getKeysById('alice', idsOf(made), fetchOptions)
      const { dec } = expectedOf[fault]
      if (dec === 'none') {
        // A key that differs is shown by no answer: whoever uses it has to compare (docs/qkd-etsi014.md).
        expect(hexOf(keysOf(result)).filter((hex, i) => hex !== hexOf(made)[i])).toHaveLength(
          fault === 'mismatch' ? 1 : 0,
        )
        return
      }
      const failure = failureOf(result)
      expect(failure.reason).toBe(dec)
      const again = await bob.getKeysById('alice', idsOf(made), fetchOptions)
      if ('lost' in failure) {
        expect(failure.lost).toEqual({ count: 3, keyIds: idsOf(made) })
        expect(failureOf(again)).toEqual({ reason: 'already-used', keyIds: idsOf(made) })
      } else {
        // Nothing was used up, so the same keys come, once.
        expect(hexOf(keysOf(again))).toEqual(hexOf(made))
      }
    },
  )

  it('[KM16] Get status alone is tried again, three times at most, with growing waits', async () => {
    const waits: number[] = []
    const alice = clientOf('alice', { waitMs: async (ms) => void waits.push(ms) })
    pair.a.faults.add({ fault: 'busy-429', call: 'status', count: 1 })
    pair.a.faults.add({ fault: 'cut-before', call: 'status', count: 1 })
    const first = await alice.status('bob')
    expect(first).toMatchObject({ ok: true })
    pair.a.faults.add({ fault: 'busy-503', call: 'status' })
    waits.length = 0
    expect(await alice.status('bob')).toMatchObject({ ok: false, failure: { reason: 'busy', status: 503 } })
    expect(waits).toEqual([250, 500])
    let sent = 0
    const counting = portOf('alice')
    const once = clientOf('alice', {
      http: (request) => {
        if (request.path.includes('enc_keys')) sent++
        return counting(request)
      },
    })
    pair.a.faults.clear()
    pair.a.faults.add({ fault: 'cut-after', call: 'enc_keys' })
    expect(failureOf(await once.getKeys('bob')).reason).toBe('lost')
    expect(sent).toBe(1)
  })

  it('[KM17] a fault with a probability hits the same calls for the same seed', async () => {
    const hits = async (seed: number): Promise<boolean[]> => {
      pair.a.faults.clear()
      pair.a.faults.add({ fault: 'busy-503', call: 'enc_keys', probability: 0.5, seed })
      const alice = clientOf('alice')
      const results: boolean[] = []
      for (let i = 0; i < 12; i++) results.push((await alice.getKeys('bob')).ok)
      return results
    }
    const first = await hits(5)
    expect(await hits(5)).toEqual(first)
    expect(new Set(first).size).toBe(2)
  })
})

describe('used key_IDs', () => {
  it('[KM18] no key_ID is used again, also after a restart of the client', async () => {
    const file = path.join(folder, 'used')
    const made = keysOf(await clientOf('alice').getKeys('bob', { number: 2 }))
    let used = await openUsedKeyIds(file)
    keysOf(await clientOf('bob', { used }).getKeysById('alice', [made[0]!.keyId], fetchOptions))
    pair.b.faults.add({ fault: 'cut-after', count: 1 })
    await clientOf('bob', { used }).getKeysById('alice', [made[1]!.keyId], fetchOptions)
    await used.close()
    used = await openUsedKeyIds(file)
    const bob = clientOf('bob', { used })
    for (const keyId of idsOf(made)) {
      const upper = keyId.toUpperCase() as KeyId
      const failure = failureOf(await bob.getKeysById('alice', [upper], fetchOptions))
      expect(failure).toEqual({ reason: 'already-used', keyIds: [upper] })
    }
    // A KME that hands out the same ids to a master again.
    const body = { keys: [{ key_ID: made[0]!.keyId, key: Buffer.alloc(32, 1).toString('base64') }] }
    const real = portOf('bob')
    const replaying = clientOf('bob', {
      used,
      http: async (request) =>
        request.path.includes('enc_keys')
          ? { status: 200, contentType: 'application/json', body: JSON.stringify(body) }
          : real(request),
    })
    expect(failureOf(await replaying.getKeys('alice')).reason).toBe('reused')
    await used.close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8').trim().split('\n').sort()).toEqual(idsOf(made).sort())
  })
})

describe('qsec kme', () => {
  function start(...args: string[]): {
    child: ReturnType<typeof spawn>
    ended: Promise<[number, string, string]>
    line: Promise<string>
  } {
    const child = spawn(process.execPath, [main, 'kme', ...args], { env: { PATH: process.env.PATH ?? '' } })
    let [out, err] = ['', '']
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const line = new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text
        if (out.endsWith('\n')) resolve(out)
      })
      child.once('close', () => resolve(out))
    })
    return { child, line, ended: once(child, 'close').then(([code]) => [code as number, out, err]) }
  }

  it('[KM19] writes certificates for its owner alone, says where it is in one line, serves, and ends with Ctrl-C', async () => {
    const at = path.join(folder, 'certificates')
    const running = start('--folder', at, '--sae-b', 'bob,carol')
    try {
      const said = JSON.parse(await running.line)
      expect(said).toMatchObject({ source: 'simulated', kmes: [{ id: 'kme-a' }, { id: 'kme-b' }] })
      const [alice] = said.kmes[0].saes
      expect(said.kmes[1].saes.map(({ id }: { id: string }) => id)).toEqual(['bob', 'carol'])
      for (const file of [said.ca, alice.certificate, alice.key]) expect(statSync(file).mode & 0o777).toBe(0o600)
      const http = httpsPort({
        url: said.kmes[0].url,
        kmeId: 'kme-a',
        authorityPem: readFileSync(said.ca, 'utf8'),
        certificatePem: readFileSync(alice.certificate, 'utf8'),
        privateKeyPem: readFileSync(alice.key, 'utf8'),
        timeoutMs: 10_000,
      })
      expect(keysOf(await clientOf('alice', { http }).getKeys('carol'))).toHaveLength(1)
      await fetchesKeys(alice.config, said.kmes[1].saes[0].config)
      const second = start('--folder', at)
      expect(await second.ended).toEqual([1, '', expect.stringMatching(/^--folder: [^\n]+\n$/)])
    } finally {
      running.child.kill('SIGINT')
    }
    expect((await running.ended)[0]).toBe(0)
  })

  /** `qsec kme key` at both ends. */
  async function fetchesKeys(ofAlice: string, ofBob: string): Promise<void> {
    const outs = [path.join(folder, 'keys-a'), path.join(folder, 'keys-b')] as const
    const made = start('key', '--config', ofAlice, '--peer', 'bob', '--out', outs[0], '--number', '2', '--json')
    const [code, out] = await made.ended
    const said = JSON.parse(out)
    expect([code, said.ok, said.label]).toEqual([0, true, 'simulated'])
    const ids = said.keys.map(({ keyId }: { keyId: string }) => keyId)
    const asked = ['key', '--config', ofBob, '--peer', 'alice', '--out', outs[1], '--ids', ids.join(','), '--json']
    expect((await start(...asked).ended)[0]).toBe(0)
    for (const keyId of ids) {
      const [ours, theirs] = outs.map((at) => readFileSync(path.join(at, `${keyId}.key`)))
      expect(ours).toHaveLength(32)
      expect(theirs).toEqual(ours)
      expect(statSync(path.join(outs[1], `${keyId}.key`)).mode & 0o777).toBe(0o600)
      expect(out).not.toContain(ours!.toString('base64'))
    }
    const [again, failure, line] = await start(...asked).ended
    expect([again, JSON.parse(failure)]).toEqual([1, { ok: false, reason: 'already-used', keyIds: ids }])
    expect(line).toMatch(/^No key: [^\n]+\n$/)
    const more = await start('key', '--config', ofAlice, '--peer', 'bob', '--out', outs[0], '--json').ended
    const [{ keyId }] = JSON.parse(more[1]).keys
    const ontoAlices = ['key', '--config', ofBob, '--peer', 'alice', '--out', outs[0], '--ids', keyId, '--json']
    const [unwritten, report] = await start(...ontoAlices).ended
    const lost = { count: 1, keyIds: [keyId] }
    expect([unwritten, JSON.parse(report)]).toEqual([1, { ok: false, reason: 'not-written', lost }])
  }

  it('[KM21] a configuration or command line of qsec kme key that makes no sense is named in one line, nothing is fetched', async () => {
    const { kmeKey } = await import('../../apps/cli/src/kme/key-command.ts')
    const file = path.join(folder, 'config.json')
    const good = { saeId: 'a', kmeId: 'b', url: 'https://127.0.0.1:1', ca: 'c', certificate: 'd', key: 'e', used: 'f' }
    const fine = ['--config', file, '--peer', 'bob', '--out', path.join(folder, 'never')]
    const said = async (config: unknown, ...args: string[]): Promise<string> => {
      writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
      return kmeKey.run(args).then(
        () => '',
        (thrown: Error) => thrown.message,
      )
    }
    expect(await said(good, ...fine)).toMatch(/"ca" cannot be read/)
    expect(await said('{', ...fine)).toBe('--config: the file is not JSON.')
    for (const [change, named] of [
      [{ url: 'http://127.0.0.1' }, 'url'],
      [{ url: 'https://me@127.0.0.1' }, 'url'],
      [{ key: 1 }, 'key'],
      [{ label: 'real' }, 'label'],
      [{ other: 1 }, 'known'],
    ] as const) {
      expect(await said({ ...good, ...change }, ...fine)).toMatch(new RegExp(`^--config: [^\\n]*${named}`))
    }
    expect(await said(good, ...fine.slice(2))).toContain('--config')
    expect(await said(good, ...fine, '--size', '9')).toContain('--size')
    expect(await said(good, ...fine, '--number', '0')).toContain('--number')
    expect(await said(good, ...fine, '--ids', 'x')).toContain('--ids')
    expect(await said(good, ...fine, '--peer', '..')).toContain('--peer')
  })

  it('[KM20] a command line that makes no sense ends with one line that names the flag', async () => {
    const { kme } = await import('../../apps/cli/src/kme/command.ts')
    const at = ['--folder', path.join(folder, 'never')]
    for (const [args, named] of [
      [[], '--folder'],
      [[...at, '--keys', '-1'], '--keys'],
      [[...at, '--keys', '0'], '--keys'],
      [[...at, '--key-size', '100'], '--key-size'],
      [[...at, '--port-a', '70000'], '--port-a'],
      [[...at, '--sae-a', '../x'], '--sae-a'],
      [[...at, '--sae-a', 'bob'], '--sae-a'],
      [[...at, '--port-b', new URL(pair.a.url).port], '--port-b'],
      [[...at, '--nothing'], '--nothing'],
    ] as const) {
      const error = await kme.run(args).then(
        () => undefined,
        (thrown: Error) => thrown,
      )
      expect(error?.message, args.join(' ')).toMatch(new RegExp(`^[^\\n]*${named}[^\\n]*$`))
    }
    const wrong = start('--keys', 'many')
    expect(await wrong.ended).toEqual([2, '', expect.stringMatching(/^[^\n]+\n$/)])
  })
})
