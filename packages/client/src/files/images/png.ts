/** PNG (W3C PNG, third edition) without what is no picture: texts, times, Exif, and whatever stands behind its end. */
import { concatBytes } from '@qsec/protocol'
import { type Bare, View } from './bytes.ts'

const signatureBytes = 8
/** Pixels, transparency, colours and animation. */
const kept: ReadonlySet<string> = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'cHRM', 'gAMA', 'iCCP', 'sRGB', 'sBIT', 'cICP', 'bKGD', 'pHYs'],
  ...['acTL', 'fcTL', 'fdAT'],
])

/** Undefined where it is no whole PNG. */
export function barePng(bytes: Uint8Array): Bare | undefined {
  const view = new View(bytes)
  const parts = [bytes.subarray(0, signatureBytes)]
  let at = signatureBytes
  if (view.text(at + 4, 4) !== 'IHDR' || view.u32(at) !== 13) return undefined
  const [width, height] = [view.u32(at + 8), view.u32(at + 12)]
  for (let name = ''; name !== 'IEND'; ) {
    const end = at + 12 + view.u32(at)
    name = view.text(at + 4, 4)
    if (end > view.length || !/^[A-Za-z]{4}$/.test(name)) return undefined
    if (kept.has(name)) parts.push(bytes.subarray(at, end))
    at = end
  }
  return { bytes: concatBytes(...parts), width, height }
}
