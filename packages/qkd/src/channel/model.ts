/** What the laws of source, fibre and detector say before any photon flies. All are probabilities per pulse. */
import { binaryEntropy } from '../security/entropy.ts'
import { intensitiesOf, type OpticsParameters, type Source } from './parameters.ts'

/** That a photon comes to the other end: 10^(-alpha L / 10). */
export function fibreTransmittance(optics: OpticsParameters): number {
  return 10 ** ((-optics.attenuationDbPerKm * optics.distanceKm) / 10)
}

/** eta: that one photon of the source would click, detector included. */
export function transmittance(optics: OpticsParameters): number {
  return optics.detectorEfficiency * fibreTransmittance(optics)
}

/** That at least one photon of this intensity (0 is the signal) would click, dark counts apart. */
export function signalProbability(optics: OpticsParameters, intensity = 0): number {
  const eta = transmittance(optics)
  if (optics.source.kind === 'single-photon') return eta
  return -Math.expm1(-eta * intensitiesOf(optics.source)[intensity]!.meanPhotons)
}

/** That at least one of the two detectors has a dark count: Y0 = 1 - (1 - p_dc)^2. */
function darkProbability(optics: OpticsParameters): number {
  return optics.darkCountProbability * (2 - optics.darkCountProbability)
}

/**
 * That a pulse of this intensity (0 is the signal) clicks at a gate that is open and fresh. It depends on neither bit
 * nor basis, nor on an eavesdropper who sends on what she took.
 */
export function clickProbability(optics: OpticsParameters, intensity = 0): number {
  const signal = signalProbability(optics, intensity)
  return signal + (1 - signal) * darkProbability(optics)
}

/** Of two photons or more in one pulse of the signal. */
export function multiPhotonProbability(source: Source): number {
  if (source.kind === 'single-photon') return 0
  return -Math.expm1(-source.meanPhotons) - source.meanPhotons * Math.exp(-source.meanPhotons)
}

/**
 * Exact error rate of the signal's sifted bits without an eavesdropper, random bits of double clicks included; 1/2 if
 * none click. At gates that are open and fresh.
 */
export function channelErrorRate(optics: OpticsParameters): number {
  if (clickProbability(optics) === 0) return 0.5
  const pdc = optics.darkCountProbability
  const eta = transmittance(optics)
  const right = 1 - optics.misalignment
  const wrong = optics.misalignment
  if (optics.source.kind === 'weak-coherent') {
    const light = eta * optics.source.meanPhotons
    const rightClicks = 1 - (1 - pdc) * Math.exp(-light * right)
    const wrongClicks = 1 - (1 - pdc) * Math.exp(-light * wrong)
    return (wrongClicks * (1 - rightClicks) + (wrongClicks * rightClicks) / 2) / clickProbability(optics)
  }
  const arrives = eta * (right * (pdc / 2) + wrong * (1 - pdc / 2))
  const lost = (1 - eta) * (pdc * (1 - pdc) + (pdc * pdc) / 2)
  return (arrives + lost) / clickProbability(optics)
}

/** What Bob's bits tell him of Alice's: 1 - h(Q). */
export function mutualInformationPerBit(qber: number): number {
  return 1 - binaryEntropy(qber)
}
