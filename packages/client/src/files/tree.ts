/**
 * The hash tree over a file's sealed pieces, as in Certificate Transparency (RFC 9162 §2.1): its root stands in the message,
 * and with each piece comes the path to it. So every piece is known to be right when it comes, whoever gave it.
 */
import { concatBytes, equalBytes } from '@qsec/protocol'

type Bytes = Uint8Array<ArrayBuffer>

export const hashBytes = 32
const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

export interface Tree {
  readonly root: Bytes
  /** The hashes beside the way from leaf `at` to the root, the lowest first. */
  pathTo(at: number): Bytes[]
}

/** SHA-256 of one sealed piece, as a leaf. */
export async function leafOf(piece: Uint8Array): Promise<Bytes> {
  return await sha256(concatBytes(leafPrefix, piece))
}

/** @throws RangeError where there is no leaf */
export async function growTree(leaves: readonly Bytes[]): Promise<Tree> {
  if (leaves.length === 0) throw new RangeError('tree: no leaf')
  const levels: Bytes[][] = [[...leaves]]
  for (let level = levels[0]!; level.length > 1; level = levels.at(-1)!) {
    const next: Bytes[] = []
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i]!, level[i + 1]]
      next.push(right ? await nodeOf(left, right) : left) // the last one of an odd level goes up as it is
    }
    levels.push(next)
  }
  return {
    root: levels.at(-1)![0]!,
    pathTo: (at) => levels.slice(0, -1).flatMap((level, depth) => level[(at >> depth) ^ 1] ?? []),
  }
}

/** Whether `leaf` stands at `at` among `count` leaves of the tree with that root (RFC 9162 §2.1.3.2). */
export async function isInTree(
  leaf: Bytes,
  { at, count, path, root }: { at: number; count: number; path: readonly Bytes[]; root: Uint8Array },
): Promise<boolean> {
  if (at >= count) return false
  let hash = leaf
  let [place, last] = [at, count - 1]
  for (const beside of path) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      hash = await nodeOf(beside, hash)
      while (place % 2 === 0 && place !== 0) [place, last] = [place >> 1, last >> 1]
    } else hash = await nodeOf(hash, beside)
    ;[place, last] = [place >> 1, last >> 1]
  }
  return last === 0 && equalBytes(hash, root)
}

function nodeOf(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(concatBytes(nodePrefix, left, right))
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}
