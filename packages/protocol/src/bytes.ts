/** Bytes as base64url without padding, strictly: each byte string has exactly one spelling. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const sextetOf = new Int8Array(128).fill(-1)
for (let i = 0; i < 64; i++) sextetOf[alphabet.charCodeAt(i)] = i

/** Bytes spelled in base64url. Checked at the edge, so that `fromBase64Url` has an answer. */
export type Base64Url = string & { readonly __type: 'Base64Url' }

export function toBase64Url(bytes: Uint8Array): Base64Url {
  const pieces: string[] = []
  // Pieces keep the intermediate strings short: one string built a character at a time is slow at 8 MiB.
  for (let start = 0; start < bytes.length; start += 3 * 4096) {
    pieces.push(encodePiece(bytes.subarray(start, start + 3 * 4096)))
  }
  return pieces.join('') as Base64Url
}

function encodePiece(bytes: Uint8Array): string {
  let text = ''
  let i = 0
  for (; i + 2 < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!
    text += alphabet[word >> 18]! + alphabet[(word >> 12) & 63]! + alphabet[(word >> 6) & 63]! + alphabet[word & 63]!
  }
  const left = bytes.length - i
  if (left === 1) text += alphabet[bytes[i]! >> 2]! + alphabet[(bytes[i]! & 3) << 4]!
  if (left === 2) {
    const word = (bytes[i]! << 8) | bytes[i + 1]!
    text += alphabet[word >> 10]! + alphabet[(word >> 4) & 63]! + alphabet[(word & 15) << 2]!
  }
  return text
}

/** The bytes of `text`, or undefined where a character, the length or the unused last bits are wrong. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const tail = text.length % 4
  if (tail === 1) return undefined
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let at = 0
  let word = 0
  let bits = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const value = code < 128 ? sextetOf[code]! : -1
    if (value < 0) return undefined
    word = ((word << 6) | value) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (word >> bits) & 0xff
    }
  }
  return (word & ((1 << bits) - 1)) === 0 ? bytes : undefined
}

export function concatBytes(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whether both hold the same bytes. Takes the same time wherever they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}

// Platform globals that every host of QSEC has; this package compiles against neither the DOM's nor Node's types.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean })
  decode(bytes: Uint8Array): string
}
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** The text in `bytes`, or undefined where they are no valid UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined // the decoder's only way to say "no valid UTF-8"
  }
}
