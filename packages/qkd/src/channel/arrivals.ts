/** How many photons of a pulse of one intensity would click at the end of the line, whoever is on it. */
import type { SeededRandom } from '../random.ts'
import { branchesOf } from './eve-law.ts'
import { clickProbability, signalProbability, transmittance } from './model.ts'
import { type ChannelParameters, intensitiesOf } from './parameters.ts'
import { maxPhotonsPerPulse } from './photon.ts'
import { photonNumberLaw, poissonAboveZero } from './photon-numbers.ts'

export interface Arrivals {
  /** That the pulse clicks at a gate that is open and fresh, dark counts included. */
  click: number
  /** That at least one photon clicks. */
  signal: number
  /** How many do, given that one does. */
  photons(random: SeededRandom): number
}

/** The signal first, then the decoys. */
export function arrivalsOf(channel: ChannelParameters): Arrivals[] {
  const { source, eve } = channel
  // All other attacks leave photon numbers as the fibre does: a beam splitter is a fibre that loses to Eve.
  const split = eve.attack === 'photon-number-splitting' && eve.fraction > 0
  return intensitiesOf(source).map(({ meanPhotons }, intensity) => {
    if (split) return tabledArrivals(channel, meanPhotons)
    const mean = transmittance(channel) * meanPhotons
    return {
      click: clickProbability(channel, intensity),
      signal: signalProbability(channel, intensity),
      photons: (random) => (source.kind === 'single-photon' ? 1 : poissonAboveZero(mean, maxPhotonsPerPulse, random)),
    }
  })
}

function tabledArrivals(channel: ChannelParameters, meanPhotons: number): Arrivals {
  const branches = branchesOf(channel)
  const law = new Float64Array(maxPhotonsPerPulse + 1)
  for (const [n, ofNumber] of photonNumberLaw(channel.source, meanPhotons).entries()) {
    for (const { weight, photons, transmittance: each } of branches(n, 0, 0)) {
      let ways = 1
      for (let clicking = 0; clicking <= photons; clicking++) {
        const binomial = ways * each ** clicking * (1 - each) ** (photons - clicking)
        law[Math.min(clicking, maxPhotonsPerPulse)]! += ofNumber * weight * binomial
        ways *= (photons - clicking) / (clicking + 1)
      }
    }
  }
  const signal = law.reduce((sum, probability, clicking) => (clicking === 0 ? sum : sum + probability), 0)
  const dark = channel.darkCountProbability * (2 - channel.darkCountProbability)
  return {
    signal,
    click: signal + (1 - signal) * dark,
    photons(random) {
      let left = random() * signal
      let clicking = 1
      for (; clicking < maxPhotonsPerPulse && left >= law[clicking]!; clicking++) left -= law[clicking]!
      return clicking
    },
  }
}
