import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Amplifier } from '../amplification/amplifier.ts'
import { typescriptAmplifier } from '../amplification/typescript-amplifier.ts'
import { loadWasmAmplifier } from '../amplification/wasm-amplifier.ts'
import { authenticationBits, authenticationKeyBytes } from '../authentication.ts'
import { ByteWriter } from '../bytes.ts'
import { channelParameters, defaultChannel, describeOptics } from '../channel/parameters.ts'
import { secureRandom, seededRandom } from '../random.ts'
import { countParities } from '../reconciliation/cascade/bit-stream.ts'
import { startAlice, startBob } from '../run.ts'
import { type SimulateOptions, simulateRun } from '../simulate-run.ts'
import type { JoinedRun } from '../two-ends.ts'
import { encodeFrame, maxMessageBytes, parseFrame } from './messages.ts'
import { encodeParameters, type RunParameters } from './parameters.ts'
import { Secrets } from './path.ts'
import type { SessionAbort, SessionSuccess } from './result.ts'

/** A run of about 4,000 sifted bits that still leaves a key. */
const small = {
  pulses: 8000,
  sampleFraction: 0.375,
  channel: { distanceKm: 0, detectorEfficiency: 1, misalignment: 0.01 },
}

function run(seed: number, options: Omit<SimulateOptions, 'chance'> = small): JoinedRun {
  return simulateRun({ ...options, chance: { seed } })
}

function successes(done: JoinedRun): [SessionSuccess, SessionSuccess] {
  if (done.alice.aborted || done.bob.aborted) throw new Error(`aborted: ${JSON.stringify([done.alice, done.bob])}`)
  return [done.alice, done.bob]
}

function aborts(done: JoinedRun): [SessionAbort, SessionAbort] {
  if (!done.alice.aborted || !done.bob.aborted) throw new Error('not aborted')
  return [done.alice, done.bob]
}

const runId = new Uint8Array(16).fill(7)
const authenticationKey = new Uint8Array(authenticationKeyBytes).fill(9)
const source = seededRandom(1, 'test')
const random = secureRandom((length) => Uint8Array.from({ length }, () => source() * 256))

describe('a whole run', () => {
  it('[QB26] with default parameters gives both the same key of at least 2,000 bits at QBER of 1 to 3 %', () => {
    for (const misalignment of [0.01, 0.03]) {
      const done = run(1, { channel: { misalignment } })
      const [alice, bob] = successes(done)
      expect(alice.keyBits).toBeGreaterThanOrEqual(2000)
      expect(alice.sifted).toBeGreaterThan(20_000)
      expect(alice.sifted).toBeLessThan(30_000)
      expect(alice.key.length).toBe(alice.keyBits / 8)
      expect(bob.key).toEqual(alice.key)
      expect(alice.label).toBe('simulated')
    }
  })

  it('[QB26] what both ends say of it is the same, and its stages join', () => {
    const [alice, bob] = successes(run(2))
    expect(alice).toEqual(bob)
    expect(alice.netSecretBits).toBe(alice.keyBits - authenticationBits)
    expect(alice.qber).toBe(alice.mismatches / alice.sampled)
    alice.stages.forEach((stage, i) => {
      if (i > 0) expect(stage.bitsIn, stage.name).toBe(alice.stages[i - 1]!.bitsOut)
    })
    expect(alice.stages.at(-1)!.bitsOut).toBe(alice.netSecretBits)
    expect(alice.epsilon.total).toBeGreaterThanOrEqual(1e-10)
    expect(alice.epsilon.total).toBeLessThan(1.1e-10)
  })

  it('[QB27] both have the same key or both abort for the same reason, whatever channel and Eve', () => {
    const channel = fc.record({
      distanceKm: fc.double({ min: 0, max: 20, noNaN: true }),
      detectorEfficiency: fc.double({ min: 0.2, max: 1, noNaN: true }),
      darkCountProbability: fc.double({ min: 0, max: 0.01, noNaN: true }),
      misalignment: fc.double({ min: 0, max: 0.12, noNaN: true }),
      source: fc.constantFrom(
        { kind: 'single-photon' as const },
        { kind: 'weak-coherent' as const, meanPhotons: 0.05 },
      ),
      eve: fc.constantFrom(
        { attack: 'none' as const },
        { attack: 'intercept-resend' as const, fraction: 0.2 },
        { attack: 'intercept-resend' as const, fraction: 1 },
      ),
    })
    fc.assert(
      fc.property(channel, fc.integer({ min: 1000, max: 20_000 }), fc.nat(), (given, pulses, seed) => {
        const { alice, bob } = run(seed, { pulses, sampleFraction: 0.3, channel: given })
        expect(alice.aborted).toBe(bob.aborted)
        if (alice.aborted || bob.aborted) {
          expect(alice.aborted && bob.aborted && alice.reason === bob.reason).toBe(true)
          expect('key' in alice || 'key' in bob).toBe(false)
        } else {
          expect(alice.key).toEqual(bob.key)
          expect(given.eve).not.toMatchObject({ fraction: 1 })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('[QB28] full interception ends at both ends with the measured QBER and no key', () => {
    for (const seed of [1, 2, 3]) {
      const done = run(seed, {
        ...small,
        channel: { ...small.channel, eve: { attack: 'intercept-resend', fraction: 1 } },
      })
      for (const end of aborts(done)) {
        expect(end).toMatchObject({ reason: 'qber-above-threshold', by: 'us', threshold: 0.11 })
        expect(end.qber).toBeGreaterThan(0.2)
        expect('key' in end).toBe(false)
      }
    }
  })

  it('[QB28] a tenth intercepted raises the QBER and shortens the key, which is still the same', () => {
    const [quiet] = successes(run(4, {}))
    const [alice, bob] = successes(run(4, { channel: { eve: { attack: 'intercept-resend', fraction: 0.1 } } }))
    expect(alice.qber).toBeGreaterThan(quiet.qber + 0.01)
    expect(alice.keyBits).toBeLessThan(quiet.keyBits)
    expect(alice.key).toEqual(bob.key)
  })

  it('[QB28] the more is intercepted, the shorter the key, until there is none', () => {
    const meanKeyBits = [0, 0.06, 0.12, 0.3].map((fraction) => {
      const lengths = [1, 2, 3].map((seed) => {
        const { alice } = run(seed, { channel: { eve: { attack: 'intercept-resend', fraction } } })
        return alice.aborted ? 0 : alice.keyBits
      })
      return lengths.reduce((sum, length) => sum + length) / lengths.length
    })
    expect(meanKeyBits).toEqual(meanKeyBits.toSorted((a, b) => b - a))
    expect(meanKeyBits.at(-1)).toBe(0)
  })

  it('[QB29] too few clicks, or too few bits for a finite key, end with their own reasons', () => {
    expect(aborts(run(1, { pulses: 1000 }))[0].reason).toBe('too-few-detections')
    expect(aborts(run(1, { pulses: 1000 }))[1].reason).toBe('too-few-detections')
    const dark = { distanceKm: 1000, attenuationDbPerKm: 10, darkCountProbability: 0 }
    expect(aborts(run(1, { channel: dark }))[1]).toMatchObject({ reason: 'too-few-detections', detected: 0, sifted: 0 })
    expect(aborts(run(1, { pulses: 20_000 }))[0].reason).toBe('no-secret-key-left')
    // Most clicks of such pulses could be known to an eavesdropper who splits them.
    const coherent = { source: { kind: 'weak-coherent', meanPhotons: 0.5 } } as const
    expect(aborts(run(1, { channel: coherent }))[1].reason).toBe('no-secret-key-left')
  })

  it('[QB30] Alice says nothing of her bases before the last click is recorded', () => {
    const kinds = run(1, {}).messages.map(({ kind }) => kind)
    expect(kinds.indexOf('sifted')).toBeGreaterThan(kinds.lastIndexOf('clicks'))
    expect(kinds.lastIndexOf('clicks')).toBeGreaterThan(kinds.lastIndexOf('photons'))
    expect(kinds.indexOf('sample')).toBeGreaterThan(kinds.indexOf('sifted'))
  })

  it('[QB31] no message is longer than 128 KiB, and a default run takes at most 75 round trips on average', () => {
    const runs = [1, 2, 3, 4, 5].map((seed) => run(seed, {}))
    for (const { messages } of runs) {
      for (const { bytes } of messages) expect(bytes).toBeLessThanOrEqual(maxMessageBytes)
    }
    expect(runs.reduce((sum, { roundTrips }) => sum + roundTrips, 0) / runs.length).toBeLessThan(75)
    const [alice] = successes(run(1, { channel: { distanceKm: 0 }, pulses: 2_000_000 }))
    expect(alice.sifted).toBeGreaterThan(150_000)
  })

  it('[QB32] the leak in the result is the number of parities in the transcript', () => {
    for (const seed of [1, 2, 3]) {
      const bodies: { kind: string; body: Uint8Array }[] = []
      const done = run(seed, {
        ...small,
        onMessage: (message) => {
          const frame = parseFrame(message, message.subarray(1, 17))
          if (typeof frame !== 'string') bodies.push({ kind: frame.kind, body: frame.body.slice() })
          return [message]
        },
      })
      const [alice] = successes(done)
      let parities = 0
      for (const { kind, body } of bodies) {
        if (kind === 'topParities') parities += countParities(body.subarray(16))
        if (kind === 'parities') parities += countParities(body)
      }
      expect(alice.leakedBits).toBe(parities)
    }
  })

  it('[QB33] a seed repeats every byte; another seed, another key', () => {
    const transcript = (seed: number): string[] => {
      const bytes: string[] = []
      const [alice] = successes(
        run(seed, {
          ...small,
          onMessage: (message) => {
            bytes.push(Buffer.from(message).toString('hex'))
            return [message]
          },
        }),
      )
      return [...bytes, Buffer.from(alice.key).toString('hex')]
    }
    expect(transcript(5)).toEqual(transcript(5))
    expect(transcript(5).at(-1)).not.toBe(transcript(6).at(-1))
  })
})

describe('amplifiers', () => {
  it('[QS1] the ends need not amplify in the same way', async () => {
    const wasm = await loadWasmAmplifier()
    expect(wasm?.name).toBe('wasm')
    const keyWith = (amplifier: Amplifier): string => {
      const [alice] = successes(run(8, { ...small, amplifier }))
      return Buffer.from(alice.key).toString('hex')
    }
    expect(keyWith(wasm!)).toBe(keyWith(typescriptAmplifier))
  })
})

describe('parameters', () => {
  it('[QB34] options that make no run are refused before anything is said', () => {
    const start = (more: Partial<RunParameters>) => () => startAlice({ runId, authenticationKey, random, ...more })
    for (const bad of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY, 1e12]) {
      expect(start({ pulses: bad })).toThrow('pulses')
      expect(start({ sampleFraction: bad })).toThrow('sampleFraction')
      expect(start({ threshold: bad })).toThrow('threshold')
      expect(start({ epsSec: bad })).toThrow('epsSec')
      expect(start({ epsCor: bad })).toThrow('epsCor')
    }
    expect(start({ pulses: 1000.5 })).toThrow('pulses')
    expect(start({ pulses: 16_000_000 })).toThrow('clicks')
    expect(() => startAlice({ runId, authenticationKey: new Uint8Array(16), random })).toThrow('authenticationKey')
    expect(() => startBob({ runId: new Uint8Array(3), authenticationKey, random })).toThrow('runId')
  })

  it('[QB34] Bob accepts a sound proposal and refuses every one out of bounds', () => {
    const sound: RunParameters = {
      pulses: 8000,
      sampleFraction: 0.2,
      threshold: 0.1,
      epsSec: 1e-10,
      epsCor: 1e-15,
      mode: 'low-round',
    }
    const propose = (change: Partial<RunParameters>, optics = describeOptics(defaultChannel)) => {
      const body = encodeParameters(new ByteWriter(), { ...sound, ...change })
      body.u8(optics.length).bytes(optics).bytes(new Uint8Array(32))
      const bob = startBob({ runId, authenticationKey, random })
      return bob.handle(encodeFrame(runId, 'alice', 0, 'propose', body.finish()))
    }
    expect(propose({}).done).toBeUndefined()
    const refused = { aborted: true, reason: 'parameters-refused', by: 'us' }
    for (const bad of [Number.NaN, 0, -1, 4000]) {
      for (const name of Object.keys(sound)) {
        if (name === 'pulses' && bad === 4000) continue
        expect(propose({ [name]: bad }).done, `${name} = ${bad}`).toMatchObject(refused)
      }
    }
    expect(propose({ threshold: 0.12 }).done).toMatchObject(refused) // within bounds, but beyond what this end wants
    expect(propose({}, describeOptics(channelParameters()).subarray(1)).done).toMatchObject(refused)
    expect(propose({}, new Uint8Array(49).fill(255)).done).toMatchObject(refused)
  })

  it('[QB35] what has to be forgotten is zero afterwards', () => {
    const secrets = new Secrets()
    const bytes = secrets.keep(Uint8Array.of(1, 2, 3))
    secrets.wipe()
    expect(bytes).toEqual(new Uint8Array(3))
  })
})
