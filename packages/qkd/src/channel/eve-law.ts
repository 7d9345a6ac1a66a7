/**
 * What becomes of a pulse between Alice and Bob's detectors, as a mixture of simple cases: so many photons, each of
 * which clicks with one probability and takes the wrong detector with another. Every attack is such a mixture.
 */
import { attackedFraction, type Eve, eveXProbability } from './attack.ts'
import { breidbartGuess, clonerGuess } from './attack-formulas.ts'
import { fibreTransmittance, transmittance } from './model.ts'
import type { ChannelParameters, OpticsParameters } from './parameters.ts'
import { forwarded, splittingPlan } from './splitting-plan.ts'

/** What Eve holds on Alice's bit once the bases are said. */
export const noReading = 0
export const rightReading = 1
export const wrongReading = 2

export interface Branch {
  weight: number
  photons: number
  /** That one of them would click, detector included. */
  transmittance: number
  /** That a photon that clicks does so on the detector of the bit that Alice did not send. */
  goesWrong: number
  reading: typeof noReading | typeof rightReading | typeof wrongReading
}

/** A pulse of n photons in Alice's basis, measured in Bob's; 0 is Z, 1 is X. */
export type BranchesOf = (n: number, aliceBasis: number, bobBasis: number) => Branch[]

export function branchesOf(channel: ChannelParameters): BranchesOf {
  const fraction = attackedFraction(channel.eve)
  const attacked = attackOn(channel, channel.eve)
  return (n, aliceBasis, bobBasis) => {
    const honest = { ...onFibre(channel, n), goesWrong: inBasis(channel, aliceBasis, bobBasis) }
    // Nothing is done to a pulse in which there is nothing.
    if (fraction === 0 || n === 0) return [{ ...honest, weight: 1 }]
    return [
      { ...honest, weight: 1 - fraction },
      ...attacked(n, aliceBasis, bobBasis).map((branch) => ({ ...branch, weight: fraction * branch.weight })),
    ].filter((branch) => branch.weight > 0)
  }
}

/** How often a photon in this state's basis takes the wrong detector when measured in that one. */
function inBasis(optics: OpticsParameters, stateBasis: number, bobBasis: number): number {
  return stateBasis === bobBasis ? optics.misalignment : 0.5
}

function onFibre(optics: OpticsParameters, n: number): Omit<Branch, 'goesWrong'> {
  return { weight: 1, photons: n, transmittance: transmittance(optics), reading: noReading }
}

function attackOn(channel: ChannelParameters, eve: Eve): BranchesOf {
  switch (eve.attack) {
    case 'none':
      return () => []
    case 'intercept-resend':
      return interceptResend(channel, eveXProbability(eve))
    case 'breidbart':
      return breidbart(channel)
    case 'optimal-individual':
      return cloner(channel, eve.disturbance)
    case 'photon-number-splitting':
      return photonNumberSplitting(channel, eve)
    case 'beam-splitting':
      return beamSplitting(channel, eve.memory)
  }
}

/** With perfect detectors in one of the two bases; as many photons are sent on as came. */
function interceptResend(optics: OpticsParameters, eveX: number): BranchesOf {
  return (n, aliceBasis, bobBasis) => {
    const fibre = onFibre(optics, n)
    const measured = [1 - eveX, eveX]
    const other = 1 - aliceBasis
    // In the other basis her bit is a coin, and Bob reads it well if he took her basis.
    const asEve = inBasis(optics, other, bobBasis)
    return [
      {
        ...fibre,
        weight: measured[aliceBasis]!,
        goesWrong: inBasis(optics, aliceBasis, bobBasis),
        reading: rightReading,
      },
      { ...fibre, weight: measured[other]! / 2, goesWrong: asEve },
      { ...fibre, weight: measured[other]! / 2, goesWrong: 1 - asEve },
    ]
  }
}

/** Her bit is right with p whatever Alice's basis, and Bob's is hers with p whatever his. */
function breidbart(optics: OpticsParameters): BranchesOf {
  const p = breidbartGuess
  const notHers = (1 - p) * (1 - optics.misalignment) + p * optics.misalignment
  return (n) => {
    const fibre = onFibre(optics, n)
    return [
      { ...fibre, weight: p, goesWrong: notHers, reading: rightReading },
      { ...fibre, weight: 1 - p, goesWrong: 1 - notHers, reading: wrongReading },
    ]
  }
}

/**
 * The bit arrives flipped with probability D; independently of that Eve guesses it with 1/2 + sqrt(D (1-D)) once the
 * basis is said (Fuchs, Gisin, Griffiths, Niu, Peres, Phys. Rev. A 56, 1163, 1997). All photons of a pulse as one.
 */
function cloner(optics: OpticsParameters, disturbance: number): BranchesOf {
  const guess = clonerGuess(disturbance)
  return (n, aliceBasis, bobBasis) => {
    const fibre = onFibre(optics, n)
    const straight = inBasis(optics, aliceBasis, bobBasis)
    const branches: Branch[] = []
    for (const [goesWrong, flip] of [
      [straight, 1 - disturbance],
      [1 - straight, disturbance],
    ] as const) {
      branches.push({ ...fibre, goesWrong, weight: flip * guess, reading: rightReading })
      branches.push({ ...fibre, goesWrong, weight: flip * (1 - guess), reading: wrongReading })
    }
    return branches
  }
}

function photonNumberSplitting(
  optics: OpticsParameters,
  eve: Extract<Eve, { attack: 'photon-number-splitting' }>,
): BranchesOf {
  const plan = splittingPlan(optics, eve)
  return (n, aliceBasis, bobBasis) => {
    const reading = n < 2 ? noReading : rightReading
    const passed = n < 2 ? plan.singlesPassed : plan.multiplesPassed
    const goesWrong = inBasis(optics, aliceBasis, bobBasis)
    return [
      { ...forwarded(optics, eve, n), goesWrong, weight: passed, reading },
      { photons: 0, transmittance: 0, goesWrong, weight: 1 - passed, reading },
    ]
  }
}

/** Each photon goes to Bob with the transmittance of the fibre, else to Eve. */
function beamSplitting(optics: OpticsParameters, memory: boolean): BranchesOf {
  const toBob = fibreTransmittance(optics)
  return (n, aliceBasis, bobBasis) => {
    const goesWrong = inBasis(optics, aliceBasis, bobBasis)
    const branches: Branch[] = []
    let ways = 1
    for (let kept = 0; kept <= n; kept++) {
      const weight = ways * toBob ** (n - kept) * (1 - toBob) ** kept
      const known = kept === 0 ? 0 : memory ? 1 : 0.5
      const bobs = { photons: n - kept, transmittance: optics.detectorEfficiency, goesWrong }
      branches.push({ ...bobs, weight: weight * known, reading: rightReading })
      branches.push({ ...bobs, weight: weight * (1 - known), reading: noReading })
      ways *= (n - kept) / (kept + 1)
    }
    return branches
  }
}
