/** Bits that were measured and estimated, cut to frames: what the two halves of distillation begin with. */
import type { KeyLength } from './accounting.ts'
import type { ReconciliationMode } from './parameters.ts'
import type { SessionEpsilon } from './result.ts'

export interface RawKey {
  /** Secret; this end's bits, packed. */
  words: Uint32Array
  n: number
  /** What both ends take the error rate for. */
  qber: number
  mode: ReconciliationMode
  /** Intensity of each bit, where there are several; public. */
  intensityOf?: Uint8Array
  /** 1 where there is one. */
  intensities: number
  keyBits: KeyLength
  epsilon: Omit<SessionEpsilon, 'authentication' | 'total'>
}

/** All frames of a run are as long as the first; the last one ends with zeros that both ends know. */
export interface FrameCut {
  count: number
  /** A multiple of 32. */
  frameBits: number
}

// docs/qkd-reconciliation.md has what batches of such frames cost. One-way decoders are slow on long ones.
const longestFrame: Readonly<Record<ReconciliationMode, number>> = {
  throughput: 2 ** 17,
  'low-round': 2 ** 17,
  'one-way': 2 ** 14,
}
const shortestFrame: Readonly<Record<ReconciliationMode, number>> = {
  throughput: 32,
  'low-round': 32,
  'one-way': 1024,
}

export function cutOf({ n, mode }: Pick<RawKey, 'n' | 'mode'>): FrameCut {
  const count = Math.ceil(n / longestFrame[mode])
  return { count, frameBits: Math.max(shortestFrame[mode], 32 * Math.ceil(n / count / 32)) }
}

/** The frames one after the other; copies. */
export function framesOf({ words }: Pick<RawKey, 'words'>, { count, frameBits }: FrameCut): Uint32Array[] {
  const perFrame = frameBits / 32
  return Array.from({ length: count }, (_, frame) => {
    const own = new Uint32Array(perFrame)
    own.set(words.subarray(frame * perFrame, (frame + 1) * perFrame))
    return own
  })
}

/** Bits of a frame that are bits of the key. */
export function bitsInFrame(n: number, { frameBits }: FrameCut, frame: number): number {
  return Math.min(frameBits, n - frame * frameBits)
}

/** The frames that were kept, joined, without the zeros at the end of the last one. */
export function joinFrames(
  frames: readonly Uint8Array[],
  kept: Uint8Array,
  n: number,
  cut: FrameCut,
): { packed: Uint8Array; bits: number } {
  const packed = new Uint8Array(frames.length * (cut.frameBits / 8))
  let at = 0
  let bits = 0
  for (const [i, frame] of frames.entries()) {
    if (kept[i] !== 1) continue
    packed.set(frame, at)
    at += frame.length
    bits += bitsInFrame(n, cut, i)
  }
  return { packed, bits }
}

/** How many bits of each intensity lie in the frames that were given up. */
export function bitsGivenUp(
  raw: Pick<RawKey, 'n' | 'intensityOf' | 'intensities'>,
  cut: FrameCut,
  kept: Uint8Array,
): number[] {
  const counts = new Array<number>(raw.intensities).fill(0)
  kept.forEach((keptHere, frame) => {
    if (keptHere === 1) return
    const bits = bitsInFrame(raw.n, cut, frame)
    for (let i = 0; i < bits; i++) counts[raw.intensityOf?.[frame * cut.frameBits + i] ?? 0]!++
  })
  return counts
}

/** Differences between two rows of frames, by intensity. */
export function differences(
  raw: Pick<RawKey, 'words' | 'n' | 'intensityOf' | 'intensities'>,
  frames: readonly Uint32Array[],
  cut: FrameCut,
): number[] {
  const counts = new Array<number>(raw.intensities).fill(0)
  const perFrame = cut.frameBits / 32
  for (const [i, frame] of frames.entries()) {
    for (let w = 0; w < perFrame && i * perFrame + w < raw.words.length; w++) {
      for (let left = frame[w]! ^ raw.words[i * perFrame + w]!; left !== 0; left &= left - 1) {
        const at = ((i * perFrame + w) << 5) + 31 - Math.clz32(left & -left)
        if (at < raw.n) counts[raw.intensityOf?.[at] ?? 0]!++
      }
    }
  }
  return counts
}
