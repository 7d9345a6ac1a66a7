/**
 * All that the protocol knows of light. Whoever implements this knows states, loss and eavesdroppers; the protocol
 * knows the bits and bases it asked for, and the clicks.
 */

/** What the receiver's detectors said, in order of the pulses. */
export interface Clicks {
  /** Ascending, below the number of pulses. */
  pulseIndex: Uint32Array
  /** Basis measured, 0 or 1. */
  basis: Uint8Array
  /** Bit seen, 0 or 1; of a double click a random one. */
  outcome: Uint8Array
}

export interface PhotonLink {
  /** Probability that one pulse holds two photons or more; enters the length of the key. */
  readonly multiPhotonProbability: number
  /** Mean photons per pulse, the signal first, then the decoys. */
  readonly intensities: readonly number[]
}

export interface PhotonSender extends PhotonLink {
  /** What the receiver must know of source, fibre and detector, as bytes for its own `PhotonReceiver`. */
  readonly description: Uint8Array
  /** Clicks to be expected of this many pulses. */
  expectedClicks(pulses: number): number
  /**
   * @param seed - public seed of this run, 32 bytes
   * @param bits - bit of each pulse, packed
   * @param bases - basis of each pulse, packed
   * @param intensities - of each pulse, one byte: 0 is the signal, then the decoys. Secret until sifting. Left out, every
   *   pulse is a signal
   * @returns photons in flight, in portions of at most 64 KiB, which only a `PhotonReceiver` reads
   */
  emit(seed: Uint8Array, pulses: number, bits: Uint8Array, bases: Uint8Array, intensities?: Uint8Array): Uint8Array[]
}

export interface PhotonReceiver extends PhotonLink {
  /**
   * @param bases - basis to measure each pulse in, packed
   * @returns undefined if the portions are not what a sender makes
   */
  measure(seed: Uint8Array, pulses: number, portions: readonly Uint8Array[], bases: Uint8Array): Clicks | undefined
}

/** Makes the receiver that fits a sender's description; undefined if the description is not sane. */
export type OpenReceiver = (description: Uint8Array) => PhotonReceiver | undefined
