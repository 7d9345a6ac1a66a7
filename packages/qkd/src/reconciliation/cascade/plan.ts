/** What both ends of Cascade know beforehand: passes, permutations, checks, and how finely leaves are cut. All public. */
import { seededRandom } from '../../random.ts'
import type { BlockPass } from './block-leaves.ts'
import { type Fold, foldOf, type Mask, randomMask } from './fold.ts'
import { nextOrder, type Order } from './order.ts'
import { partsAtPrice } from './round-price.ts'
import { type CascadeSchedule, type CascadeVariant, cascadeVariants, type Portions } from './variants.ts'

/**
 * `throughput` cuts leaves in halves, which leaks least. `low-round` cuts them finer where a round trip is worth more than
 * the bits that it saves: where few are left, and the more rounds have gone by.
 */
export type CascadeMode = 'throughput' | 'low-round'

export interface CascadeOptions {
  /** Bits of a frame, 8 to 2^26. */
  n: number
  /** Frames that are corrected in lockstep, 1 to 4096. They share the permutations. */
  frames?: number
  /** Estimate of Q; below 1/(2n) it counts as that. */
  qber: number
  /** Public, drawn after sifting, so that no one can place errors to escape the permutations. */
  seed: Uint8Array
  variant?: CascadeVariant
  mode?: CascadeMode
}

export interface CascadePlan {
  readonly n: number
  readonly frames: number
  readonly mode: CascadeMode
  /** In each frame, by the estimate. */
  readonly expectedErrors: number
  readonly passes: readonly BlockPass[]
  readonly fold: Fold
  /** Checks that are made in any case. */
  readonly firstChecks: number
  /** Whether each check that finds an error is followed by another one. */
  readonly checksFollowFinds: boolean
  readonly portions: Portions | undefined
  mask(check: number): Mask
}

/** No frame makes more checks; each halves the chance of an error that stays. */
export const maxChecks = 128
/** More rounds than any batch needs; a peer that goes on is refused. */
export const maxRounds = 100_000

/** Throws a RangeError that names what is out of range. */
export function cascadePlan(options: CascadeOptions): CascadePlan {
  const { n, qber, seed, frames = 1, variant = 'lean', mode = 'throughput' } = options
  if (!Number.isInteger(n) || n < 8 || n > 2 ** 26) throw new RangeError(`cascade: n = ${n}`)
  if (!Number.isInteger(frames) || frames < 1 || frames > 4096) throw new RangeError(`cascade: frames = ${frames}`)
  if (!(qber >= 0 && qber <= 0.5)) throw new RangeError(`cascade: qber = ${qber}`)
  if (!Object.hasOwn(cascadeVariants, variant)) throw new RangeError(`cascade: variant = ${variant}`)
  const schedule: CascadeSchedule = cascadeVariants[variant]
  const chance = publicChance(n, seed)
  const passes = schedule.blockBits(Math.max(qber, 1 / (2 * n))).map((wanted, index): BlockPass => {
    const blockBits = Math.max(2, Math.min(wanted, Math.ceil(n / 2)))
    const order = chance.order(index)
    const places = order?.places ?? n
    return { blockBits, places, blocks: Math.ceil((places - 1) / blockBits), order }
  })
  const { checks } = schedule
  return {
    n,
    frames,
    mode,
    expectedErrors: n * qber,
    passes,
    fold: chance.fold,
    firstChecks: checks.rule === 'passes' ? checks.count : checks.length,
    checksFollowFinds: checks.rule === 'streak',
    portions: mode === 'throughput' ? schedule.portions : undefined,
    mask: chance.mask,
  }
}

/** Blocks of a pass whose parity is said; from the second pass on the last one follows from the parity of the frame. */
export function saidBlocks(plan: CascadePlan, pass: number): number {
  return plan.passes[pass]!.blocks - (pass === 0 ? 0 : 1)
}

/** Parities that are said of each frame in any case: top blocks of all passes, and the first checks. */
export function topParities(plan: CascadePlan): number {
  return plan.passes.reduce((sum, _, pass) => sum + saidBlocks(plan, pass), plan.firstChecks)
}

/**
 * Parts into which each of so many leaves of a frame is cut.
 *
 * @param round - round trips before this one
 */
export function partsFor(plan: CascadePlan, leaves: number, round: number): number {
  return plan.mode === 'throughput' ? 2 : partsAtPrice(plan.expectedErrors, leaves, round)
}

/**
 * How many of the odd leaves of a pass are searched together. Errors come in pairs, one of each in a later pass and both
 * in one leaf of an earlier one: where the first is found, the second costs less by way of that leaf. So later passes are
 * searched in portions, where the schedule says so.
 */
export function portionOf(plan: CascadePlan, pass: number, oddLeaves: number): number {
  const { portions } = plan
  if (pass === 0 || !portions) return oddLeaves
  const least = Math.max(portions.atLeast, Math.ceil(plan.passes[pass]!.blocks * portions.shareOfBlocks))
  return Math.min(oddLeaves, Math.max(least, Math.ceil(oddLeaves * portions.shareOfOdd)))
}

interface PublicChance {
  readonly fold: Fold
  /** Of each pass; the first takes positions as they are, since sifting left them in random order. */
  order(pass: number): Order | undefined
  mask(check: number): Mask
}

// Frames of a run follow each other with the same seed. What is kept is public.
const cached = new Map<string, PublicChance>()
const maxCached = 4

function publicChance(n: number, seed: Uint8Array): PublicChance {
  const key = `${n}/${seed.join()}`
  const known = cached.get(key)
  if (known) return known
  const fold = foldOf(n)
  const orders: (Order | undefined)[] = [undefined]
  const masks: Mask[] = []
  const chance: PublicChance = {
    fold,
    order: (pass) => {
      while (orders.length <= pass) {
        const random = seededRandom(seed, `cascade order ${orders.length}`)
        orders.push(nextOrder(n, orders.at(-1), random))
      }
      return orders[pass]
    },
    mask: (check) => {
      while (masks.length <= check) masks.push(randomMask(n, fold, seededRandom(seed, `cascade check ${masks.length}`)))
      return masks[check]!
    },
  }
  if (cached.size >= maxCached) cached.delete(cached.keys().next().value!)
  cached.set(key, chance)
  return chance
}
