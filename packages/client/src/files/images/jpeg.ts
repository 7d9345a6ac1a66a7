/**
 * JPEG (ITU-T T.81) without what is no picture: Exif with its place and thumbnail, XMP, IPTC, comments, and what stands behind
 * its end (second pictures, films). Which way up it is stays, in an Exif block of its own that says nothing else.
 */
import { concatBytes } from '@qsec/protocol'
import { ascii, type Bare, View } from './bytes.ts'

const soi = 0xd8
const eoi = 0xd9
const sos = 0xda
const app0 = 0xe0
const app1 = 0xe1
const app2 = 0xe2
const app14 = 0xee
const comment = 0xfe
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7
/** Frame headers, which hold the size. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const isApplication = (marker: number) => marker >= app0 && marker <= 0xef

/** Undefined where it is no whole JPEG. */
export function bareJpeg(bytes: Uint8Array): Bare | undefined {
  const view = new View(bytes)
  if (view.u16(0) !== 0xff00 + soi) return undefined
  const parts: Uint8Array[] = []
  let orientation = 1
  let size = { width: 0, height: 0 }
  let at = 2
  for (;;) {
    if (view.u8(at) !== 0xff || at + 2 > view.length) return undefined
    const marker = view.u8(at + 1)
    if (marker === 0xff) {
      at++ // a fill byte
      continue
    }
    if (marker === eoi) break
    const end = at + 2 + view.u16(at + 2)
    if (end > view.length || view.u16(at + 2) < 2) return undefined
    if (isFrame(marker)) size = { height: view.u16(at + 5), width: view.u16(at + 7) }
    if (marker === app1) orientation = orientationIn(view, at + 4, end) ?? orientation
    const segment = keptSegment(view, marker, at, end)
    if (segment) parts.push(segment)
    at = end
    if (marker === sos) {
      const scanEnd = endOfScan(bytes, at)
      if (scanEnd === undefined) return undefined
      parts.push(bytes.subarray(at, scanEnd))
      at = scanEnd
    }
  }
  if (size.width === 0) return undefined
  const exif = orientation === 1 ? [] : [orientationSegment(orientation)]
  const whole = concatBytes(Uint8Array.of(0xff, soi), ...exif, ...parts, Uint8Array.of(0xff, eoi))
  const turned = orientation >= 5
  return { bytes: whole, ...(turned ? { width: size.height, height: size.width } : size) }
}

/** The segment as it stays; undefined where it goes. */
function keptSegment(view: View, marker: number, at: number, end: number): Uint8Array | undefined {
  const whole = view.bytes.subarray(at, end)
  const says = (name: string) => view.text(at + 4, name.length) === name
  // Of JFIF what the thumbnail does not need: version, density.
  if (marker === app0) return says('JFIF\0') && end - at >= 18 ? jfif(view, at) : undefined
  if (marker === app2) return says('ICC_PROFILE\0') ? whole : undefined
  // It says how colours are coded: without it some pictures turn out wrong.
  if (marker === app14) return says('Adobe') ? whole : undefined
  return isApplication(marker) || marker === comment ? undefined : whole
}

function jfif(view: View, at: number): Uint8Array {
  return concatBytes(Uint8Array.of(0xff, app0, 0, 16), view.bytes.subarray(at + 4, at + 16), Uint8Array.of(0, 0))
}

/** Where the coded pixels end: at the first marker that is none of theirs. */
function endOfScan(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]!
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at
  }
  return undefined
}

const exifName = 'Exif\0\0'
const orientationTag = 0x0112

/** 1 to 8, of the first directory of an Exif block (Exif 3.0 §4.6.4); undefined where there is none. */
function orientationIn(view: View, at: number, end: number): number | undefined {
  if (view.text(at, exifName.length) !== exifName) return undefined
  const tiff = at + exifName.length
  const order = view.text(tiff, 2)
  if (order !== 'II' && order !== 'MM') return undefined
  const little = order === 'II'
  const directory = tiff + view.u32(tiff + 4, little)
  const entries = view.u16(directory, little)
  for (let i = 0, entry = directory + 2; i < entries && entry + 12 <= end; i++, entry += 12) {
    if (view.u16(entry, little) !== orientationTag) continue
    const value = view.u16(entry + 8, little)
    return value >= 1 && value <= 8 ? value : undefined
  }
  return undefined
}

function orientationSegment(orientation: number): Uint8Array {
  const directory = [
    0,
    1,
    orientationTag >> 8,
    orientationTag & 255,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ]
  const body = concatBytes(ascii(`${exifName}MM`), Uint8Array.of(0, 42, 0, 0, 0, 8, ...directory))
  return concatBytes(Uint8Array.of(0xff, app1, 0, body.length + 2), body)
}
