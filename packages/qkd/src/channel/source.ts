/** Source and fibre: which pulses may click at all, and with how many photons. */
import type { SeededRandom } from '../random.ts'
import { clickProbability, signalProbability, transmittance } from './model.ts'
import type { OpticsParameters } from './parameters.ts'
import { maxPhotonsPerPulse, type Photon } from './photon.ts'

/**
 * The pulses that click, without touching the others: the gap to the next is 1 + floor(ln U / ln(1 - P)), and given a
 * click it holds photons with probability signal / P. Same law as a pulse-by-pulse simulation, since loss, efficiency
 * and dark counts fall on every pulse alike.
 */
export function* clickingPulses(
  optics: OpticsParameters,
  pulses: number,
  random: SeededRandom,
): Generator<Pick<Photon, 'pulseIndex' | 'photons'>, void, undefined> {
  const click = clickProbability(optics)
  const signalGivenClick = signalProbability(optics) / click
  const mean = optics.source.kind === 'weak-coherent' ? transmittance(optics) * optics.source.meanPhotons : 0
  const logNoClick = Math.log1p(-click)
  for (let pulseIndex = -1; ; ) {
    // 1 - random() lies in (0, 1], so that the logarithm is finite.
    pulseIndex += 1 + Math.floor(Math.log(1 - random()) / logNoClick)
    if (!(pulseIndex < pulses)) return
    const photons = random() >= signalGivenClick ? 0 : mean > 0 ? poissonAboveZero(mean, random) : 1
    yield { pulseIndex, photons }
  }
}

// Inversion of the Poisson law given at least one photon.
function poissonAboveZero(mean: number, random: SeededRandom): number {
  let left = random() * -Math.expm1(-mean)
  let probability = mean * Math.exp(-mean)
  let photons = 1
  while (left >= probability && photons < maxPhotonsPerPulse) {
    left -= probability
    photons++
    probability *= mean / photons
  }
  return photons
}
