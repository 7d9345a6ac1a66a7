/** What Eve does to the state of one pulse in flight. What she does to its photon number is in `arrivals.ts`. */
import type { SeededRandom } from '../random.ts'
import { type Eve, eveXProbability } from './attack.ts'
import { breidbartGuess } from './attack-formulas.ts'
import { between, type Photon } from './photon.ts'

/**
 * What arrives behind Eve. Draws nothing if there is no attack, so that every other stream stays as it was.
 *
 * She measures with perfect detectors and sends on as many photons in the state she saw (Bennett and Brassard 1984;
 * Bennett et al., J. Cryptology 5, 3, 1992); the cloner flips the bit with probability D (Fuchs et al. 1997).
 */
export function passEve(photon: Photon, eve: Eve, random: SeededRandom): Photon {
  switch (eve.attack) {
    case 'intercept-resend': {
      const attacked = random() < eve.fraction
      const basis = random() < 1 - eveXProbability(eve) ? 0 : 1
      const chance = random() < 0.5 ? 0 : 1
      if (!attacked) return photon
      return { ...photon, basis, bit: basis === photon.basis ? photon.bit : chance }
    }
    case 'breidbart': {
      const attacked = random() < eve.fraction
      const read = random() < breidbartGuess
      return attacked ? { ...photon, basis: between, bit: read ? photon.bit : 1 - photon.bit } : photon
    }
    case 'optimal-individual': {
      const attacked = random() < eve.fraction
      const flipped = random() < eve.disturbance
      return attacked && flipped ? { ...photon, bit: 1 - photon.bit } : photon
    }
    case 'none':
    case 'photon-number-splitting':
    case 'beam-splitting':
      return photon
  }
}
