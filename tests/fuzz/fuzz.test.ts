/** Every parser takes whatever comes: bytes by chance, valid input that was bent, and JSON that tries for prototypes. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesOf, mustBeSound, type Target, textOf } from './target.ts'
import { targets } from './targets.ts'

const poison = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"polluted":1'

/** A seed that was cut, bent, spliced or lengthened, in up to four places. */
function bent(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    kind: fc.constantFrom('flip', 'set', 'cut', 'insert', 'remove', 'splice'),
    at: fc.nat(),
    value: fc.nat(255),
    piece: fc.uint8Array({ maxLength: 8 }),
    from: fc.constantFrom(...seeds),
  })
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([seed, changes]) => {
      let bytes = seed
      for (const { kind, at, value, piece, from } of changes) {
        const place = bytes.length === 0 ? 0 : at % bytes.length
        const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)]
        if (kind === 'flip') bytes = Uint8Array.of(...head, (tail[0] ?? 0) ^ (1 << (value % 8)), ...tail.subarray(1))
        else if (kind === 'set') bytes = Uint8Array.of(...head, value, ...tail.subarray(1))
        else if (kind === 'cut') bytes = head
        else if (kind === 'insert') bytes = Uint8Array.of(...head, ...piece, ...tail)
        else if (kind === 'remove') bytes = Uint8Array.of(...head, ...tail.subarray(piece.length))
        else bytes = Uint8Array.of(...head, ...from.subarray(at % (from.length + 1)))
      }
      return bytes
    })
}

/** A seed of JSON with names of prototypes put into one of its objects, or into all of them. */
function poisoned(seed: Uint8Array): Uint8Array[] {
  const text = textOf(seed)
  const objects = [...text.matchAll(/\{/g)].map(({ index }) => index)
  const into = (at: number) =>
    `${text.slice(0, at + 1)}${poison}${text[at + 1] === '}' ? '' : ','}${text.slice(at + 1)}`
  const everywhere = text
    .replace(/\{(?=\s*\})/g, `{${poison}`)
    .replace(/\{(?!"__proto__")(?!"polluted")/g, `{${poison},`)
  return [...objects.map(into), everywhere].map(bytesOf)
}

/** Large seeds cost too much to be bent byte by byte in so many ways: they are cut. */
const shortened = (seeds: readonly Uint8Array[]) => seeds.map((seed) => seed.subarray(0, 20_000))

async function fuzz(target: Target): Promise<void> {
  const seeds = await target.seeds()
  expect(seeds.length, 'seeds').toBeGreaterThan(0)
  for (const seed of seeds) await target.take(seed.slice())
  const arbitrary = fc.oneof(
    { weight: 4, arbitrary: bent(shortened(seeds)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    ...(target.json ? [{ weight: 2, arbitrary: fc.json({ maxDepth: 4 }).map(bytesOf) }] : []),
  )
  const numRuns = target.slow ? 25 : 150
  await fc.assert(
    fc.asyncProperty(arbitrary, async (bytes) => target.take(bytes.slice())),
    { numRuns },
  )
}

it.each(targets.map((target) => [target.name, target] as const))(
  '[FZ1] %s takes whatever comes',
  { timeout: 30_000 },
  async (_, target) => fuzz(target),
)

it('[FZ2] no JSON that names prototypes reaches any object', async () => {
  for (const target of targets.filter(({ json }) => json)) {
    for (const seed of await target.seeds()) {
      for (const bytes of poisoned(seed)) {
        try {
          await target.take(bytes)
        } catch (error) {
          throw new Error(`${target.name}: ${textOf(bytes).slice(0, 300)}`, { cause: error })
        }
      }
    }
  }
})

it('[FZ3] the fuzzing does find what is planted', async () => {
  const take = (bytes: Uint8Array) => {
    if (bytes.length > 0 && bytes[0]! > 0x7f) throw new TypeError('planted')
  }
  const weak: Target = { name: 'planted', covers: [], take, seeds: () => [Uint8Array.of(1, 2, 3)] }
  await expect(fuzz(weak)).rejects.toThrow('Property failed')
  const inherited: unknown = Object.assign({}, JSON.parse('{"__proto__":{"polluted":1}}'))
  expect(() => mustBeSound({ deep: [inherited] })).toThrow('a prototype out of the input')
})
