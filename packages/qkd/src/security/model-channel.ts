/**
 * The analytic channel of the papers: what fibre and detectors do to light on average, with nobody listening. It feeds
 * curves and comparisons; a real run has counts instead.
 */

export interface ModelChannel {
  /** alpha, in dB/km. */
  attenuationDbPerKm: number
  /** That an arriving photon clicks, the receiver's own loss included (eta_Bob, eta_D). */
  detectorEfficiency: number
  /** That a photon clicks in the wrong detector (e_d, e_mis). */
  misalignment: number
  /** Y0: that a gate without light clicks, both detectors together. Half of these clicks are wrong. */
  darkYield: number
  /** That a click makes another one, with a random bit (p_ap). */
  afterPulseProbability: number
}

/** Of one pulse: that it clicks, and that it clicks with the wrong bit. */
export interface ModelClicks {
  click: number
  error: number
}

/**
 * How a dark click meets a photon. `added`: Q = Y0 + 1 - e^(-eta mu) (Ma, Qi, Zhao, Lo, PRA 72, 012326, 2005; also Rusca
 * et al. 2018), right to first order in Y0. `either`: Q = 1 - (1 - Y0) e^(-eta mu) (Lim et al. 2014).
 */
export type DarkLaw = 'added' | 'either'

/** eta = eta_Bob 10^(-alpha L / 10). */
export function modelTransmittance(channel: ModelChannel, distanceKm: number): number {
  return channel.detectorEfficiency * 10 ** ((-channel.attenuationDbPerKm * distanceKm) / 10)
}

/**
 * Gain Q and errors E Q of a phase-randomised pulse of mean photon number `intensity`.
 *
 * With after-pulses as in Lim et al. 2014: R = D (1 + p_ap) and e = Y0/2 + e_mis (1 - e^(-eta mu)) + p_ap D/2. That paper
 * prints the transmittance of the fibre alone in e; with the detector's in it, as here, its figures come out.
 */
export function modelPulse(channel: ModelChannel, eta: number, intensity: number, law: DarkLaw): ModelClicks {
  return clicks(channel, -Math.expm1(-eta * intensity), law)
}

/** Y_n and e_n Y_n of a pulse that holds exactly n photons; eta_n = 1 - (1 - eta)^n. */
export function modelPhotons(channel: ModelChannel, eta: number, photons: number, law: DarkLaw): ModelClicks {
  return clicks(channel, eta >= 1 ? Math.min(1, photons) : -Math.expm1(photons * Math.log1p(-eta)), law)
}

function clicks(channel: ModelChannel, arrives: number, law: DarkLaw): ModelClicks {
  const { darkYield, misalignment, afterPulseProbability } = channel
  const detected = darkYield + (law === 'added' ? arrives : (1 - darkYield) * arrives)
  return {
    click: detected * (1 + afterPulseProbability),
    error: darkYield / 2 + misalignment * arrives + (afterPulseProbability * detected) / 2,
  }
}
