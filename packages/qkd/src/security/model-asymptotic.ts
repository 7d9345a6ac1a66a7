/** Rates of infinitely long keys on the analytic channel. Comparisons, none of them a bound for a real key. */
import { asymptoticRate, asymptoticSixStateRate } from './asymptotic.ts'
import {
  type AsymptoticDecoyRate,
  asymptoticDecoyRate,
  asymptoticVacuumWeakBounds,
  type VacuumWeakBounds,
} from './asymptotic-decoy.ts'
import { type AsymptoticGllpRate, asymptoticGllpRate } from './gllp.ts'
import { type ModelClicks, modelPhotons, modelPulse, modelTransmittance } from './model-channel.ts'
import type { SecurityParameters } from './parameters.ts'

export interface ModelSinglePhoton {
  /** Y1. */
  gain: number
  /** e1; 1/2 if nothing clicks. */
  qber: number
}

export interface ModelSignal {
  /** Q_mu. */
  gain: number
  /** E_mu; 1/2 if nothing clicks. */
  qber: number
}

export function modelSinglePhoton(parameters: SecurityParameters, distanceKm: number): ModelSinglePhoton {
  return shared(modelPhotons(parameters, modelTransmittance(parameters, distanceKm), 1, 'added'))
}

function modelSignal(parameters: SecurityParameters, distanceKm: number, intensity: number): ModelSignal {
  return shared(modelPulse(parameters, modelTransmittance(parameters, distanceKm), intensity, 'added'))
}

function shared({ click, error }: ModelClicks): ModelSignal {
  return { gain: click, qber: click > 0 ? error / click : 0.5 }
}

/** A single photon in every pulse, one-way codes: q Y1 [1 - (1 + f) h(e1)]. */
export function modelAsymptoticRate(parameters: SecurityParameters, distanceKm: number): number {
  const { gain, qber } = modelSinglePhoton(parameters, distanceKm)
  return parameters.siftedShare * gain * Math.max(0, asymptoticRate(qber, parameters.fEc))
}

/** The same of the six-state protocol, with ideal codes; its share of agreeing bases is taken as `siftedShare` too. */
export function modelAsymptoticSixStateRate(parameters: SecurityParameters, distanceKm: number): number {
  const { gain, qber } = modelSinglePhoton(parameters, distanceKm)
  return parameters.siftedShare * gain * Math.max(0, asymptoticSixStateRate(qber))
}

/** Weak pulses of mean `signalIntensity` without decoys. */
export function modelGllp(parameters: SecurityParameters, distanceKm: number): ModelSignal & AsymptoticGllpRate {
  const { signalIntensity: intensity, fEc, siftedShare } = parameters
  const signal = modelSignal(parameters, distanceKm, intensity)
  return { ...signal, ...asymptoticGllpRate({ ...signal, intensity, fEc, siftedShare }) }
}

/** Infinitely many decoys: Y1 and e1 known. */
export function modelDecoyInfinite(
  parameters: SecurityParameters,
  distanceKm: number,
): ModelSignal & AsymptoticDecoyRate {
  const { gain, qber } = modelSinglePhoton(parameters, distanceKm)
  return withSinglePhotons(parameters, distanceKm, { singlePhotonYield: gain, singlePhotonErrorRate: qber })
}

/** A vacuum decoy and a weak one of `decoyIntensity`. */
export function modelVacuumWeak(
  parameters: SecurityParameters,
  distanceKm: number,
): ModelSignal & AsymptoticDecoyRate & VacuumWeakBounds {
  const { signalIntensity, decoyIntensity } = parameters
  const eta = modelTransmittance(parameters, distanceKm)
  const weak = modelPulse(parameters, eta, decoyIntensity, 'added')
  const bounds = asymptoticVacuumWeakBounds({
    signalIntensity,
    weakIntensity: decoyIntensity,
    signalGain: modelPulse(parameters, eta, signalIntensity, 'added').click,
    weakGain: weak.click,
    weakErrorGain: weak.error,
    darkYield: modelPhotons(parameters, eta, 0, 'added').click,
  })
  return { ...bounds, ...withSinglePhotons(parameters, distanceKm, bounds) }
}

function withSinglePhotons(
  parameters: SecurityParameters,
  distanceKm: number,
  bounds: VacuumWeakBounds,
): ModelSignal & AsymptoticDecoyRate {
  const { signalIntensity: intensity, fEc, siftedShare } = parameters
  const signal = modelSignal(parameters, distanceKm, intensity)
  return { ...signal, ...asymptoticDecoyRate({ ...bounds, ...signal, intensity, fEc, siftedShare }) }
}
