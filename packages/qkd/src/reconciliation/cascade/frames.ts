/** Frames as they are handed in. */
import type { CascadePlan } from './plan.ts'

/** Copies, with the bits after the last one cleared; a RangeError if there are not as many or not as long as planned. */
export function framesOf(plan: CascadePlan, frames: readonly Uint32Array[]): Int32Array[] {
  const words = (plan.n + 31) >> 5
  if (frames.length !== plan.frames || frames.some((frame) => frame.length !== words)) {
    throw new RangeError(`cascade: ${plan.frames} frames of ${words} words were planned`)
  }
  return frames.map((frame) => {
    const bits = Int32Array.from(frame)
    if ((plan.n & 31) !== 0) bits[words - 1]! &= (1 << (plan.n & 31)) - 1
    return bits
  })
}

/** Room for one frame in any order. */
export function scratchFor(plan: CascadePlan): Int32Array {
  return new Int32Array(Math.max(...plan.passes.map(({ places }) => (places + 31) >> 5)))
}
