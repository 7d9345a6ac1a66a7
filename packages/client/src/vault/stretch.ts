/** Making a key from a passphrase costs time and memory on purpose: Argon2id (RFC 9106), within limits. */

type Bytes = Uint8Array<ArrayBuffer>

export interface StretchCost {
  memoryKiB: number
  passes: number
  /** RFC 9106 calls it the degree of parallelism. */
  lanes: number
}

/** RFC 9106 §4, the second recommended choice, with one lane, since a page has one thread for it. */
export const usualCost: StretchCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 }

/** Nothing is made or opened below (a thief would have it cheap) or above (a forged file would stop the machine). */
const least: StretchCost = { memoryKiB: 19 * 1024, passes: 2, lanes: 1 }
const most: StretchCost = { memoryKiB: 256 * 1024, passes: 10, lanes: 1 }

/** Argon2id, version 0x13, 32 bytes. Takes some seconds in a page, so not on the thread that draws. */
export type Stretch = (secret: Bytes, salt: Bytes, cost: StretchCost) => Promise<Bytes>

export function isSoundCost(cost: StretchCost): boolean {
  return (['memoryKiB', 'passes', 'lanes'] as const).every(
    (name) => Number.isInteger(cost[name]) && cost[name] >= least[name] && cost[name] <= most[name],
  )
}

/** Fewer characters are guessed sooner or later, whatever the cost. */
export const passphraseCharactersAtLeast = 10

/** One spelling for what looks the same on different keyboards. */
export function passphraseBytes(passphrase: string): Bytes {
  return new TextEncoder().encode(passphrase.normalize('NFKC'))
}

export function isLongEnough(passphrase: string): boolean {
  return [...passphrase.normalize('NFKC')].length >= passphraseCharactersAtLeast
}
