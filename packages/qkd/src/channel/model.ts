/** What the laws of source, fibre and detector say before any photon flies. All are probabilities per pulse. */
import { binaryEntropy } from '../security/entropy.ts'
import type { ChannelParameters, Eve, OpticsParameters, Source } from './parameters.ts'

/** eta: that one photon of the source would click, detector included. */
export function transmittance(optics: OpticsParameters): number {
  return optics.detectorEfficiency * 10 ** ((-optics.attenuationDbPerKm * optics.distanceKm) / 10)
}

/** That at least one photon would click, dark counts apart. */
export function signalProbability(optics: OpticsParameters): number {
  const eta = transmittance(optics)
  return optics.source.kind === 'single-photon' ? eta : -Math.expm1(-eta * optics.source.meanPhotons)
}

/** That at least one of the two detectors has a dark count: Y0 = 1 - (1 - p_dc)^2. */
function darkProbability(optics: OpticsParameters): number {
  return optics.darkCountProbability * (2 - optics.darkCountProbability)
}

/** That a pulse clicks. It depends on neither bit nor basis, nor on an eavesdropper who sends on what she took. */
export function clickProbability(optics: OpticsParameters): number {
  const signal = signalProbability(optics)
  return signal + (1 - signal) * darkProbability(optics)
}

/** Of two photons or more in one pulse. */
export function multiPhotonProbability(source: Source): number {
  if (source.kind === 'single-photon') return 0
  return -Math.expm1(-source.meanPhotons) - source.meanPhotons * Math.exp(-source.meanPhotons)
}

/** Exact error rate of sifted bits without an eavesdropper, random bits of double clicks included; 1/2 if none click. */
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

/** QBER = (1-f) e + f (1/4 + e/2) under intercept-resend (Bennett and Brassard 1984, with channel error e once). */
export function expectedQber(channel: ChannelParameters): number {
  const e = channelErrorRate(channel)
  const f = attackedFraction(channel.eve)
  return (1 - f) * e + f * (0.25 + e / 2)
}

/** What intercept-resend tells Eve per sifted bit: f/2. */
export function eveInformationPerBit(eve: Eve): number {
  return attackedFraction(eve) / 2
}

/** What Bob's bits tell him of Alice's: 1 - h(Q). */
export function mutualInformationPerBit(qber: number): number {
  return 1 - binaryEntropy(qber)
}

function attackedFraction(eve: Eve): number {
  return eve.attack === 'none' ? 0 : eve.fraction
}
