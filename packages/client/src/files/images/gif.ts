/** GIF (89a) without comments, texts, extensions of applications but the one that repeats it, and what stands behind its end. */
import { concatBytes } from '@qsec/protocol'
import { type Bare, View } from './bytes.ts'

const extension = 0x21
const image = 0x2c
const trailer = 0x3b
const graphicControl = 0xf9
const application = 0xff
const repeating = ['NETSCAPE2.0', 'ANIMEXTS1.0']

/** Undefined where it is no whole GIF. */
export function bareGif(bytes: Uint8Array): Bare | undefined {
  const view = new View(bytes)
  if (view.length < 13) return undefined
  const [width, height] = [view.u16(6, true), view.u16(8, true)]
  let at = 13 + tableBytes(view.u8(10))
  const parts = [bytes.subarray(0, at)]
  for (;;) {
    if (at >= view.length) return undefined
    const begins = view.u8(at)
    if (begins === trailer) break
    if (begins !== extension && begins !== image) return undefined
    const blocks = begins === image ? at + 11 + tableBytes(view.u8(at + 9)) : at + 2
    const end = endOfBlocks(view, blocks)
    if (end === undefined) return undefined
    if (begins === image || isKept(view, at)) parts.push(bytes.subarray(at, end))
    at = end
  }
  return { bytes: concatBytes(...parts, Uint8Array.of(trailer)), width, height }
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

function isKept(view: View, at: number): boolean {
  const label = view.u8(at + 1)
  return label === graphicControl || (label === application && repeating.includes(view.text(at + 3, 11)))
}

function endOfBlocks(view: View, from: number): number | undefined {
  let at = from
  while (at < view.length) {
    const length = view.u8(at)
    at += 1 + length
    if (length === 0) return at
  }
  return undefined
}
