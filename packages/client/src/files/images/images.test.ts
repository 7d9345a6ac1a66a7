import { concatBytes } from '@qsec/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barePicture, isBarePicture } from './index.ts'

type Bytes = Uint8Array<ArrayBuffer>
const text = (characters: string): Bytes => Uint8Array.from(characters, (one) => one.charCodeAt(0))
const u16 = (value: number): Bytes => Uint8Array.of(value >> 8, value & 255)
const u32 = (value: number): Bytes => Uint8Array.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255)
const u32Little = (value: number): Bytes => u32(value).reverse()
const secret = 'N 52.5200 E 13.4050 SECRET'
const holdsSecret = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes).includes('SECRET')

const pngChunk = (name: string, body: Uint8Array) => concatBytes(u32(body.length), text(name), body, u32(0))
function png(...extra: Uint8Array[]): Bytes {
  return concatBytes(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', concatBytes(u32(640), u32(480), Uint8Array.of(8, 2, 0, 0, 0))),
    ...extra,
    pngChunk('IDAT', text('pixels')),
    pngChunk('IEND', new Uint8Array()),
  )
}

const segment = (marker: number, body: Uint8Array) =>
  concatBytes(Uint8Array.of(0xff, marker), u16(body.length + 2), body)
/** TIFF with one tag: which way up it is. */
const exif = (orientation: number) =>
  segment(
    0xe1,
    concatBytes(
      text('Exif\0\0II'),
      u16(0x2a00),
      u32Little(8),
      Uint8Array.of(1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0),
      text(secret),
    ),
  )
const frame = segment(0xc0, concatBytes(Uint8Array.of(8), u16(480), u16(640), Uint8Array.of(1, 1, 17, 0)))
const scan = concatBytes(segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)), text('pix\u00ff\u0000els\u00ff\u00d0more'))
function jpeg(...extra: Uint8Array[]): Bytes {
  return concatBytes(Uint8Array.of(0xff, 0xd8), ...extra, frame, scan, Uint8Array.of(0xff, 0xd9))
}

const riffChunk = (name: string, body: Uint8Array) =>
  concatBytes(text(name), u32Little(body.length), body, new Uint8Array(body.length % 2))
function webp(flags: number, ...extra: Uint8Array[]): Bytes {
  const extended = Uint8Array.of(flags, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0)
  const body = concatBytes(text('WEBP'), riffChunk('VP8X', extended), riffChunk('VP8L', text('/abcdpixels')), ...extra)
  return concatBytes(text('RIFF'), u32Little(body.length), body)
}

function gif(...extra: Uint8Array[]): Bytes {
  const image = concatBytes(Uint8Array.of(0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2), Uint8Array.of(2, 76, 1, 0))
  return concatBytes(
    text('GIF89a'),
    Uint8Array.of(0x80, 2, 0xe0, 1, 0x80, 0, 0),
    new Uint8Array(6),
    ...extra,
    image,
    text(';'),
  )
}
const gifComment = concatBytes(Uint8Array.of(0x21, 0xfe, secret.length), text(secret), Uint8Array.of(0))

const pictures: { type: string; bare: Bytes; full: Bytes }[] = [
  {
    type: 'image/png',
    bare: png(pngChunk('gAMA', u32(45_455))),
    full: concatBytes(
      png(
        pngChunk('tEXt', text(`Comment\0${secret}`)),
        pngChunk('gAMA', u32(45_455)),
        pngChunk('eXIf', text(secret)),
        pngChunk('tIME', text('1234567')),
        pngChunk('prVt', text(secret)),
      ),
      text(`<script>${secret}</script>`),
    ),
  },
  {
    type: 'image/jpeg',
    bare: jpeg(segment(0xee, text('Adobe\0\0\0\0\0\0\0'))),
    full: concatBytes(
      jpeg(
        exif(1),
        segment(0xe1, text(`http://ns.adobe.com/xap/1.0/\0${secret}`)),
        segment(0xed, text(`Photoshop 3.0\0${secret}`)),
        segment(0xee, text('Adobe\0\0\0\0\0\0\0')),
        segment(0xfe, text(secret)),
      ),
      text(`PK\u0003\u0004${secret}`),
    ),
  },
  {
    type: 'image/webp',
    bare: webp(0x10),
    full: concatBytes(
      webp(0x1c, riffChunk('EXIF', text(secret)), riffChunk('XMP ', text(secret)), riffChunk('what', text(secret))),
      text(secret),
    ),
  },
  {
    type: 'image/gif',
    bare: gif(Uint8Array.of(0x21, 0xf9, 4, 0, 0, 0, 0, 0)),
    full: concatBytes(
      gif(
        gifComment,
        Uint8Array.of(0x21, 0xf9, 4, 0, 0, 0, 0, 0),
        concatBytes(
          Uint8Array.of(0x21, 0xff, 11),
          text('XMP DataXMP'),
          Uint8Array.of(secret.length),
          text(secret),
          Uint8Array.of(0),
        ),
      ),
      text(secret),
    ),
  },
]

describe.each(pictures)('$type', ({ type, bare, full }) => {
  it('[FI30] keeps its pixels, and nothing that tells where, when or with what it was made', () => {
    expect(holdsSecret(full)).toBe(true)
    const left = barePicture(type, full)!
    expect(left.bytes).toEqual(bare)
    expect([left.width, left.height]).toEqual([640, 480])
    expect(holdsSecret(left.bytes)).toBe(false)
  })

  it('[FI31] that has nothing to leave out stays as it is; one with something else in it is no bare picture', () => {
    expect(isBarePicture(type, bare)).toBe(true)
    expect(isBarePicture(type, full)).toBe(false)
    expect(isBarePicture(type, concatBytes(bare, text('PK')))).toBe(false)
    expect(isBarePicture(type, concatBytes(bare, Uint8Array.of(0)))).toBe(false)
    expect(isBarePicture('image/svg+xml', bare)).toBe(false)
    expect(isBarePicture('constructor', bare)).toBe(false)
  })

  it('[FI32] is no picture where it is cut anywhere, and whatever comes, what is left is bare', () => {
    for (let end = 0; end < bare.length; end++) expect(barePicture(type, bare.slice(0, end)), `${end}`).toBeUndefined()
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(full.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const bytes = full.slice()
        for (const [at, value] of changes) bytes[at] = value
        const left = barePicture(type, bytes)
        if (left) expect(isBarePicture(type, left.bytes)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

it('[FI33] a JPEG stays the right way up, and its size is as it is shown', () => {
  const left = barePicture('image/jpeg', jpeg(exif(6)))!
  expect(holdsSecret(left.bytes)).toBe(false)
  expect([left.width, left.height]).toEqual([480, 640])
  expect(isBarePicture('image/jpeg', left.bytes)).toBe(true)
  expect(barePicture('image/jpeg', left.bytes)).toMatchObject({ width: 480, height: 640 })
  expect(barePicture('image/jpeg', jpeg(exif(9)))).toMatchObject({ width: 640, height: 480 })
})
