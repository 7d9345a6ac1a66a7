/** Two threshold detectors behind a basis choice, with misalignment and dark counts. */
import type { SeededRandom } from '../random.ts'
import type { OpticsParameters } from './parameters.ts'

/**
 * The outcome of one pulse that is known to click. A double click gives a random bit and is never dropped
 * (Luetkenhaus, Phys. Rev. A 59, 3301, 1999).
 *
 * @param photons - photons that click; 0 means that a dark count made the click
 */
export function detect(
  optics: OpticsParameters,
  state: { basis: number; bit: number; photons: number },
  basis: number,
  random: SeededRandom,
): number {
  const clicks: [boolean, boolean] = [false, false]
  const goesWrong = basis === state.basis ? optics.misalignment : 0.5
  for (let i = 0; i < state.photons; i++) clicks[random() < goesWrong ? 1 - state.bit : state.bit] = true
  const pdc = optics.darkCountProbability
  if (state.photons > 0) {
    for (const detector of [0, 1] as const) if (random() < pdc) clicks[detector] = true
  } else {
    // Given at least one dark count, both have one with probability pdc / (2 - pdc), else either alone.
    const both = random() < pdc / (2 - pdc)
    const alone = random() < 0.5 ? 0 : 1
    clicks[0] = both || alone === 0
    clicks[1] = both || alone === 1
  }
  const chance = random() < 0.5 ? 0 : 1
  return clicks[0] && clicks[1] ? chance : clicks[1] ? 1 : 0
}
