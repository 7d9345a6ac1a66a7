/** What each attack does to the error rate and tells Eve, in closed form. All per sifted bit of the signal. */
import { binaryEntropy } from '../security/entropy.ts'
import { attackedFraction, type Eve, eveXProbability } from './attack.ts'
import { channelErrorRate, fibreTransmittance, multiPhotonProbability, signalProbability } from './model.ts'
import { type ChannelParameters, defaultChannel, type OpticsParameters } from './parameters.ts'
import { multiplesForwarded, splittingPlan } from './splitting-plan.ts'

/**
 * Error rate of the signal's sifted bits. With e the error of the line, once on every bit:
 *
 * - intercept-resend: (1-f) e + f (m e + (1-m)/2), m the share in which Eve took the right basis; with m = 1/2 this is
 *   (1-f) e + f (1/4 + e/2) (Bennett and Brassard 1984)
 * - Breidbart: e + f 2 p (1-p) (1-2e), p = cos^2(pi/8) (Bennett et al., J. Cryptology 5, 3, 1992); of pulses of which
 *   several photons click, the random bits of double clicks add a little
 * - optimal individual: e + f D (1-2e) (Fuchs et al. 1997)
 * - photon-number splitting and beam splitting: e, which is their point
 */
export function expectedQber(channel: ChannelParameters): number {
  const e = channelErrorRate(channel)
  const { eve } = channel
  const f = attackedFraction(eve)
  switch (eve.attack) {
    case 'intercept-resend': {
      const m = rightBasisShare(channel, eveXProbability(eve))
      return (1 - f) * e + f * (m * e + (1 - m) / 2)
    }
    case 'breidbart':
      return e + f * 2 * breidbartGuess * (1 - breidbartGuess) * (1 - 2 * e)
    case 'optimal-individual':
      return e + f * eve.disturbance * (1 - 2 * e)
    default:
      return e
  }
}

/**
 * What an attack tells Eve per sifted bit of the signal, in bits, when dark counts are few.
 *
 * - intercept-resend: f m, which is f/2 with a fair coin for a basis
 * - Breidbart: f (1 - h(p)) (Bennett et al. 1992)
 * - optimal individual: f (1 - h(1/2 + sqrt(D (1-D)))) = f/2 phi(2 sqrt(D (1-D))) (Fuchs et al. 1997)
 * - photon-number splitting: the share of clicks whose pulse held two photons or more
 * - beam splitting: f (1 - e^(-(1-T) mu)), T the fibre; half of that without a memory. She has nothing of a photon
 *   that came alone and clicked
 */
export function eveInformationPerBit(eve: Eve, optics: OpticsParameters = defaultChannel): number {
  switch (eve.attack) {
    case 'none':
      return 0
    case 'intercept-resend':
      return eve.fraction * rightBasisShare(optics, eveXProbability(eve))
    case 'breidbart':
      return eve.fraction * (1 - binaryEntropy(1 - breidbartGuess))
    case 'optimal-individual':
      return eve.fraction * (1 - binaryEntropy(1 - clonerGuess(eve.disturbance)))
    case 'photon-number-splitting': {
      const { multiplesPassed } = splittingPlan(optics, eve)
      return (eve.fraction * multiplesPassed * multiplesForwarded(optics, eve)) / signalProbability(optics)
    }
    case 'beam-splitting': {
      if (optics.source.kind === 'single-photon') return 0
      const kept = (1 - fibreTransmittance(optics)) * optics.source.meanPhotons
      return eve.fraction * -Math.expm1(-kept) * (eve.memory ? 1 : 0.5)
    }
  }
}

/** p = cos^2(pi/8): how often a photon half-way between the bases is read as its bit. */
export const breidbartGuess: number = Math.cos(Math.PI / 8) ** 2

/** How often the optimal individual attack tells the bit for a disturbance D: 1/2 + sqrt(D (1-D)). */
export function clonerGuess(disturbance: number): number {
  return 0.5 + Math.sqrt(disturbance * (1 - disturbance))
}

/** The disturbance at which the optimal individual attack leaves Eve as much as Bob: (1 - 1/sqrt 2) / 2. */
export const clonerCrossing: number = (1 - Math.SQRT1_2) / 2

/** That intercept-resend on a share f of n compared bits makes at least one error: 1 - (1 - f/4)^n. */
export function interceptionNoticed(fraction: number, comparedBits: number): number {
  return 1 - (1 - fraction / 4) ** comparedBits
}

/**
 * Whether Eve, controlling the detector, can block every single photon and nobody without decoys would see it:
 * 1 - e^(-eta mu) <= 1 - (1 + mu) e^-mu (Brassard, Luetkenhaus, Mor, Sanders, Phys. Rev. Lett. 85, 1330, 2000).
 */
export function canBlockEverySinglePhoton(optics: OpticsParameters): boolean {
  return signalProbability(optics) <= multiPhotonProbability(optics.source)
}

// Of the sifted bits, in whose basis Eve measured, when both ends take X with p_X and she with her own probability.
function rightBasisShare(optics: OpticsParameters, eveX: number): number {
  const x = optics.xBasisProbability ** 2
  const z = (1 - optics.xBasisProbability) ** 2
  return (x * eveX + z * (1 - eveX)) / (x + z)
}
