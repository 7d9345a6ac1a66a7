/** Bulk statistics of a simulated channel: light, eavesdropper and detectors, without the protocol of a run. */
import { flyEventDriven } from './event-driven.ts'
import { flightPlan } from './flight.ts'
import { type ChannelParameters, channelParameters } from './parameters.ts'
import { flyPerPulse, type OnRecords } from './per-pulse.ts'
import { type ChannelStatistics, statisticsOf } from './statistics.ts'

export type SimulateChannelOptions = {
  /** What is left out is as in `defaultChannel`. */
  channel?: Partial<ChannelParameters>
  /** Whole, 1 to 1e12. */
  pulses: number
  /** The same seed gives the same statistics, engine by engine. */
  seed: number | Uint8Array
} & (
  | { engine: 'event-driven' }
  /** Makes one byte for every pulse, see `readRecord`. */
  | { engine: 'per-pulse'; onRecords?: OnRecords }
)

const maxChannelPulses = 1e12

/** Throws a RangeError that names the parameter if one is out of its range. */
export function simulateChannel(options: SimulateChannelOptions): ChannelStatistics {
  const channel = channelParameters(options.channel)
  const { pulses, seed } = options
  if (!(Number.isInteger(pulses) && pulses >= 1 && pulses <= maxChannelPulses)) throw outOfRange('pulses')
  if (!(seed instanceof Uint8Array || Number.isSafeInteger(seed))) throw outOfRange('seed')
  const plan = flightPlan(channel)
  switch (options.engine) {
    case 'event-driven':
      return statisticsOf(channel, flyEventDriven(plan, pulses, seed))
    case 'per-pulse':
      return statisticsOf(channel, flyPerPulse(plan, pulses, seed, options.onRecords))
    default:
      throw outOfRange('engine')
  }
}

function outOfRange(name: string): RangeError {
  return new RangeError(`simulateChannel: ${name} is out of range`)
}
