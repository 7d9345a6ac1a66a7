/**
 * What both ends of Cascade know beforehand: block sizes, permutations and top blocks of each pass (Brassard and
 * Salvail, EUROCRYPT '93, LNCS 765, 410). Variant `original`: k_1 = ceil(0.73 / Q), doubled in each of four passes;
 * then six passes of two blocks, each of which costs one bit and halves the share of frames that stay wrong.
 */
import { seededPermutation, seededRandom } from '../random.ts'

export interface CascadeSchedule {
  /** Bits of the frame. */
  n: number
  passes: readonly CascadePass[]
}

export interface CascadePass {
  blockBits: number
  /** order[i] is the position in the frame of place i of this pass; undefined means the frame's own order. */
  order: Uint32Array | undefined
  /** Top blocks whose parity is said; from the second pass on the last one follows from the parity of the frame. */
  saidBlocks: number
  blocks: number
}

const originalPasses = 4
const halfFramePasses = 6

/**
 * @param qber - estimate of Q; below 1/(2n) it counts as that
 * @param seed - public, drawn after sifting, so that no one can place errors to escape the permutations
 */
export function cascadeSchedule(n: number, qber: number, seed: Uint8Array): CascadeSchedule {
  const firstBlockBits = Math.max(2, Math.ceil(0.73 / Math.max(qber, 1 / (2 * n))))
  const passes = Array.from({ length: originalPasses + halfFramePasses }, (_, pass): CascadePass => {
    const blockBits = pass < originalPasses ? Math.min(n, firstBlockBits * 2 ** pass) : Math.ceil(n / 2)
    const blocks = Math.ceil(n / blockBits)
    return {
      blockBits,
      // Positions are in random order already after sifting, so the first pass takes them as they are.
      order: pass === 0 ? undefined : seededPermutation(n, seededRandom(seed, `cascade pass ${pass}`)),
      saidBlocks: pass === 0 ? blocks : blocks - 1,
      blocks,
    }
  })
  return { n, passes }
}

export function saidTopParities(schedule: CascadeSchedule): number {
  return schedule.passes.reduce((sum, pass) => sum + pass.saidBlocks, 0)
}

/** The bits of a frame in the order of a pass. */
export function inOrderOf(pass: CascadePass, frame: Uint8Array): Uint8Array {
  const { order } = pass
  if (!order) return frame
  const placed = new Uint8Array(frame.length)
  for (let i = 0; i < frame.length; i++) placed[i] = frame[order[i]!]!
  return placed
}
