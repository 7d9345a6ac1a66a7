/** BB84 from photons to a key, the analysis of its security, and nothing else. Imports nothing from outside. */
export { toeplitzHash, toeplitzSeedBytes } from './amplification.ts'
export { authenticationBits, authenticationKeyBytes, TranscriptAuthenticator, tagsPerRun } from './authentication.ts'
export {
  channelErrorRate,
  clickProbability,
  eveInformationPerBit,
  expectedQber,
  multiPhotonProbability,
  mutualInformationPerBit,
  transmittance,
} from './channel/model.ts'
export {
  type ChannelParameters,
  channelParameters,
  defaultChannel,
  type Eve,
  type OpticsParameters,
  type Source,
} from './channel/parameters.ts'
export { simulatedReceiver, simulatedSender } from './channel/simulated.ts'
export { chooseSample, countDifferences, wilsonInterval } from './estimation.ts'
export { oneTimeTag, oneTimeTagBytes, oneTimeTagKeyBytes } from './one-time-tag.ts'
export {
  type SecureRandom,
  type SeededRandom,
  secureBytes,
  secureRandom,
  seededInteger,
  seededPermutation,
  seededRandom,
} from './random.ts'
export { CascadeAsker } from './reconciliation/cascade-asker.ts'
export type { CascadeQuestion } from './reconciliation/cascade-question.ts'
export { type CascadePass, type CascadeSchedule, cascadeSchedule } from './reconciliation/cascade-schedule.ts'
export { CascadeTeller } from './reconciliation/cascade-teller.ts'
export { type AliceOptions, type BobOptions, startAlice, startBob } from './run.ts'
export { asymptoticRate, asymptoticSecretLength, asymptoticThreshold } from './security/asymptotic.ts'
export { binaryEntropy } from './security/entropy.ts'
export { taggedBitsBound } from './security/tagged.ts'
export {
  samplingDeviation,
  type Tomamichel2012Input,
  type Tomamichel2012Length,
  tomamichel2012,
} from './security/tomamichel2012.ts'
export { confirmationBits } from './session/accounting.ts'
export {
  describeMessage,
  type Kind,
  type MessageDescription,
  maxMessageBytes,
  type Role,
  runIdBytes,
} from './session/messages.ts'
export { defaultParameters, maxClicks, maxPulses, minPulses, type RunParameters } from './session/parameters.ts'
export type { Clicks, OpenReceiver, PhotonReceiver, PhotonSender } from './session/photons.ts'
export {
  type AbortReason,
  abortReasons,
  type Session,
  type SessionAbort,
  type SessionEpsilon,
  type SessionPhase,
  type SessionProgress,
  type SessionResult,
  type SessionStatistics,
  type SessionStep,
  type SessionSuccess,
  type Stage,
  type StageName,
} from './session/result.ts'
export type { EndOptions } from './session/run-session.ts'
export { agreeingBases, keep } from './sifting.ts'
export { type SimulatedRun, type SimulateOptions, simulateRun } from './simulate-run.ts'
export { verificationBits, verificationFailureProbability, verificationHash } from './verification.ts'
