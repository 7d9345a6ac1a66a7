/** How many photons a pulse holds. */
import type { Source } from './parameters.ts'

/** Less than the rounding of a sum that is 1, by far. */
const negligible = 1e-30

/**
 * The law of the photon number n of one intensity: entry n is its probability, until it is negligible.
 * P(n | mu) = e^-mu mu^n / n! of phase-randomised pulses.
 */
export function photonNumberLaw(source: Source, meanPhotons: number): number[] {
  if (source.kind === 'single-photon') return [0, 1]
  const law: number[] = []
  for (let n = 0, probability = Math.exp(-meanPhotons); probability > negligible; n++) {
    law.push(probability)
    probability *= meanPhotons / (n + 1)
  }
  return law
}

/** Given at least one event of a Poisson law, how many there are; `most` at most. By inversion. */
export function poissonAboveZero(mean: number, most: number, random: () => number): number {
  let left = random() * -Math.expm1(-mean)
  let probability = mean * Math.exp(-mean)
  let events = 1
  while (left >= probability && events < most) {
    left -= probability
    events++
    probability *= mean / events
  }
  return events
}
