/** Where protocol and photons meet: starts either end of a run on the simulated channel. */
import { type ChannelParameters, channelParameters, intensitiesOf } from './channel/parameters.ts'
import { simulatedReceiver, simulatedSender } from './channel/simulated.ts'
import { alicePath } from './session/alice.ts'
import { bobPath } from './session/bob.ts'
import { type DecoyPlan, decoyPlan, defaultOneDecoy, defaultTwoDecoys } from './session/decoy-plan.ts'
import { defaultParameters, maxClicks, type RunParameters, runParameters } from './session/parameters.ts'
import type { Session } from './session/result.ts'
import { type EndOptions, RunSession } from './session/run-session.ts'

export interface AliceOptions extends EndOptions, Partial<Omit<RunParameters, 'decoy'>> {
  /**
   * Source, fibre, detector and Eve; what is left out is as in `defaultChannel`. With one or two decoys the protocol
   * draws intensities, and the key has the length of the decoy bounds.
   */
  channel?: Partial<ChannelParameters> | undefined
  /** With decoys: how often either end takes the key basis, 0.3 to 0.99. */
  keyBasisProbability?: number | undefined
}

export interface BobOptions extends EndOptions {
  /** Refuses a proposal within bounds that this end does not want. By default a threshold above 0.11. */
  accepts?: (parameters: RunParameters) => boolean
}

/** Throws a RangeError on options that make no run; from then on everything is a step. */
export function startAlice(options: AliceOptions): Session {
  const { runId, authenticationKey, random, amplifier, channel: givenChannel, keyBasisProbability, ...given } = options
  const channel = channelParameters(givenChannel)
  const decoy = decoyPlanOf(channel, keyBasisProbability)
  const parameters = runParameters(decoy ? { ...given, decoy } : given)
  const photons = simulatedSender(channel)
  if (photons.expectedClicks(parameters.pulses) > 0.95 * maxClicks) {
    throw new RangeError(`run parameters: pulses would make more than ${maxClicks} clicks`)
  }
  return new RunSession('alice', { runId, authenticationKey, random, amplifier }, (context) =>
    alicePath(context, parameters, photons),
  )
}

export function startBob(options: BobOptions): Session {
  const accepts = options.accepts ?? ((parameters) => parameters.threshold <= defaultParameters.threshold)
  return new RunSession('bob', options, (context) => bobPath(context, accepts, simulatedReceiver))
}

function decoyPlanOf({ source }: ChannelParameters, keyBasisProbability?: number): DecoyPlan | undefined {
  const intensities = intensitiesOf(source)
  if (intensities.length === 1) return undefined
  const usual = intensities.length === 2 ? defaultOneDecoy : defaultTwoDecoys
  return decoyPlan({
    intensities: intensities.map(({ meanPhotons }) => meanPhotons),
    probabilities: intensities.map(({ probability }) => probability),
    keyBasisProbability: keyBasisProbability ?? usual.keyBasisProbability,
  })
}
