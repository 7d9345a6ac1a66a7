/** Source, fibre and detector of a simulated quantum channel, with their bounds and their form in a proposal. */
import { ByteReader, ByteWriter } from '../bytes.ts'
import { type Eve, wrongEve } from './attack.ts'

export type { Eve } from './attack.ts'

export type Source =
  | { kind: 'single-photon' }
  /** Phase-randomised pulses with Poisson photon numbers of this mean, above 0 and up to 4. */
  | {
      kind: 'weak-coherent'
      meanPhotons: number
      /** At most two. What they leave of the probability is the signal's. */
      decoys?: readonly Decoy[]
    }

export interface Decoy {
  /** 0 to 4; 0 is the vacuum. */
  meanPhotons: number
  /** Share of the pulses, above 0; all decoys together below 1. */
  probability: number
}

export interface OpticsParameters {
  source: Source
  /** 0 to 1000. */
  distanceKm: number
  /** 0 to 10; standard fibre has 0.2. */
  attenuationDbPerKm: number
  /** Probability that an arriving photon clicks, above 0 and up to 1. */
  detectorEfficiency: number
  /** Per detector and gate, 0 to 0.1. */
  darkCountProbability: number
  /** Probability e_d that a photon measured in its own basis goes to the wrong detector, 0 to 0.5. */
  misalignment: number
  /** p_X, how often either end takes the X basis in `simulateChannel`. In a run the protocol draws the bases. */
  xBasisProbability: number
  /** 1 to 1e12; tells how many pulses a dead time is. */
  pulseRateHz: number
  /** Blind time of both detectors after a click, 0 or more, together with the rate at most 1e6 pulses. */
  deadTimeNs: number
  /** That a click brings another, of a random detector, at the next gate that is not dead; 0 to 0.5. */
  afterPulseProbability: number
}

export interface ChannelParameters extends OpticsParameters {
  eve: Eve
}

/** 25 km of fibre and detectors of 16 %: about one click in twenty pulses, QBER about 1.5 %. */
export const defaultChannel: ChannelParameters = {
  source: { kind: 'single-photon' },
  distanceKm: 25,
  attenuationDbPerKm: 0.2,
  detectorEfficiency: 0.16,
  darkCountProbability: 1e-5,
  misalignment: 0.015,
  xBasisProbability: 0.5,
  pulseRateHz: 1e8,
  deadTimeNs: 0,
  afterPulseProbability: 0,
  eve: { attack: 'none' },
}

export const maxDecoys = 2
const maxDeadPulses = 1_000_000

/** Fills in the defaults; throws a RangeError that names the parameter if one is out of its range. */
export function channelParameters(given: Partial<ChannelParameters> = {}): ChannelParameters {
  const channel = { ...defaultChannel, ...given }
  const wrong = wrongOptics(channel) ?? wrongEve(channel.eve)
  if (wrong) throw new RangeError(`channel: ${wrong} is out of range`)
  return channel
}

/** An intensity of the source and its share of the pulses. `meanPhotons` of a single-photon source is 1. */
export interface Intensity {
  meanPhotons: number
  probability: number
}

/** The signal first, then the decoys in their order. */
export function intensitiesOf(source: Source): Intensity[] {
  if (source.kind === 'single-photon') return [{ meanPhotons: 1, probability: 1 }]
  const decoys = source.decoys ?? []
  const probability = decoys.reduce((left, decoy) => left - decoy.probability, 1)
  return [{ meanPhotons: source.meanPhotons, probability }, ...decoys]
}

/** Gates after a click in which nothing clicks: floor(R t_D). */
export function deadPulsesOf(optics: OpticsParameters): number {
  return Math.floor((optics.pulseRateHz * optics.deadTimeNs) / 1e9)
}

/** What version 1 of a description has no place for. */
const laterFields = ['xBasisProbability', 'pulseRateHz', 'deadTimeNs', 'afterPulseProbability'] as const

/**
 * The optics without the eavesdropper, of whom no receiver is told. First byte 0 or 1: version 1, which is written for
 * optics that it can say. First byte 2: version 2, with decoys and a detector that remembers.
 */
export function describeOptics(optics: OpticsParameters): Uint8Array {
  const { source } = optics
  const kind = source.kind === 'single-photon' ? 0 : 1
  const intensities = intensitiesOf(source)
  const fitsVersion1 = intensities.length === 1 && laterFields.every((field) => optics[field] === defaultChannel[field])
  const writer = fitsVersion1 ? new ByteWriter().u8(kind) : new ByteWriter().u8(2).u8(kind)
  writer
    .f64(intensities[0]!.meanPhotons)
    .f64(optics.distanceKm)
    .f64(optics.attenuationDbPerKm)
    .f64(optics.detectorEfficiency)
    .f64(optics.darkCountProbability)
    .f64(optics.misalignment)
  if (fitsVersion1) return writer.finish()
  for (const field of laterFields) writer.f64(optics[field])
  writer.u8(intensities.length - 1)
  for (const decoy of intensities.slice(1)) writer.f64(decoy.meanPhotons).f64(decoy.probability)
  return writer.finish()
}

export function parseOptics(description: Uint8Array): OpticsParameters | undefined {
  const reader = new ByteReader(description)
  const first = reader.u8()
  const kind = first === 2 ? reader.u8() : first
  const meanPhotons = reader.f64()
  const optics: OpticsParameters = {
    source: kind === 0 ? { kind: 'single-photon' } : { kind: 'weak-coherent', meanPhotons },
    distanceKm: reader.f64(),
    attenuationDbPerKm: reader.f64(),
    detectorEfficiency: reader.f64(),
    darkCountProbability: reader.f64(),
    misalignment: reader.f64(),
    xBasisProbability: defaultChannel.xBasisProbability,
    pulseRateHz: defaultChannel.pulseRateHz,
    deadTimeNs: defaultChannel.deadTimeNs,
    afterPulseProbability: defaultChannel.afterPulseProbability,
  }
  if (first === 2) {
    for (const field of laterFields) optics[field] = reader.f64()
    const decoys = Array.from({ length: Math.min(reader.u8(), maxDecoys + 1) }, () => ({
      meanPhotons: reader.f64(),
      probability: reader.f64(),
    }))
    if (decoys.length > 0) {
      if (optics.source.kind === 'single-photon') return undefined
      optics.source.decoys = decoys
    }
  }
  if (!reader.finish() || kind > 1 || (kind === 0 && meanPhotons !== 1)) return undefined
  return wrongOptics(optics) === undefined ? optics : undefined
}

// Written with >= and <= on what must hold, so that NaN is refused.
function wrongOptics(optics: OpticsParameters): string | undefined {
  const within = (value: number, lo: number, hi: number): boolean =>
    typeof value === 'number' && value >= lo && value <= hi
  const { source } = optics
  if (source?.kind !== 'single-photon') {
    if (source?.kind !== 'weak-coherent') return 'source'
    if (!within(source.meanPhotons, 1e-6, 4)) return 'meanPhotons'
    const decoys = source.decoys ?? []
    if (!Array.isArray(decoys) || decoys.length > maxDecoys) return 'decoys'
    for (const decoy of decoys) {
      if (!within(decoy.meanPhotons, 0, 4)) return 'decoys: meanPhotons'
      if (!within(decoy.probability, 1e-9, 1)) return 'decoys: probability'
    }
    if (!within(intensitiesOf(source)[0]!.probability, 1e-9, 1)) return 'decoys: probability'
  }
  if (!within(optics.distanceKm, 0, 1000)) return 'distanceKm'
  if (!within(optics.attenuationDbPerKm, 0, 10)) return 'attenuationDbPerKm'
  if (!within(optics.detectorEfficiency, 1e-6, 1)) return 'detectorEfficiency'
  if (!within(optics.darkCountProbability, 0, 0.1)) return 'darkCountProbability'
  if (!within(optics.misalignment, 0, 0.5)) return 'misalignment'
  if (!within(optics.xBasisProbability, 0, 1)) return 'xBasisProbability'
  if (!within(optics.pulseRateHz, 1, 1e12)) return 'pulseRateHz'
  if (!within(optics.deadTimeNs, 0, 1e15) || !within(deadPulsesOf(optics), 0, maxDeadPulses)) return 'deadTimeNs'
  if (!within(optics.afterPulseProbability, 0, 0.5)) return 'afterPulseProbability'
  return undefined
}
