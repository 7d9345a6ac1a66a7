/**
 * A few pulses in slow motion: photon by photon, from the definitions alone, with everything that happened to each. For
 * the photon table, and as the measure of the engines, with which it shares no law. For nobody's key: it knows all.
 */
import { type SeededRandom, seededRandom } from '../random.ts'
import { attackedFraction, type Eve, eveXProbability } from './attack.ts'
import { type ChannelParameters, channelParameters, deadPulsesOf, intensitiesOf } from './parameters.ts'
import { splittingPlan } from './splitting-plan.ts'

export interface TracedPulse {
  /** 0 is the signal. */
  intensity: number
  photons: number
  aliceBasis: 'z' | 'x'
  aliceBit: number
  /** What Eve did; nothing is done to a pulse without photons. */
  eve: EveAction
  bobBasis: 'z' | 'x'
  gate: 'open' | 'dead'
  /** Of the two detectors, after-pulses and dark counts included. */
  clicks: [boolean, boolean]
  darkCount: boolean
  afterPulse: boolean
  /** Only if he has a click; of a double one it is random. */
  bobBit?: number
}

export type EveAction =
  | { did: 'nothing' }
  | { did: 'measured'; basis: 'z' | 'x' | 'between'; bit: number }
  | { did: 'blocked'; kept: number }
  | { did: 'passed'; kept: number }
  /** Her later guess at Alice's bit. */
  | { did: 'cloned'; guess: number }

/** Polarisation of a photon as an angle; Z holds 0 and 90 degrees, X 45 and 135. */
type Angle = number

const maxTraced = 10_000_000

/** Throws a RangeError that names the parameter if one is out of its range. One pulse at a time: nothing is kept. */
export function* tracePulses(
  given: Partial<ChannelParameters>,
  pulses: number,
  seed: number | Uint8Array,
): Generator<TracedPulse, void, undefined> {
  const channel = channelParameters(given)
  if (!(Number.isInteger(pulses) && pulses >= 1 && pulses <= maxTraced)) {
    throw new RangeError('tracePulses: pulses is out of range')
  }
  const random = seededRandom(seed, 'trace')
  const eve = eavesdropper(channel, seededRandom(seed, 'trace eve'))
  const intensities = intensitiesOf(channel.source)
  const deadPulses = deadPulsesOf(channel)
  const basis = (): 0 | 1 => (random() < channel.xBasisProbability ? 1 : 0)
  const coin = (): 0 | 1 => (random() < 0.5 ? 1 : 0)
  let deadLeft = 0
  let afterPulseDue = false

  for (let pulse = 0; pulse < pulses; pulse++) {
    const intensity = chosen(intensities, random)
    const aliceBasis = basis()
    const aliceBit = coin()
    const photons = channel.source.kind === 'single-photon' ? 1 : poisson(intensities[intensity]!.meanPhotons, random)
    const flown = eve({ photons, basis: aliceBasis, bit: aliceBit })
    const bobBasis = basis()
    const traced: TracedPulse = {
      intensity,
      photons,
      aliceBasis: nameOf(aliceBasis),
      aliceBit,
      eve: flown.action,
      bobBasis: nameOf(bobBasis),
      gate: deadLeft > 0 ? 'dead' : 'open',
      clicks: [false, false],
      darkCount: false,
      afterPulse: false,
    }
    if (deadLeft > 0) {
      deadLeft--
      yield traced
      continue
    }
    for (let i = 0; i < flown.photons; i++) {
      if (random() >= flown.survives) continue
      // Malus: how often the polariser of Bob's basis says 1; then some photons take the wrong way.
      const isOne = random() < Math.sin(((flown.angle - 45 * bobBasis) * Math.PI) / 180) ** 2
      const misled = random() < channel.misalignment
      traced.clicks[isOne !== misled ? 1 : 0] = true
    }
    for (const detector of [0, 1] as const) {
      if (random() >= channel.darkCountProbability) continue
      traced.clicks[detector] = true
      traced.darkCount = true
    }
    if (afterPulseDue) {
      traced.clicks[coin()] = true
      traced.afterPulse = true
      afterPulseDue = false
    }
    const [zero, one] = traced.clicks
    if (zero || one) {
      traced.bobBit = zero && one ? coin() : one ? 1 : 0
      deadLeft = deadPulses
      afterPulseDue = random() < channel.afterPulseProbability
    }
    yield traced
  }
}

interface Flown {
  photons: number
  angle: Angle
  /** Of each photon, up to and with the detector. */
  survives: number
  action: EveAction
}

type Sent = { photons: number; basis: 0 | 1; bit: number }

function eavesdropper(channel: ChannelParameters, random: SeededRandom): (sent: Sent) => Flown {
  const { eve } = channel
  const fibre = 10 ** ((-channel.attenuationDbPerKm * channel.distanceKm) / 10)
  return (sent) => {
    const untouched: Flown = {
      photons: sent.photons,
      angle: angleOf(sent.basis, sent.bit),
      survives: fibre * channel.detectorEfficiency,
      action: { did: 'nothing' },
    }
    const attacked = random() < attackedFraction(eve)
    return attacked && sent.photons > 0 ? attack(channel, eve, fibre, sent, untouched, random) : untouched
  }
}

function attack(
  channel: ChannelParameters,
  eve: Eve,
  fibre: number,
  { photons, basis: sentBasis, bit: sentBit }: Sent,
  untouched: Flown,
  random: SeededRandom,
): Flown {
  switch (eve.attack) {
    case 'none':
      return untouched
    case 'intercept-resend': {
      const basis = random() < eveXProbability(eve) ? 1 : 0
      const bit = random() < Math.sin(((untouched.angle - 45 * basis) * Math.PI) / 180) ** 2 ? 1 : 0
      return { ...untouched, angle: angleOf(basis, bit), action: { did: 'measured', basis: nameOf(basis), bit } }
    }
    case 'breidbart': {
      // Half-way between the two states of bit 0, so that its 0 is near either 0 and its 1 near either 1.
      const bit = random() < Math.sin(((untouched.angle - 22.5) * Math.PI) / 180) ** 2 ? 1 : 0
      return { ...untouched, angle: 22.5 + 90 * bit, action: { did: 'measured', basis: 'between', bit } }
    }
    case 'photon-number-splitting': {
      const plan = splittingPlan(channel, eve)
      const kept = photons > 1 ? 1 : 0
      if (random() >= (kept ? plan.multiplesPassed : plan.singlesPassed)) {
        return { ...untouched, photons: 0, action: { did: 'blocked', kept } }
      }
      const action: EveAction = { did: 'passed', kept }
      if (eve.controlsDetector) return { ...untouched, photons: 1, survives: 1, action }
      return { ...untouched, photons: photons - kept, survives: channel.detectorEfficiency, action }
    }
    case 'beam-splitting': {
      let kept = 0
      for (let i = 0; i < photons; i++) if (random() >= fibre) kept++
      const action: EveAction = { did: 'passed', kept }
      return { ...untouched, photons: photons - kept, survives: channel.detectorEfficiency, action }
    }
    case 'optimal-individual': {
      const flipped = random() < eve.disturbance
      const rightly = random() < 0.5 + Math.sqrt(eve.disturbance * (1 - eve.disturbance))
      const angle = angleOf(sentBasis, flipped ? 1 - sentBit : sentBit)
      return { ...untouched, angle, action: { did: 'cloned', guess: rightly ? sentBit : 1 - sentBit } }
    }
  }
}

function angleOf(basis: number, bit: number): Angle {
  return 45 * basis + 90 * bit
}

function nameOf(basis: number): 'z' | 'x' {
  return basis === 0 ? 'z' : 'x'
}

function chosen(intensities: readonly { probability: number }[], random: SeededRandom): number {
  let left = random()
  for (let i = 0; i < intensities.length - 1; i++) {
    left -= intensities[i]!.probability
    if (left < 0) return i
  }
  return intensities.length - 1
}

// Knuth's: as many uniform numbers as keep their product above e^-mean.
function poisson(mean: number, random: SeededRandom): number {
  let photons = 0
  for (let product = 1 - random(); product > Math.exp(-mean); product *= 1 - random()) photons++
  return photons
}
