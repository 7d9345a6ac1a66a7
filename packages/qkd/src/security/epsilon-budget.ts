/** What a key may cost in security: fixed epsilons, or so much per bit of key, which the length itself then decides. */
export type EpsilonBudget =
  | { kind: 'fixed'; epsSec: number; epsCor: number }
  /** epsSec = kappa l (Lim et al. 2014). */
  | { kind: 'secrecy-per-bit'; epsSecPerBit: number; epsCor: number }
  /** (epsSec + epsCor) / l fixed and split in the best way (Tomamichel et al. 2012). */
  | { kind: 'total-per-bit'; epsPerBit: number }

export interface Epsilons {
  epsSec: number
  epsCor: number
}

const tolerance = 1e-9
const maxRounds = 100

/**
 * The epsilons that a key of its own length affords, by fixed-point iteration: exact to one part in 10^9 of that length.
 *
 * @param startBits - where to begin; the papers' 0.2 n is above the unstable lower fixed point whenever a key exists
 * @param balanceBits - length of the key before rounding; grows with both epsilons
 * @returns epsilons of the last length tried if none is positive
 */
export function affordedEpsilons(
  budget: EpsilonBudget,
  startBits: number,
  balanceBits: (epsilons: Epsilons) => number,
): Epsilons {
  if (budget.kind === 'fixed') return { epsSec: budget.epsSec, epsCor: budget.epsCor }
  let bits = startBits
  let epsilons = split(budget, bits, 1)
  for (let round = 0; round < maxRounds; round++) {
    const next = balanceBits(epsilons)
    if (!(next > 0)) return epsilons
    const gain = budget.kind === 'total-per-bit' ? gainPerDoubling(epsilons, next, balanceBits) : 1
    epsilons = split(budget, next, gain)
    if (Math.abs(next - bits) <= tolerance * next) return epsilons
    bits = next
  }
  return epsilons
}

/** Bits of key won when epsSec doubles; for epsCor it is exactly one. Epsilons are best spent in that proportion. */
function gainPerDoubling(at: Epsilons, bits: number, balanceBits: (epsilons: Epsilons) => number): number {
  const gain = balanceBits({ ...at, epsSec: at.epsSec * 1.01 }) - bits
  return gain > 0 ? Math.max(1, gain / Math.log2(1.01)) : 1
}

function split(budget: Exclude<EpsilonBudget, { kind: 'fixed' }>, bits: number, gain: number): Epsilons {
  if (budget.kind === 'secrecy-per-bit') {
    return { epsSec: belowOne(budget.epsSecPerBit * bits), epsCor: budget.epsCor }
  }
  const epsTotal = belowOne(budget.epsPerBit * bits)
  return { epsSec: (epsTotal * gain) / (1 + gain), epsCor: epsTotal / (1 + gain) }
}

// Of more than 1/2 a probability of failure says nothing worth a key.
function belowOne(eps: number): number {
  return Math.min(0.5, eps)
}
