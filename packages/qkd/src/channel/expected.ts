/** What the law says of a channel before any pulse flies. */
import { binaryEntropy } from '../security/entropy.ts'
import { afterPulseLaw, deadLaw, type FlightPlan, flightPlan } from './flight.ts'
import { clickShare } from './law.ts'
import type { ChannelParameters } from './parameters.ts'
import { channelParameters } from './parameters.ts'
import { type ChannelStatistics, statisticsOf } from './statistics.ts'

/**
 * The means of everything that `simulateChannel` counts, of so many pulses; 1 gives probabilities per pulse. Exact for
 * long runs, attacks, dead time and after-pulses included; the first gate of a run is taken as any other.
 */
export function expectedStatistics(channel: Partial<ChannelParameters>, pulses = 1): ChannelStatistics {
  if (!(pulses > 0 && pulses < Number.POSITIVE_INFINITY))
    throw new RangeError('expectedStatistics: pulses is out of range')
  const parameters = channelParameters(channel)
  const plan = flightPlan(parameters)
  const shares = gateShares(plan)
  const after = afterPulseLaw(plan.law)
  const dead = deadLaw(plan.law)
  const tally = plan.law.map(
    (fresh, cell) => pulses * (fresh * shares.fresh + after[cell]! * shares.afterPulse + dead[cell]! * shares.dead),
  )
  return statisticsOf(parameters, {
    tally,
    deadPulses: pulses * shares.dead,
    afterPulses: pulses * shares.afterPulse,
  })
}

/**
 * Gates by their kind. After a click, d gates are dead, and the next clicks with P' = P + (1-P) p_ap, the others with P.
 * The mean distance of clicks is d + 1 + (1-P') / P; without after-pulses that is d + 1/P, so that the live share is
 * 1 / (1 + d P) of the open one (Rusca et al., Appl. Phys. Lett. 112, 171104, 2018).
 */
function gateShares(plan: FlightPlan): { fresh: number; afterPulse: number; dead: number } {
  const click = clickShare(plan.law)
  if (click === 0) return { fresh: 1, afterPulse: 0, dead: 0 }
  const afterClick = click + (1 - click) * plan.afterPulseProbability
  const clicksPerGate = 1 / (plan.deadPulses + 1 + (1 - afterClick) / click)
  const dead = clicksPerGate * plan.deadPulses
  const afterPulse = clicksPerGate * plan.afterPulseProbability
  return { fresh: 1 - dead - afterPulse, afterPulse, dead }
}

export interface AttackEffect {
  /** Sifted bits that differ, over all intensities and both bases. */
  qber: number
  qberInZ: number
  qberInX: number
  /** What Eve knows of a sifted bit, in bits: share of bits she holds a reading on, times 1 - h of its error rate. */
  eveInformationPerBit: number
  /** Click probability of each intensity, which is what decoy states compare. */
  gains: number[]
  /** Click probability by photon number of the pulse, 0 to 7 or more; NaN where the source never sends so many. */
  yields: number[]
}

/** What an attack does and what can be seen of it, from the full law: dark counts, double clicks and memory included. */
export function attackEffect(channel: Partial<ChannelParameters>): AttackEffect {
  return observedEffect(expectedStatistics(channel))
}

/** The same numbers out of counts. */
export function observedEffect(statistics: ChannelStatistics): AttackEffect {
  const { total, intensities, truth } = statistics
  const sums = (field: 'sifted' | 'errors', basis: 'z' | 'x'): number =>
    intensities.reduce((sum, intensity) => sum + intensity[basis][field], 0)
  const byNumber = (field: 'sent' | 'detected', n: number): number =>
    truth.intensities.reduce((sum, { z, x }) => sum + z[field][n]! + x[field][n]!, 0)
  return {
    qber: total.errors / total.sifted,
    qberInZ: sums('errors', 'z') / sums('sifted', 'z'),
    qberInX: sums('errors', 'x') / sums('sifted', 'x'),
    eveInformationPerBit: eveInformation(statistics),
    gains: intensities.map(({ z, x }) => (z.detected + x.detected) / (z.sent + x.sent)),
    yields: Array.from({ length: 8 }, (_, n) => byNumber('detected', n) / byNumber('sent', n)),
  }
}

function eveInformation({ total, truth }: ChannelStatistics): number {
  if (truth.eveReadings === 0) return 0
  // A reading that is wrong more often than right tells as much the other way round.
  const wrong = 1 - truth.eveReadingsRight / truth.eveReadings
  return (truth.eveReadings / total.sifted) * (1 - binaryEntropy(Math.min(wrong, 1 - wrong)))
}
