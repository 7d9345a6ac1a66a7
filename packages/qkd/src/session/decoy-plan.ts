/** How Alice draws intensities and both draw bases in a run with decoy states. Public, and agreed before a photon flies. */
import type { ByteReader, ByteWriter } from '../bytes.ts'
import { type SecureRandom, secureBytes } from '../random.ts'

/** Choices are drawn from 16 secure bits each, so that a probability is so many parts of 1. */
const parts = 65_536
const pulsesPerDraw = 16_384

export interface DecoyPlan {
  /**
   * Mean photons per pulse, the signal first: two, mu1 > mu2 > 0 (one decoy, Rusca et al. 2018), or three,
   * mu1 > mu2 + mu3 and mu2 > mu3 >= 0 (two decoys, Lim et al. 2014). At most 2.
   */
  intensities: readonly number[]
  /** Of each intensity, at least 0.01, together 1; kept to 1/65,536. */
  probabilities: readonly number[]
  /** That either end takes the key basis, 0.3 to 0.99; kept to 1/65,536. All bits of the other basis are compared. */
  keyBasisProbability: number
}

/** What the optimiser of `rusca2018` finds for 25 km of fibre, detectors of 16 % and blocks of 30,000 to 200,000 bits. */
export const defaultOneDecoy: DecoyPlan = decoyPlan({
  intensities: [0.39, 0.12],
  probabilities: [0.28, 0.72],
  keyBasisProbability: 0.62,
})

/** The same for `lim2014`. */
export const defaultTwoDecoys: DecoyPlan = decoyPlan({
  intensities: [0.53, 0.18, 2e-4],
  probabilities: [0.11, 0.54, 0.35],
  keyBasisProbability: 0.65,
})

/** Probabilities as they are drawn and travel. */
export function decoyPlan(given: DecoyPlan): DecoyPlan {
  const shares = given.probabilities.slice(1).map(toParts)
  const signal = parts - shares.reduce((sum, share) => sum + share, 0)
  return {
    intensities: [...given.intensities],
    probabilities: [signal, ...shares].map((share) => share / parts),
    keyBasisProbability: toParts(given.keyBasisProbability) / parts,
  }
}

export function isSoundDecoyPlan({ intensities, probabilities, keyBasisProbability }: DecoyPlan): boolean {
  const [mu1 = 0, mu2 = 0, mu3 = 0] = intensities
  const sum = probabilities.reduce((total, share) => total + toParts(share), 0)
  return (
    intensities.length === probabilities.length &&
    (intensities.length === 2 || intensities.length === 3) &&
    // Written with what must hold, so that NaN is refused. Bounds of intensities closer than this say nothing.
    mu1 <= 2 &&
    mu2 >= 1e-3 &&
    mu3 >= 0 &&
    mu1 >= mu2 + mu3 + 1e-3 &&
    mu2 >= mu3 + 1e-3 &&
    probabilities.every((share) => share >= 0.01) &&
    sum === parts &&
    keyBasisProbability >= 0.3 &&
    keyBasisProbability <= 0.99
  )
}

/** One byte that says how many intensities there are, 0 for none, and the rest. */
export function encodeDecoyPlan(writer: ByteWriter, plan: DecoyPlan | undefined): ByteWriter {
  writer.u8(plan?.intensities.length ?? 0)
  if (!plan) return writer
  for (const [k, mean] of plan.intensities.entries()) writer.f64(mean).u16(toParts(plan.probabilities[k]!))
  return writer.u16(toParts(plan.keyBasisProbability))
}

/** Still to be checked; undefined for none. */
export function readDecoyPlan(reader: ByteReader): DecoyPlan | undefined {
  const count = Math.min(reader.u8(), 4)
  if (count === 0) return undefined
  const intensities: number[] = []
  const probabilities: number[] = []
  for (let k = 0; k < count; k++) {
    intensities.push(reader.f64())
    probabilities.push(reader.u16() / parts)
  }
  return { intensities, probabilities, keyBasisProbability: reader.u16() / parts }
}

/**
 * One choice per pulse, from secure chance.
 *
 * @returns for each pulse the number of the choice, one byte each
 */
export function drawChoices(random: SecureRandom, pulses: number, probabilities: readonly number[]): Uint8Array {
  const choices = new Uint8Array(pulses)
  const [first = 0, second = 0] = probabilities.map(toParts)
  const upToSecond = probabilities.length > 2 ? first + second : parts
  for (let from = 0; from < pulses; from += pulsesPerDraw) {
    const count = Math.min(pulsesPerDraw, pulses - from)
    const drawn = secureBytes(random, 2 * count)
    for (let i = 0; i < count; i++) {
      const value = drawn[2 * i]! | (drawn[2 * i + 1]! << 8)
      choices[from + i] = value < first ? 0 : value < upToSecond ? 1 : 2
    }
    drawn.fill(0)
  }
  return choices
}

/** Basis of each pulse, packed: 0 is the key basis, 1 the test basis. */
export function drawBases(random: SecureRandom, pulses: number, keyBasisProbability: number): Uint8Array {
  const choices = drawChoices(random, pulses, [keyBasisProbability, 1 - keyBasisProbability])
  const packed = new Uint8Array((pulses + 7) >> 3)
  for (let i = 0; i < pulses; i++) packed[i >> 3]! |= choices[i]! << (i & 7)
  choices.fill(0)
  return packed
}

/** What the two functions draw at most. */
export function choiceBytes(pulses: number): number {
  return 2 * pulses
}

function toParts(share: number): number {
  return Math.round(share * parts)
}
