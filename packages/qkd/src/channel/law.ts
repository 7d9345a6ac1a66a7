/** The law of one pulse whose gate is open and fresh: the probability of each cell. Both engines draw from it. */

import { cellCount, cellOf, doubleRight, doubleWrong, nothing, patternCount, right, settingOf, wrong } from './cells.ts'
import { type Branch, branchesOf } from './eve-law.ts'
import { type ChannelParameters, intensitiesOf } from './parameters.ts'
import { photonNumberLaw } from './photon-numbers.ts'

/** Sums to 1. */
export function pulseLaw(channel: ChannelParameters): Float64Array {
  const law = new Float64Array(cellCount)
  const branches = branchesOf(channel)
  const basisProbability = [1 - channel.xBasisProbability, channel.xBasisProbability]
  for (const [intensity, { meanPhotons, probability }] of intensitiesOf(channel.source).entries()) {
    const numbers = photonNumberLaw(channel.source, meanPhotons)
    for (const aliceBasis of [0, 1]) {
      for (const bobBasis of [0, 1]) {
        const bases = basisProbability[aliceBasis]! * basisProbability[bobBasis]!
        for (const [photons, ofNumber] of numbers.entries()) {
          for (const branch of branches(photons, aliceBasis, bobBasis)) {
            const patterns = patternLaw(branch, channel.darkCountProbability)
            // Alice's bit is a fair coin, and nothing on the way prefers one.
            const weight = (probability * bases * ofNumber * branch.weight) / 2
            for (const aliceBit of [0, 1]) {
              const setting = settingOf(intensity, aliceBasis, aliceBit, bobBasis)
              for (let pattern = 0; pattern < patternCount; pattern++) {
                law[cellOf(setting, pattern, photons, branch.reading)]! += weight * patterns[pattern]!
              }
            }
          }
        }
      }
    }
  }
  const sum = law.reduce((a, b) => a + b, 0)
  return law.map((probability) => probability / sum)
}

/**
 * What two threshold detectors say. Of m photons each clicks with eta and goes wrong with w:
 * none on the right detector (1 - eta (1-w))^m, none on the wrong one (1 - eta w)^m, none at all (1 - eta)^m.
 * A double click becomes a fair coin (Luetkenhaus, Phys. Rev. A 59, 3301, 1999).
 */
function patternLaw({ photons, transmittance, goesWrong }: Branch, dark: number): Float64Array {
  const noRight = (1 - transmittance * (1 - goesWrong)) ** photons
  const noWrong = (1 - transmittance * goesWrong) ** photons
  const none = (1 - transmittance) ** photons
  // Differences of numbers near 1 may come out below 0 by a rounding.
  const rightAlone = Math.max(0, noWrong - none)
  const wrongAlone = Math.max(0, noRight - none)
  const both = photons < 2 ? 0 : Math.max(0, 1 - noRight - noWrong + none)
  const doubles = both + (rightAlone + wrongAlone) * dark + none * dark * dark
  const patterns = new Float64Array(patternCount)
  patterns[nothing] = none * (1 - dark) * (1 - dark)
  patterns[right] = (rightAlone + none * dark) * (1 - dark)
  patterns[wrong] = (wrongAlone + none * dark) * (1 - dark)
  patterns[doubleRight] = doubles / 2
  patterns[doubleWrong] = doubles / 2
  return patterns
}

/** That a fresh gate clicks. */
export function clickShare(law: Float64Array): number {
  return law.reduce((sum, probability, cell) => ((cell >> 5) % 8 === nothing ? sum : sum + probability), 0)
}
