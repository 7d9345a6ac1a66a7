/** Source, fibre, detector and eavesdropper of a simulated quantum channel, with their bounds. */
import { ByteReader, ByteWriter } from '../bytes.ts'

export type Source =
  | { kind: 'single-photon' }
  /** Phase-randomised pulses with Poisson photon numbers of this mean, above 0 and up to 4. */
  | { kind: 'weak-coherent'; meanPhotons: number }

export type Eve =
  | { attack: 'none' }
  /** Measures this share of the pulses in random bases and sends on what she saw. */
  | { attack: 'intercept-resend'; fraction: number }

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
  eve: { attack: 'none' },
}

/** Fills in the defaults; throws a RangeError that names the parameter if one is out of its range. */
export function channelParameters(given: Partial<ChannelParameters> = {}): ChannelParameters {
  const channel = { ...defaultChannel, ...given }
  const wrong = wrongOptics(channel) ?? wrongEve(channel.eve)
  if (wrong) throw new RangeError(`channel: ${wrong} is out of range`)
  return channel
}

/** The optics without the eavesdropper, of whom no receiver is told. */
export function describeOptics(optics: OpticsParameters): Uint8Array {
  const { source } = optics
  return new ByteWriter()
    .u8(source.kind === 'single-photon' ? 0 : 1)
    .f64(source.kind === 'single-photon' ? 1 : source.meanPhotons)
    .f64(optics.distanceKm)
    .f64(optics.attenuationDbPerKm)
    .f64(optics.detectorEfficiency)
    .f64(optics.darkCountProbability)
    .f64(optics.misalignment)
    .finish()
}

export function parseOptics(description: Uint8Array): OpticsParameters | undefined {
  const reader = new ByteReader(description)
  const kind = reader.u8()
  const meanPhotons = reader.f64()
  const optics: OpticsParameters = {
    source: kind === 0 ? { kind: 'single-photon' } : { kind: 'weak-coherent', meanPhotons },
    distanceKm: reader.f64(),
    attenuationDbPerKm: reader.f64(),
    detectorEfficiency: reader.f64(),
    darkCountProbability: reader.f64(),
    misalignment: reader.f64(),
  }
  if (!reader.finish() || kind > 1 || (kind === 0 && meanPhotons !== 1)) return undefined
  return wrongOptics(optics) === undefined ? optics : undefined
}

// Written with >= and <= on what must hold, so that NaN is refused.
function wrongOptics(optics: OpticsParameters): string | undefined {
  const { source } = optics
  const within = (value: number, lo: number, hi: number): boolean =>
    typeof value === 'number' && value >= lo && value <= hi
  if (source.kind !== 'single-photon') {
    if (source.kind !== 'weak-coherent') return 'source'
    if (!within(source.meanPhotons, 1e-6, 4)) return 'meanPhotons'
  }
  if (!within(optics.distanceKm, 0, 1000)) return 'distanceKm'
  if (!within(optics.attenuationDbPerKm, 0, 10)) return 'attenuationDbPerKm'
  if (!within(optics.detectorEfficiency, 1e-6, 1)) return 'detectorEfficiency'
  if (!within(optics.darkCountProbability, 0, 0.1)) return 'darkCountProbability'
  if (!within(optics.misalignment, 0, 0.5)) return 'misalignment'
  return undefined
}

function wrongEve(eve: Eve): string | undefined {
  if (eve.attack === 'none') return undefined
  if (eve.attack !== 'intercept-resend') return 'eve'
  return eve.fraction >= 0 && eve.fraction <= 1 ? undefined : 'eve.fraction'
}
