/** What may sit between the two ends of a simulated channel. All attacks see one pulse at a time. */

export type Eve =
  | { attack: 'none' }
  /** Measures this share of the pulses and sends on what she saw. */
  | {
      attack: 'intercept-resend'
      fraction: number
      /** How often she measures in X: 0 and 1 fix her basis. Left out, she tosses a fair coin. */
      xBasisProbability?: number
    }
  /** Intercept-resend in the basis half-way between the two. */
  | { attack: 'breidbart'; fraction: number }
  /**
   * Counts photons without disturbing them, keeps one of two or more until the bases are said, sends the rest over a
   * lossless line, and blocks as many single photons as it takes to leave the gain of the signal as it was.
   */
  | {
      attack: 'photon-number-splitting'
      fraction: number
      /** She sends one photon of those left over and makes it click for certain. */
      controlsDetector: boolean
    }
  /** Puts a lossless line in the place of the fibre and keeps what the fibre would have lost. */
  | {
      attack: 'beam-splitting'
      fraction: number
      /** She can wait for the bases; without a memory she measures at once, and half of her bases are wrong. */
      memory: boolean
    }
  /** The phase-covariant cloner, which gives Eve the most for the errors it makes. */
  | {
      attack: 'optimal-individual'
      fraction: number
      /** Errors among the attacked bits on a perfect line, 0 to 1/2. */
      disturbance: number
    }

/** Of this share of the pulses. */
export function attackedFraction(eve: Eve): number {
  return eve.attack === 'none' ? 0 : eve.fraction
}

/** How often an intercepting Eve measures in X. */
export function eveXProbability(eve: Extract<Eve, { attack: 'intercept-resend' }>): number {
  return eve.xBasisProbability ?? 0.5
}

/** The name of the first value that is out of range, if there is one. */
export function wrongEve(eve: Eve): string | undefined {
  if (typeof eve !== 'object' || eve === null) return 'eve'
  if (eve.attack === 'none') return undefined
  if (!isShare(eve.fraction, 1)) return 'eve.fraction'
  switch (eve.attack) {
    case 'breidbart':
      return undefined
    case 'intercept-resend':
      return isShare(eveXProbability(eve), 1) ? undefined : 'eve.xBasisProbability'
    case 'photon-number-splitting':
      return typeof eve.controlsDetector === 'boolean' ? undefined : 'eve.controlsDetector'
    case 'beam-splitting':
      return typeof eve.memory === 'boolean' ? undefined : 'eve.memory'
    case 'optimal-individual':
      return isShare(eve.disturbance, 0.5) ? undefined : 'eve.disturbance'
    default:
      return 'eve'
  }
}

// Written with >= and <= on what must hold, so that NaN is refused.
function isShare(value: number, most: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= most
}
