import { createHash, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type CombinerContext, CombinerMistake, type CombinerSecrets, combineKeys, withoutQkd } from './combiner.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const counting = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => from + i)

type WithQkd = Omit<CombinerContext, 'qkd'> & { qkd: Exclude<CombinerContext['qkd'], string> }

const context: WithQkd = {
  suite: 83,
  groupId: counting(0, 16),
  epoch: 7,
  members: ['ben', 'ana'],
  transcripts: { pq: Buffer.from('pq said'), qkd: Buffer.from('qkd said') },
  qkd: { label: 'simulated', keyIds: ['3f0c6a52-6c1e-4a0e-9d57-0b8a3c1d2e4f', 'qkd:hardware:kme-a:2'] },
}
const secrets = { previous: counting(1, 64), pq: counting(65, 32), qkd: counting(129, 40) }

/** §6 written out by hand, over Node's HKDF: numbers in place, nothing of the client. */
function byHand({ previous, pq, qkd }: CombinerSecrets, of: CombinerContext): string {
  const number = (value: number, bytes: number) => Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex')
  const behind = (bytes: Uint8Array, width: number) => Buffer.concat([number(bytes.length, width), bytes])
  const list = (texts: readonly string[]) => [
    number(texts.length, 2),
    ...texts.map((one) => behind(Buffer.from(one), 1)),
  ]
  const said = Buffer.concat([behind(of.transcripts.pq, 4), behind(of.transcripts.qkd, 4)])
  const members = [...of.members].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const info = Buffer.concat([
    Buffer.from('QSEC qkd v1'),
    number(of.suite, 2),
    behind(of.groupId, 1),
    number(of.epoch, 8),
    ...list(members),
    createHash('sha256').update(said).digest(),
    ...(of.qkd === withoutQkd
      ? [number(0, 1)]
      : [number(1, 1), behind(Buffer.from(of.qkd.label), 1), ...list(of.qkd.keyIds)]),
  ])
  const input = Buffer.concat([behind(pq, 4), behind(qkd ?? new Uint8Array(0), 4)])
  return hex(new Uint8Array(hkdfSync('sha512', input, previous, info, 32)))
}

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength })
// A flipped bit leaves these sound, and different from each other.
const secret = bytes(32, 80).filter((one) => new Set(one).size > 2)
const differing = (a: Uint8Array, b: Uint8Array) => a.filter((byte, i) => byte !== b[i]).length
const text = (maxLength: number) =>
  fc
    .string({ minLength: 1, maxLength, unit: 'binary' })
    .filter((one) => one.isWellFormed() && Buffer.byteLength(one) < 256)
const ascii = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcXYZ019:-!~') })
const someContext: fc.Arbitrary<WithQkd> = fc.record({
  suite: fc.nat({ max: 0xffff }),
  groupId: bytes(1, 20),
  epoch: fc.maxSafeNat(),
  members: fc.uniqueArray(text(8), { minLength: 2, maxLength: 6 }),
  transcripts: fc.record({ pq: bytes(1, 40), qkd: bytes(1, 40) }),
  qkd: fc.record({
    label: fc.constantFrom('simulated' as const, 'hardware' as const),
    keyIds: fc.uniqueArray(ascii, { minLength: 1, maxLength: 4 }),
  }),
})
const someSecrets = fc
  .record({ previous: secret, pq: secret, qkd: secret })
  .filter(({ pq, qkd }) => differing(pq, qkd) > 1)
// A failure prints seed and path; both go into these options to see it again.
const options = { numRuns: 60 }

it('[CB1] the key is that of the formula, computed by hand over Node’s HKDF', () => {
  expect(hex(combineKeys(secrets, context))).toBe(byHand(secrets, context))
  expect(hex(combineKeys(secrets, context))).toBe('208e652eba3332c9d93ddb85d53c734319dfd56b72e26d2c0c95251c8aeb36fe')
  const { qkd: _, ...two } = secrets
  const alone = { ...context, qkd: withoutQkd } as const
  expect(hex(combineKeys(two, alone))).toBe(byHand(two, alone))
  expect(hex(combineKeys(two, alone))).toBe('4879e37bada1124e361624bc5fc251eb7c8c0f4fa3f12040985e7b7e9c8deeb9')
  fc.assert(
    fc.property(someSecrets, someContext, fc.boolean(), (some, of, without) => {
      const { qkd, ...rest } = some
      const given = without ? rest : { ...rest, qkd }
      const said = without ? { ...of, qkd: withoutQkd as typeof withoutQkd } : of
      expect(hex(combineKeys(given, said))).toBe(byHand(given, said))
    }),
    options,
  )
})

it('[CB2] members in any order give one key, and what was given stays as it was', () => {
  const shuffled = someContext.chain((of) =>
    fc.record({
      of: fc.constant(of),
      members: fc.shuffledSubarray([...of.members], { minLength: of.members.length }),
    }),
  )
  fc.assert(
    fc.property(someSecrets, shuffled, (some, { of, members }) => {
      const before = [hex(some.pq), hex(some.qkd), hex(some.previous), JSON.stringify(of)]
      expect(combineKeys(some, { ...of, members })).toEqual(combineKeys(some, of))
      expect([hex(some.pq), hex(some.qkd), hex(some.previous), JSON.stringify(of)]).toEqual(before)
    }),
    options,
  )
})

it('[CB3] any other context gives another key: each field by itself, the label, and a byte that moves next door', () => {
  fc.assert(
    fc.property(someSecrets, someContext, bytes(1, 1), (some, of, [at = 0]) => {
      const { transcripts, qkd, members } = of
      const flip = (one: Uint8Array) => one.map((byte, i) => (i === at % one.length ? byte ^ (1 << (at & 7)) : byte))
      const longer = (one: Uint8Array) => Uint8Array.of(...one, 0)
      const other = `${members[0]!}\u{1f511}`
      fc.pre(!members.includes(other))
      const changed: Partial<CombinerContext>[] = [
        { suite: of.suite ^ (1 << (at & 15)) },
        { epoch: of.epoch === 0 ? 1 : of.epoch - 1 },
        { groupId: flip(of.groupId) },
        { groupId: longer(of.groupId) },
        { members: [other, ...members.slice(1)] },
        { members: [other, ...members] },
        { transcripts: { ...transcripts, pq: flip(transcripts.pq) } },
        { transcripts: { ...transcripts, qkd: flip(transcripts.qkd) } },
        { transcripts: { ...transcripts, qkd: longer(transcripts.qkd) } },
        { transcripts: { pq: Uint8Array.of(...transcripts.pq, ...transcripts.qkd), qkd: Uint8Array.of(0) } },
        { qkd: { ...qkd, label: qkd.label === 'simulated' ? 'hardware' : 'simulated' } },
        { qkd: { ...qkd, keyIds: [...qkd.keyIds, 'one-id-more-than-13'] } },
        { qkd: { ...qkd, keyIds: [`${qkd.keyIds[0]}/`, ...qkd.keyIds.slice(1)] } },
        ...(qkd.keyIds.length > 1 ? [{ qkd: { ...qkd, keyIds: qkd.keyIds.toReversed() } }] : []),
      ]
      const keys = [of, ...changed.map((change) => ({ ...of, ...change }))].map((one) => hex(combineKeys(some, one)))
      expect(new Set(keys).size).toBe(keys.length)
    }),
    options,
  )
  const ids = (...keyIds: string[]) => hex(combineKeys(secrets, { ...context, qkd: { ...context.qkd, keyIds } }))
  expect(ids('ab', 'c')).not.toBe(ids('a', 'bc'))
  const members = (...all: string[]) => hex(combineKeys(secrets, { ...context, members: all }))
  expect(members('ab', 'c')).not.toBe(members('a', 'bc'))
})

it('[CB4] any other secret gives another key: one bit of either key or of the salt, and the border between them', () => {
  fc.assert(
    fc.property(someSecrets, someContext, fc.nat({ max: 255 }), (some, of, at) => {
      const flip = (one: Uint8Array) => one.map((byte, i) => (i === at % one.length ? byte ^ (1 << (at & 7)) : byte))
      const moved = {
        ...some,
        pq: Uint8Array.of(...some.pq, some.qkd[0]!),
        qkd: Uint8Array.of(...some.qkd.slice(1), 1, 2),
      }
      const all = [
        some,
        { ...some, previous: flip(some.previous) },
        { ...some, pq: flip(some.pq) },
        { ...some, qkd: flip(some.qkd) },
        { ...some, pq: some.qkd, qkd: some.pq },
        moved,
      ]
      const keys = all.map((one) => hex(combineKeys(one, of)))
      expect(new Set(keys).size).toBe(keys.length)
    }),
    options,
  )
})

it('[CB5] who knows the QKD key and all that is public still needs the post-quantum key, and the other way round', () => {
  fc.assert(
    fc.property(
      someContext,
      secret,
      secret,
      fc.uniqueArray(secret, { minLength: 8, maxLength: 8, selector: hex }),
      (of, previous, known, unknown) => {
        fc.pre(!unknown.some((one) => hex(one) === hex(known)))
        const byPq = unknown.map((pq) => hex(combineKeys({ previous, pq, qkd: known }, of)))
        const byQkd = unknown.map((qkd) => hex(combineKeys({ previous, pq: known, qkd }, of)))
        expect(new Set([...byPq, ...byQkd]).size).toBe(16)
      },
    ),
    { numRuns: 20 },
  )
})

it('[CB6] doing without QKD is said, not left out: another key, and never by one side’s silence', () => {
  const { qkd, ...two } = secrets
  const alone = { ...context, qkd: withoutQkd } as const
  expect(combineKeys(two, alone)).not.toEqual(combineKeys(secrets, context))
  expect(() => combineKeys(two, context)).toThrow('qkd is missing')
  expect(() => combineKeys(secrets, alone)).toThrow('qkd is there')
  expect(() => combineKeys({ ...secrets, qkd: new Uint8Array(0) }, context)).toThrow('qkd must have 32 to 65536 bytes')
  expect(() => combineKeys({ ...two, pq: undefined as unknown as Uint8Array, qkd }, context)).toThrow('pq must have')
})

it('[CB7] keys of a failed source are refused: short, long, all alike, or the same key twice', () => {
  const bad = [
    new Uint8Array(0),
    counting(1, 31),
    new Uint8Array(65_537).fill(1, 0, 9),
    new Uint8Array(32),
    new Uint8Array(48).fill(9),
  ]
  for (const name of ['previous', 'pq', 'qkd'] as const) {
    for (const one of bad) {
      const given = { ...secrets, [name]: one }
      expect(() => combineKeys(given, context), `${name} ${one.length}`).toThrow(CombinerMistake)
      expect(() => combineKeys(given, context)).toThrow(RangeError)
    }
  }
  expect(() => combineKeys({ ...secrets, qkd: secrets.pq.slice() }, context)).toThrow(
    'qkd is the post-quantum key once more',
  )
  const most = {
    previous: secrets.previous,
    pq: new Uint8Array(65_536).fill(1, 9),
    qkd: new Uint8Array(32).fill(1, 31),
  }
  expect(combineKeys(most, context)).toHaveLength(32)
})

it('[CB8] a context out of its ranges is refused by name, and no message holds a byte of a secret', () => {
  const bad: [string, object][] = [
    ['suite', { suite: -1 }],
    ['suite', { suite: 65_536 }],
    ['suite', { suite: '83' }],
    ['epoch', { epoch: 1.5 }],
    ['epoch', { epoch: 2 ** 53 }],
    ['epoch', { epoch: Number.NaN }],
    ['groupId', { groupId: new Uint8Array(0) }],
    ['groupId', { groupId: new Uint8Array(256) }],
    ['groupId', { groupId: 'abc' }],
    ['members', { members: ['ana'] }],
    ['members', { members: ['ana', 'ana'] }],
    ['members', { members: ['ana', ''] }],
    ['members', { members: ['ana', '\ud800'] }],
    ['members', { members: ['ana', 'x'.repeat(256)] }],
    ['members', { members: 'ana, ben' }],
    ['transcripts.pq', { transcripts: { ...context.transcripts, pq: new Uint8Array(0) } }],
    ['transcripts.qkd', { transcripts: { ...context.transcripts, qkd: new Uint8Array(0) } }],
    ['label', { qkd: { ...context.qkd, label: 'post-quantum' } }],
    ['keyIds', { qkd: { ...context.qkd, keyIds: [] } }],
    ['keyIds', { qkd: { ...context.qkd, keyIds: ['a', 'a'] } }],
    ['keyIds', { qkd: { ...context.qkd, keyIds: ['a b'] } }],
    ['keyIds', { qkd: { ...context.qkd, keyIds: ['ä'] } }],
    ['keyIds', { qkd: { ...context.qkd, keyIds: ['x'.repeat(256)] } }],
  ]
  for (const [named, change] of bad) {
    const given = { ...context, ...change } as CombinerContext
    expect(() => combineKeys(secrets, given), JSON.stringify(change)).toThrow(named)
    expect(() => combineKeys(secrets, given)).toThrow(expect.objectContaining({ argument: 'context' }))
  }
})
