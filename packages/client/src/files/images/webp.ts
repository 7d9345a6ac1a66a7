/** WebP (RFC 9649) without Exif, XMP, chunks of no known use, and what stands behind its end. */
import { concatBytes } from '@qsec/protocol'
import { ascii, type Bare, View } from './bytes.ts'

const kept: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
/** Of the flags in `VP8X`: that there is Exif, that there is XMP. */
const metadataFlags = 0x0c

/** Undefined where it is no whole WebP. */
export function bareWebp(bytes: Uint8Array): Bare | undefined {
  const view = new View(bytes)
  const end = 8 + view.u32(4, true)
  if (view.text(0, 4) !== 'RIFF' || view.text(8, 4) !== 'WEBP' || end > view.length) return undefined
  const parts: Uint8Array[] = []
  let size: { width: number; height: number } | undefined
  for (let at = 12; at < end; ) {
    const name = view.text(at, 4)
    const length = view.u32(at + 4, true)
    const next = at + 8 + length + (length % 2)
    if (next > end) return undefined
    size ??= sizeIn(view, name, at + 8)
    if (kept.has(name)) parts.push(name === 'VP8X' ? withoutFlags(bytes, at, next) : bytes.subarray(at, next))
    at = next
  }
  if (!size) return undefined
  const body = concatBytes(ascii('WEBP'), ...parts)
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, body.length, true)
  return { bytes: concatBytes(ascii('RIFF'), length, body), ...size }
}

function sizeIn(view: View, name: string, at: number): { width: number; height: number } | undefined {
  if (name === 'VP8X') return { width: view.u24Little(at + 4) + 1, height: view.u24Little(at + 7) + 1 }
  if (name === 'VP8L') {
    const bits = view.u32(at + 1, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (name !== 'VP8 ') return undefined
  return { width: view.u16(at + 6, true) & 0x3fff, height: view.u16(at + 8, true) & 0x3fff }
}

function withoutFlags(bytes: Uint8Array, at: number, next: number): Uint8Array {
  const chunk = bytes.slice(at, next)
  chunk[8] = (chunk[8] ?? 0) & ~metadataFlags
  return chunk
}
