/** Base64 of RFC 4648 section 4, strictly: padded, no blanks, no stray bits. Platform-free, as all of this package. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** @returns undefined where the text is not the one Base64 form of some bytes */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let held = 0
  let heldBits = 0
  let at = 0
  for (let i = 0; i < text.length - padding; i++) {
    const value = alphabet.indexOf(text[i]!)
    if (value < 0) return erased(bytes)
    held = ((held << 6) | value) & 0xffff
    heldBits += 6
    if (heldBits < 8) continue
    heldBits -= 8
    bytes[at++] = held >>> heldBits
  }
  const strayBits = held & ((1 << heldBits) - 1)
  return strayBits === 0 && at === bytes.length ? bytes : erased(bytes)
}

function erased(bytes: Uint8Array): undefined {
  bytes.fill(0)
  return undefined
}
