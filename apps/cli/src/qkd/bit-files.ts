/** Files of bits: the characters 0 and 1 with white space anywhere, or raw bytes with the first bit lowest. */
import { CommandFailed } from '../command.ts'
import { readSome } from './files.ts'

export const maxBits = 100_000_000

/** One byte per bit. */
export async function readBits(flag: string, file: string, raw: boolean): Promise<Uint8Array> {
  // White space may take as much room again.
  const bytes = await readSome(flag, file, raw ? maxBits / 8 : 2 * maxBits)
  const bits = raw ? rawBits(bytes) : asciiBits(flag, bytes)
  if (bits.length === 0) throw new CommandFailed(`${flag}: the file has no bits.`)
  if (bits.length > maxBits) throw new CommandFailed(`${flag}: the file has more than ${maxBits} bits.`)
  return bits
}

export async function readPair(
  alice: string,
  bob: string,
  raw: boolean,
): Promise<{ alice: Uint8Array; bob: Uint8Array }> {
  const pair = { alice: await readBits('--alice', alice, raw), bob: await readBits('--bob', bob, raw) }
  if (pair.alice.length !== pair.bob.length) {
    throw new CommandFailed(`--alice has ${pair.alice.length} bits and --bob ${pair.bob.length}: they must be as many.`)
  }
  return pair
}

function rawBits(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(8 * bytes.length)
  for (let i = 0; i < bits.length; i++) bits[i] = (bytes[i >> 3]! >> (i & 7)) & 1
  return bits
}

function asciiBits(flag: string, bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(bytes.length)
  let count = 0
  for (let i = 0; i < bytes.length; i++) {
    const character = bytes[i]!
    if (character === 0x30 || character === 0x31) bits[count++] = character - 0x30
    else if (character !== 0x20 && (character < 0x09 || character > 0x0d)) {
      throw new CommandFailed(`${flag}: character ${i + 1} is neither 0, 1 nor white space. For raw bytes: --raw`)
    }
  }
  return bits.subarray(0, count)
}
