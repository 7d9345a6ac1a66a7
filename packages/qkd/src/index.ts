/** BB84 from photons to a key, the analysis of its security, and nothing else. Imports nothing from outside. */
export { abandonMessage } from './abandon.ts'
export { type Amplifier, maxAmplifiedBits, toeplitzSeedBytes } from './amplification/amplifier.ts'
export { typescriptAmplifier } from './amplification/typescript-amplifier.ts'
export { loadWasmAmplifier } from './amplification/wasm-amplifier.ts'
export { authenticationBits, authenticationKeyBytes, TranscriptAuthenticator, tagsPerRun } from './authentication.ts'
export {
  breidbartGuess,
  canBlockEverySinglePhoton,
  clonerCrossing,
  clonerGuess,
  eveInformationPerBit,
  expectedQber,
  interceptionNoticed,
} from './channel/attack-formulas.ts'
export { type AttackEffect, attackEffect, expectedStatistics, observedEffect } from './channel/expected.ts'
export {
  channelErrorRate,
  clickProbability,
  fibreTransmittance,
  multiPhotonProbability,
  mutualInformationPerBit,
  transmittance,
} from './channel/model.ts'
export {
  type ChannelParameters,
  channelParameters,
  type Decoy,
  defaultChannel,
  type Eve,
  type Intensity,
  intensitiesOf,
  type OpticsParameters,
  type Source,
} from './channel/parameters.ts'
export type { OnRecords } from './channel/per-pulse.ts'
export { type PulseRecord, readRecord } from './channel/record.ts'
export { type SimulateChannelOptions, simulateChannel } from './channel/simulate-channel.ts'
export { simulatedReceiver, simulatedSender } from './channel/simulated.ts'
export { type SplittingPlan, splittingPlan } from './channel/splitting-plan.ts'
export type {
  BasisStatistics,
  ChannelStatistics,
  IntensityStatistics,
  PhotonNumberStatistics,
  SimulatorTruth,
} from './channel/statistics.ts'
export { type EveAction, type TracedPulse, tracePulses } from './channel/trace.ts'
export { chooseSample, countDifferences, wilsonInterval } from './estimation.ts'
export { Etsi014Client, type Etsi014Options } from './etsi014/client.ts'
export {
  type ExtensionParameter,
  type KeyId,
  type KeyRequest,
  type KmeStatus,
  parseKeyId,
  parseKeyIds,
  parseKeyRequest,
} from './etsi014/messages.ts'
export type { HttpAnswer, HttpPort, HttpRequest, UsedKeyIds } from './etsi014/ports.ts'
export type { DeliveredKey, KeysResult, KmeFailure, LostKeys, StatusResult } from './etsi014/results.ts'
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
export { CascadeAsker } from './reconciliation/cascade/asker.ts'
export { countParities } from './reconciliation/cascade/bit-stream.ts'
export { type CascadeMode, type CascadeOptions, type CascadePlan, cascadePlan } from './reconciliation/cascade/plan.ts'
export { CascadeTeller } from './reconciliation/cascade/teller.ts'
export { type CascadeSchedule, type CascadeVariant, cascadeVariants } from './reconciliation/cascade/variants.ts'
export { OneWayAsker } from './reconciliation/one-way/asker.ts'
export { type OneWayOptions, type OneWayPlan, oneWayPlan } from './reconciliation/one-way/plan.ts'
export { OneWayTeller } from './reconciliation/one-way/teller.ts'
export { type ReconcileOptions, type ReconcileResult, reconcile } from './reconciliation/reconcile.ts'
export { type AliceOptions, type BobOptions, startAlice, startBob } from './run.ts'
export { type AnalysisName, analysisNames } from './security/analyses.ts'
export {
  asymptoticRate,
  asymptoticSecretLength,
  asymptoticSixStateRate,
  asymptoticSixStateThreshold,
  asymptoticThreshold,
  repeaterlessBound,
} from './security/asymptotic.ts'
export {
  type AsymptoticDecoyInput,
  type AsymptoticDecoyRate,
  asymptoticDecoyRate,
  asymptoticOptimalIntensity,
  asymptoticVacuumWeakBounds,
  type VacuumWeakBounds,
  type VacuumWeakInput,
} from './security/asymptotic-decoy.ts'
export type { BasisCounts, DecoyInput, DecoyLength } from './security/decoy-counts.ts'
export { binaryEntropy, binaryEntropyUncapped } from './security/entropy.ts'
export type { EpsilonBudget, Epsilons } from './security/epsilon-budget.ts'
export { type AsymptoticGllpInput, type AsymptoticGllpRate, asymptoticGllpRate } from './security/gllp.ts'
export { lim2014 } from './security/lim2014.ts'
export {
  type ModelSignal,
  modelAsymptoticRate,
  modelAsymptoticSixStateRate,
  modelDecoyInfinite,
  modelGllp,
  modelSinglePhoton,
  modelVacuumWeak,
} from './security/model-asymptotic.ts'
export {
  type DarkLaw,
  type ModelChannel,
  type ModelClicks,
  modelPhotons,
  modelPulse,
  modelTransmittance,
} from './security/model-channel.ts'
export {
  type ModelDecoyCounts,
  type ModelDecoyInput,
  type ModelDecoyKey,
  modelDecoyCounts,
  modelDecoyKey,
} from './security/model-decoy.ts'
export { modelLim2014, modelRusca2018TwoDecoys } from './security/model-lim2014.ts'
export { modelRusca2018 } from './security/model-rusca2018.ts'
export {
  type ModelTomamichel2012,
  type ModelTomamichel2012Input,
  modelTomamichel2012,
  robustnessBound,
} from './security/model-tomamichel2012.ts'
export { type ParameterSetName, parameterSetNames, parameterSets } from './security/parameter-sets.ts'
export type { ParameterValues, SecurityParameters } from './security/parameters.ts'
export { type ParsedParameters, parseSecurityParameters } from './security/parse-parameters.ts'
export { type RatePoint, type RateRequest, rate } from './security/rate.ts'
export { reachKm } from './security/reach.ts'
export { type Rusca2018Length, rusca2018 } from './security/rusca2018.ts'
export { taggedBitsBound } from './security/tagged.ts'
export {
  samplingDeviation,
  type Tomamichel2012Input,
  type Tomamichel2012Length,
  tomamichel2012,
} from './security/tomamichel2012.ts'
export { confirmationBits } from './session/accounting.ts'
export { type DecoyPlan, defaultOneDecoy, defaultTwoDecoys } from './session/decoy-plan.ts'
export {
  describeMessage,
  type Kind,
  type MessageDescription,
  maxMessageBytes,
  type Role,
  runIdBytes,
} from './session/messages.ts'
export {
  defaultParameters,
  type KeyParameters,
  maxClicks,
  maxPulses,
  minPulses,
  type ReconciliationMode,
  type RunParameters,
} from './session/parameters.ts'
export type { Clicks, OpenReceiver, PhotonReceiver, PhotonSender } from './session/photons.ts'
export {
  type AbortReason,
  abortReasons,
  type DecoyStatistics,
  type KeyLabel,
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
export {
  type ResumableSession,
  type Resumed,
  resumeSession,
  type StartSession,
  startResumable,
} from './session/resumable.ts'
export type { EndOptions } from './session/run-session.ts'
export { maxSiftedBits, type SiftedChoices, type SiftedParameters } from './session/sifted-parameters.ts'
export {
  type PackedBits,
  type SiftedAliceOptions,
  type SiftedBobOptions,
  type SiftedOptions,
  startSiftedAlice,
  startSiftedBob,
} from './sifted-run.ts'
export { agreeingBases, keep } from './sifting.ts'
export { type SimulateOptions, simulateRun } from './simulate-run.ts'
export { type JoinedRun, joinEnds, type LineOptions } from './two-ends.ts'
export { verificationBits, verificationFailureProbability, verificationHash } from './verification.ts'
