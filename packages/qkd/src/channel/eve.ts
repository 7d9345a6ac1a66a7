/**
 * Intercept-resend: Eve measures a pulse in a random basis with perfect detectors and sends on as many photons in the
 * state she saw (Bennett and Brassard 1984; Bennett et al., J. Cryptology 5, 3, 1992).
 */
import type { SeededRandom } from '../random.ts'
import type { Eve } from './parameters.ts'
import type { Photon } from './photon.ts'

/** What arrives behind Eve. Draws nothing if there is no attack, so that every other stream stays as it was. */
export function passEve(photon: Photon, eve: Eve, random: SeededRandom): Photon {
  if (eve.attack === 'none') return photon
  const attacked = random() < eve.fraction
  const basis = random() < 0.5 ? 0 : 1
  const chance = random() < 0.5 ? 0 : 1
  if (!attacked) return photon
  return { ...photon, basis, bit: basis === photon.basis ? photon.bit : chance }
}
