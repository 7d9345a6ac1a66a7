/** Frames as bytes: each has one spelling, and a hash names it. */
import { equalBytes } from '@qsec/protocol'
import { decodeMlsMessage, encodeMlsMessage, type MLSMessage } from 'ts-mls'
import { Refusal } from './errors.ts'
import { sha256 } from './hashes.ts'

export function frameHash(frame: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(frame)
}

/**
 * Reads one MLSMessage of the wanted kind (RFC 9420 §6). The library ignores trailing bytes and takes lengths that are
 * spelled too long; both would give one message two hashes, so the message is spelled again and compared.
 */
export function decodeExactly<K extends MLSMessage['wireformat']>(
  bytes: Uint8Array,
  wireformat: K,
): Extract<MLSMessage, { wireformat: K }> {
  let hit: [MLSMessage, number] | undefined
  try {
    hit = decodeMlsMessage(bytes, 0)
  } catch {
    throw new Refusal('bad-frame') // the decoders throw where a length points past the end
  }
  if (!hit || hit[1] !== bytes.length) throw new Refusal('bad-frame')
  if (hit[0].wireformat !== wireformat) throw new Refusal('wrong-frame-type')
  if (!equalBytes(encodeMlsMessage(hit[0]), bytes)) throw new Refusal('bad-frame')
  return hit[0] as Extract<MLSMessage, { wireformat: K }>
}

export function encodeFrame(message: MLSMessage): Uint8Array<ArrayBuffer> {
  return encodeMlsMessage(message) as Uint8Array<ArrayBuffer>
}

/** What a content of this length is padded to: powers of two up to 4 KiB, then multiples of 4 KiB. */
export function paddedLength(encodedLength: number): number {
  if (encodedLength > 4_096) return Math.ceil(encodedLength / 4_096) * 4_096
  let bucket = 256
  while (bucket < encodedLength) bucket *= 2
  return bucket
}
