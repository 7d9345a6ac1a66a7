/**
 * Block sizes and checks of each variant of Cascade, as data. Names are those of the papers; `lean` and `swift` are ours.
 *
 * All of them run on the same engine, which always reuses sub-blocks and never says a parity that follows from others.
 * So `original`, `yanetal` and `biconf` leak less here than as printed. Left out: `opt3`, `opt5` and `opt6`, whose block
 * sizes are those of `opt4` and which differ in reuse, shuffling and removal of known bits.
 *
 * @see Brassard and Salvail, EUROCRYPT '93, LNCS 765, 410
 * @see Martinez-Mateo, Pacher, Peev, Ciurana, Martin, Quantum Inf. Comput. 15, 453 (2015)
 */

export type CascadeVariant = 'original' | 'biconf' | 'yanetal' | 'opt4' | 'opt7' | 'opt8' | 'lean' | 'swift'

/** How a frame is checked after the block passes, each check being the parity of a random half of it. */
export type Checks =
  | { rule: 'passes'; count: number }
  /** As many that find nothing, and one more for each that found an error; the BICONF of Brassard and Salvail. */
  | { rule: 'streak'; length: number }

export interface CascadeSchedule {
  /** Block size of each pass for a frame with error rate `qber`, before it is fitted to the length of the frame. */
  blockBits: (qber: number) => number[]
  checks: Checks
  /** How later passes are searched; all odd leaves together if left out. */
  portions?: Portions
}

/** The largest of three: a number of leaves, a share of those that are odd, a share of the blocks the pass began with. */
export interface Portions {
  atLeast: number
  shareOfOdd: number
  shareOfBlocks: number
}

function powerOfTwo(exponent: number): number {
  return 2 ** Math.ceil(exponent)
}

/** The largest of 4, 5, 6, 7, 8, 10, 12, 14, 16, 20 ... that is not above the limit; in halves they stay nearly even. */
function quarterStepBelow(limit: number): number {
  let step = 1
  while (8 * step <= limit) step *= 2
  return step * Math.max(1, Math.floor(limit / step))
}

export const cascadeVariants: Readonly<Record<CascadeVariant, CascadeSchedule>> = {
  original: {
    blockBits: (qber) => [1, 2, 4, 8].map((factor) => factor * Math.ceil(0.73 / qber)),
    checks: { rule: 'passes', count: 0 },
  },
  /** "mod. (1)" of the paper of 2015. */
  biconf: {
    blockBits: (qber) => [1, 3].map((factor) => factor * Math.ceil(0.92 / qber)),
    checks: { rule: 'streak', length: 10 },
  },
  /** Yan et al., ICNC 2008; "opt. (2)" of the paper of 2015: ten passes, eight of them with half the frame. */
  yanetal: {
    blockBits: (qber) => [1, 5].map((factor) => factor * Math.ceil(0.8 / qber)),
    checks: { rule: 'passes', count: 8 },
  },
  opt4: {
    blockBits: (qber) => [1, 2].map((factor) => factor * Math.ceil(1 / qber)),
    checks: { rule: 'passes', count: 14 },
  },
  opt7: {
    blockBits: (qber) => [1, 4].map((factor) => factor * powerOfTwo(Math.log2(1 / qber))),
    checks: { rule: 'passes', count: 12 },
  },
  opt8: {
    blockBits: (qber) => {
      const alpha = Math.log2(1 / qber) - 1 / 2
      return [powerOfTwo(alpha), powerOfTwo((alpha + 12) / 2), 4096]
    },
    checks: { rule: 'passes', count: 11 },
  },
  /** Least leak and most speed. How its sizes were found is in docs/qkd-reconciliation.md. */
  lean: {
    blockBits: (qber) => {
      const first = powerOfTwo(Math.log2(1 / qber) - 1 / 2)
      return [first, (first < 128 ? 8 : 4) * first]
    },
    checks: { rule: 'streak', length: 12 },
    portions: { atLeast: 8, shareOfOdd: 1 / 8, shareOfBlocks: 1 / 12 },
  },
  /** Few rounds, for `low-round`: small blocks first, so that later passes have few errors left to search one by one. */
  swift: {
    blockBits: (qber) => {
      const first = quarterStepBelow(Math.min(0.68 / qber + 2, 0.8 / qber))
      return [first, quarterStepBelow(2.5 * first)]
    },
    checks: { rule: 'streak', length: 12 },
  },
}
