/**
 * Pictures without their metadata. Done by leaving parts out, so that no pixel changes and it works without a screen; a
 * picture that has nothing to leave out stays as it is, byte for byte.
 */
import { equalBytes } from '@qsec/protocol'
import type { Bare } from './bytes.ts'
import { bareGif } from './gif.ts'
import { bareJpeg } from './jpeg.ts'
import { barePng } from './png.ts'
import { bareWebp } from './webp.ts'

const readers: Readonly<Record<string, (bytes: Uint8Array) => Bare | undefined>> = {
  'image/png': barePng,
  'image/jpeg': bareJpeg,
  'image/webp': bareWebp,
  'image/gif': bareGif,
}

/** Undefined where it is no whole picture of that type, or the type is none that is known here. */
export function barePicture(type: string, bytes: Uint8Array): Bare | undefined {
  return Object.hasOwn(readers, type) ? readers[type]!(bytes) : undefined
}

/** Whether it is a whole picture and nothing else: no second file in its comments, none behind its end. */
export function isBarePicture(type: string, bytes: Uint8Array): boolean {
  const bare = barePicture(type, bytes)
  return bare !== undefined && equalBytes(bare.bytes, bytes)
}
