/** Two threshold detectors behind a basis choice: misalignment, dark counts, dead time and after-pulses. */
import type { SeededRandom } from '../random.ts'
import type { Clicks } from '../session/photons.ts'
import { breidbartGuess } from './attack-formulas.ts'
import { deadPulsesOf, type OpticsParameters } from './parameters.ts'
import { between, type PhotonState } from './photon.ts'

/**
 * The outcome of one pulse that is known to click. A double click gives a random bit and is never dropped
 * (Luetkenhaus, Phys. Rev. A 59, 3301, 1999).
 *
 * @param afterPulse - detector that clicks by itself, if one does
 */
function detect(
  optics: OpticsParameters,
  state: PhotonState,
  basis: number,
  random: SeededRandom,
  afterPulse?: number,
): number {
  const clicks: [boolean, boolean] = [afterPulse === 0, afterPulse === 1]
  const goesWrong = wrongDetectorProbability(optics, state, basis)
  for (let i = 0; i < state.photons; i++) clicks[random() < goesWrong ? 1 - state.bit : state.bit] = true
  const pdc = optics.darkCountProbability
  if (state.photons > 0) {
    for (const detector of [0, 1] as const) if (random() < pdc) clicks[detector] = true
  } else {
    // Given at least one dark count, both have one with probability pdc / (2 - pdc), else either alone.
    const both = random() < pdc / (2 - pdc)
    const alone = random() < 0.5 ? 0 : 1
    clicks[0] ||= both || alone === 0
    clicks[1] ||= both || alone === 1
  }
  const chance = random() < 0.5 ? 0 : 1
  return clicks[0] && clicks[1] ? chance : clicks[1] ? 1 : 0
}

/** A photon half-way between the bases is read as its bit with p in either; misalignment then flips what it flips. */
function wrongDetectorProbability(optics: OpticsParameters, state: PhotonState, basis: number): number {
  if (state.basis === between) {
    return (1 - breidbartGuess) * (1 - optics.misalignment) + breidbartGuess * optics.misalignment
  }
  return basis === state.basis ? optics.misalignment : 0.5
}

/** The detectors over a whole run: pulses that click come in one by one, in order. */
export class Detector {
  readonly #optics: OpticsParameters
  readonly #basisAt: (pulseIndex: number) => number
  readonly #random: SeededRandom
  readonly #afterRandom: SeededRandom
  readonly #deadPulses: number
  #openFrom = 0
  /** A detector will click by itself at the gate `#openFrom`. */
  #afterPulse: number | undefined
  readonly #pulseIndex: number[] = []
  readonly #basis: number[] = []
  readonly #outcome: number[] = []

  constructor(
    optics: OpticsParameters,
    basisAt: (pulseIndex: number) => number,
    random: SeededRandom,
    afterRandom: SeededRandom,
  ) {
    this.#optics = optics
    this.#basisAt = basisAt
    this.#random = random
    this.#afterRandom = afterRandom
    this.#deadPulses = deadPulsesOf(optics)
  }

  arrive(pulseIndex: number, state: PhotonState): void {
    this.#afterPulsesBefore(pulseIndex)
    if (pulseIndex < this.#openFrom) return
    const afterPulse = pulseIndex === this.#openFrom ? this.#afterPulse : undefined
    const outcome = detect(this.#optics, state, this.#basisAt(pulseIndex), this.#random, afterPulse)
    this.#click(pulseIndex, outcome)
  }

  finish(pulses: number): Clicks {
    this.#afterPulsesBefore(pulses)
    return {
      pulseIndex: Uint32Array.from(this.#pulseIndex),
      basis: Uint8Array.from(this.#basis),
      outcome: Uint8Array.from(this.#outcome),
    }
  }

  #afterPulsesBefore(pulseIndex: number): void {
    while (this.#afterPulse !== undefined && this.#openFrom < pulseIndex) {
      this.#click(this.#openFrom, this.#afterPulse)
    }
  }

  #click(pulseIndex: number, outcome: number): void {
    this.#pulseIndex.push(pulseIndex)
    this.#basis.push(this.#basisAt(pulseIndex))
    this.#outcome.push(outcome)
    this.#openFrom = pulseIndex + 1 + this.#deadPulses
    const { afterPulseProbability } = this.#optics
    if (afterPulseProbability === 0) return
    const fires = this.#afterRandom() < afterPulseProbability
    const detector = this.#afterRandom() < 0.5 ? 0 : 1
    this.#afterPulse = fires ? detector : undefined
  }
}
