/** One file on its way to this device: which pieces are missing, and whether one that came is right. No I/O. */
import { type DeviceId, fromBase64Url, limits } from '@qsec/protocol'
import type { FileClaim } from './content.ts'
import { decodePiece, piecesOf, sealedBytes, sealedBytesAt } from './pieces.ts'
import { growTree, isInTree, leafOf } from './tree.ts'

type Bytes = Uint8Array<ArrayBuffer>

export class Taking {
  readonly claim: FileClaim
  readonly from: DeviceId
  /** The other of the two where it is for one person alone. */
  readonly person: string | undefined
  readonly count: number
  readonly #root: Bytes
  readonly #leaves: (Bytes | undefined)[]
  readonly #asked = new Set<number>()
  readonly #liars = new Set<DeviceId>()
  /** Below it nothing is missing and unasked. */
  #next = 0
  #here = 0
  /** Why nothing is asked for now, until when. */
  pause: { untilMs: number; for: 'holder' | 'relay' } | undefined
  /** Pauses in a row in which nobody had the next piece. */
  nobody = 0

  constructor(claim: FileClaim, from: DeviceId, person?: string) {
    this.claim = claim
    this.from = from
    this.person = person
    this.count = piecesOf(claim.size)
    this.#root = fromBase64Url(claim.root)!
    this.#leaves = Array.from({ length: this.count }, () => undefined)
  }

  get isComplete(): boolean {
    return this.#here === this.count
  }

  /** Bytes that are here, of the sealed ones. */
  get doneBytes(): number {
    return Math.round((this.#here / this.count) * this.claim.size)
  }

  get totalBytes(): number {
    return sealedBytes(this.claim.size)
  }

  /** Devices whose pieces were wrong. */
  get liars(): DeviceId[] {
    return [...this.#liars]
  }

  /** Whoever sent it gave wrong pieces, or so many others did: nobody has the file that was told of. */
  get isHopeless(): boolean {
    return this.#liars.size >= limits.fileLiars || (this.#liars.has(this.from) && this.nobody > 0)
  }

  /** A piece that was here before a restart. What is no such piece is asked for again. */
  async recall(at: number, sealed: Bytes | undefined): Promise<void> {
    if (!sealed || at >= this.count || sealed.length !== sealedBytesAt(this.claim.size, at)) return
    this.#has(at, await leafOf(sealed))
  }

  /** The next piece to be asked for; undefined where all are here or asked for. */
  next(): number | undefined {
    while (this.#next < this.count && (this.#leaves[this.#next] || this.#asked.has(this.#next))) this.#next++
    if (this.#next >= this.count) return undefined
    this.#asked.add(this.#next)
    return this.#next
  }

  /** The piece did not come: it is to be asked for again. */
  missed(at: number): void {
    this.#asked.delete(at)
    this.#next = Math.min(this.#next, at)
  }

  /** What was given: the sealed piece where it is right, else undefined, and whoever gave it is not asked again. */
  async take(at: number, bytes: Uint8Array | undefined, by: DeviceId | undefined): Promise<Bytes | undefined> {
    const piece = bytes && decodePiece(bytes)
    const fits = piece?.sealed.length === sealedBytesAt(this.claim.size, at)
    const leaf = piece && fits ? await leafOf(piece.sealed) : undefined
    const place = { at, count: this.count, path: piece?.path ?? [], root: this.#root }
    if (!piece || !leaf || !(await isInTree(leaf, place))) {
      if (by) this.#liars.add(by)
      this.missed(at)
      return undefined
    }
    this.#has(at, leaf)
    return piece.sealed
  }

  /** The leaves, where they are those of the file that was told of. Undefined: what was kept is not what had come. */
  async leaves(): Promise<Bytes[] | undefined> {
    const leaves = this.#leaves.flatMap((leaf) => leaf ?? [])
    if (leaves.length !== this.count) return undefined
    const { root } = await growTree(leaves)
    return root.every((byte, i) => byte === this.#root[i]) ? leaves : undefined
  }

  #has(at: number, leaf: Bytes): void {
    this.#asked.delete(at)
    if (!this.#leaves[at]) this.#here++
    this.#leaves[at] = leaf
    this.nobody = 0
  }
}
