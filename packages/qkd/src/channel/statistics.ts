/** What is counted of a simulated channel: by both ends together, and by the simulator, who alone knows the truth. */
import { cellContent, isDouble, isWrong, mostTold, nothing } from './cells.ts'
import { noReading, rightReading } from './eve-law.ts'
import type { Flight } from './flight.ts'
import { type ChannelParameters, intensitiesOf } from './parameters.ts'

/** Of the pulses that Alice sent in one basis, at one intensity. */
export interface BasisStatistics {
  sent: number
  /** Clicks, in whatever basis Bob measured, after-pulses included. */
  detected: number
  /** Clicks that Bob measured in the same basis. */
  sifted: number
  /** Sifted bits that differ. */
  errors: number
  /** Clicks that Bob measured in the other basis and whose bits differ: half of them, unless Eve is at work. */
  otherBasisErrors: number
  /** Among the detected. */
  doubleClicks: number
  /** Among the detected: Alice's bit was 1. */
  aliceOnes: number
  /** Among the detected: Bob's bit was 1. */
  bobOnes: number
}

export interface IntensityStatistics {
  meanPhotons: number
  z: BasisStatistics
  x: BasisStatistics
}

/** By photon number of the source: entries 0 to 6 are exact numbers, entry 7 is 7 or more. */
export interface PhotonNumberStatistics {
  sent: number[]
  detected: number[]
  sifted: number[]
  errors: number[]
}

/** Known to the simulator alone: no end of a real link can count this, and nothing of a run may depend on it. */
export interface SimulatorTruth {
  /** In the order of `intensities`. */
  intensities: { z: PhotonNumberStatistics; x: PhotonNumberStatistics }[]
  /** Sifted bits on which Eve holds a reading once the bases are said, and those of them that she reads well. */
  eveReadings: number
  eveReadingsRight: number
}

export interface ChannelStatistics {
  pulses: number
  /** The signal first, then the decoys in their order. */
  intensities: IntensityStatistics[]
  /** Over all intensities and both bases. */
  total: BasisStatistics
  /** Gates in which nothing could click. */
  deadPulses: number
  /** Gates in which a detector clicked by itself after a click. */
  afterPulses: number
  truth: SimulatorTruth
}

export function statisticsOf(channel: ChannelParameters, flight: Flight): ChannelStatistics {
  const intensities = intensitiesOf(channel.source).map(({ meanPhotons }) => ({
    meanPhotons,
    z: noStatistics(),
    x: noStatistics(),
  }))
  const truths = intensities.map(() => ({ z: noPhotonNumbers(), x: noPhotonNumbers() }))
  const total = noStatistics()
  const truth: SimulatorTruth = { intensities: truths, eveReadings: 0, eveReadingsRight: 0 }
  let pulses = 0
  flight.tally.forEach((count, cell) => {
    if (count === 0) return
    const { intensity, aliceBasis, aliceBit, bobBasis, pattern, photons, reading } = cellContent(cell)
    pulses += count
    const basis = aliceBasis === 0 ? 'z' : 'x'
    const numbers = truths[intensity]![basis]
    numbers.sent[photons]! += count
    const counted = [intensities[intensity]![basis], total]
    for (const one of counted) one.sent += count
    if (pattern === nothing) return
    const wrong = isWrong(pattern)
    const sameBasis = aliceBasis === bobBasis
    for (const one of counted) {
      one.detected += count
      if (sameBasis) one.sifted += count
      if (wrong && sameBasis) one.errors += count
      if (wrong && !sameBasis) one.otherBasisErrors += count
      if (isDouble(pattern)) one.doubleClicks += count
      if (aliceBit === 1) one.aliceOnes += count
      if ((aliceBit === 1) !== wrong) one.bobOnes += count
    }
    numbers.detected[photons]! += count
    if (!sameBasis) return
    numbers.sifted[photons]! += count
    if (wrong) numbers.errors[photons]! += count
    if (reading !== noReading) truth.eveReadings += count
    if (reading === rightReading) truth.eveReadingsRight += count
  })
  const { deadPulses, afterPulses } = flight
  return { pulses, intensities, total, deadPulses, afterPulses, truth }
}

function noStatistics(): BasisStatistics {
  return { sent: 0, detected: 0, sifted: 0, errors: 0, otherBasisErrors: 0, doubleClicks: 0, aliceOnes: 0, bobOnes: 0 }
}

function noPhotonNumbers(): PhotonNumberStatistics {
  const none = (): number[] => new Array<number>(mostTold + 1).fill(0)
  return { sent: none(), detected: none(), sifted: none(), errors: none() }
}
