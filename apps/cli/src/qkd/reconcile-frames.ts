/** Cascade and verification of a long string, frame by frame. A frame that still differs is said in full. */
import {
  CascadeAsker,
  CascadeTeller,
  type CascadeVariant,
  cascadePlan,
  verificationBits,
  verificationHash,
} from '@qsec/qkd'
import { chance, packBytes, packWords, unpackWords } from './packing.ts'

export interface ReconciledFrames {
  /** Parities, and every bit of a frame that was revealed. */
  leakedBits: number
  hashBits: number
  corrected: number
  framesRevealed: number
}

/**
 * A hash of 64 bits lets two different frames of this length pass with less than 5e-16. If keys differ then some frame
 * does, so that this also bounds the failure of them all together.
 */
const frameBitsAtMost = 2 ** 20

/** Corrects `theirs` to `ours`, in place. */
export function reconcileFrames(
  ours: Uint8Array,
  theirs: Uint8Array,
  qber: number,
  variant: CascadeVariant,
): ReconciledFrames {
  const frames = Math.ceil(ours.length / frameBitsAtMost)
  const frameBits = Math.ceil(ours.length / frames)
  const total: ReconciledFrames = { leakedBits: 0, hashBits: 0, corrected: 0, framesRevealed: 0 }
  for (let from = 0; from < ours.length; from += frameBits) {
    const [mine, yours] = [ours, theirs].map((bits) => bits.subarray(from, from + frameBits)) as [
      Uint8Array,
      Uint8Array,
    ]
    const frame = corrected(mine, yours, qber, variant)
    total.leakedBits += frame.leakedBits
    total.hashBits += verificationBits
    // Drawn after the last correction.
    const point = chance(16)
    if (
      Buffer.compare(verificationHash(packBytes(mine), point), verificationHash(packBytes(frame.bits), point)) !== 0
    ) {
      total.leakedBits += mine.length
      total.framesRevealed++
      frame.bits.set(mine)
    }
    for (let i = 0; i < yours.length; i++) if (yours[i] !== frame.bits[i]) total.corrected++
    yours.set(frame.bits)
    frame.bits.fill(0)
  }
  return total
}

function corrected(
  ours: Uint8Array,
  theirs: Uint8Array,
  qber: number,
  variant: CascadeVariant,
): { bits: Uint8Array; leakedBits: number } {
  const plan = cascadePlan({ n: ours.length, qber, seed: chance(16), variant })
  const teller = new CascadeTeller(plan, [packWords(ours)])
  const asker = new CascadeAsker(plan, [packWords(theirs)])
  let holds = asker.hearTop(teller.top())
  for (let question = asker.ask(); holds && question; question = asker.ask()) {
    const answer = teller.answer(question)
    holds = answer !== undefined && asker.hear(answer)
  }
  if (!holds) throw new Error('cascade: an honest message was refused')
  const bits = unpackWords(asker.frames[0]!, ours.length)
  const { leakedBits } = teller
  asker.wipe()
  teller.wipe()
  return { bits, leakedBits }
}
