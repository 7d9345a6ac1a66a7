/**
 * How a photon-number-splitting Eve hides: she lets through just so much that the signal clicks as often as before
 * (Brassard, Luetkenhaus, Mor, Sanders, Phys. Rev. Lett. 85, 1330, 2000).
 */
import type { Eve } from './attack.ts'
import { signalProbability } from './model.ts'
import type { OpticsParameters } from './parameters.ts'
import { photonNumberLaw } from './photon-numbers.ts'

export interface SplittingPlan {
  /** Share of the pulses of one photon that she lets through, on a lossless line. */
  singlesPassed: number
  /** Share of the pulses of two or more of which she sends on what she does not keep. */
  multiplesPassed: number
}

type SplittingEve = Extract<Eve, { attack: 'photon-number-splitting' }>

/** Both shares are 1 if she cannot keep the gain even so: on a line with no loss to hide in. */
export function splittingPlan(optics: OpticsParameters, eve: SplittingEve): SplittingPlan {
  const { source } = optics
  const law = photonNumberLaw(source, source.kind === 'single-photon' ? 1 : source.meanPhotons)
  const honest = signalProbability(optics)
  const singles = law[1]! * forwardedClick(optics, eve, 1)
  const multiples = multiplesForwarded(optics, eve)
  if (multiples >= honest) return { singlesPassed: 0, multiplesPassed: honest / multiples }
  return { singlesPassed: Math.min(1, (honest - multiples) / singles), multiplesPassed: 1 }
}

/** That a pulse of the signal holds two photons or more and would click if Eve let every such pulse through. */
export function multiplesForwarded(optics: OpticsParameters, eve: SplittingEve): number {
  const { source } = optics
  const law = photonNumberLaw(source, source.kind === 'single-photon' ? 1 : source.meanPhotons)
  return law.reduce((sum, p, n) => (n < 2 ? sum : sum + p * forwardedClick(optics, eve, n)), 0)
}

/** Y_n of a pulse that she lets through, dark counts apart. */
function forwardedClick(optics: OpticsParameters, eve: SplittingEve, n: number): number {
  const { photons, transmittance } = forwarded(optics, eve, n)
  return 1 - (1 - transmittance) ** photons
}

/** What leaves Eve of a pulse of n photons: how many, and how likely each is to click. */
export function forwarded(
  optics: OpticsParameters,
  eve: SplittingEve,
  n: number,
): { photons: number; transmittance: number } {
  if (eve.controlsDetector) return { photons: Math.min(n, 1), transmittance: 1 }
  return { photons: n < 2 ? n : n - 1, transmittance: optics.detectorEfficiency }
}
