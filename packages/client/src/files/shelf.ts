/**
 * Sealed files that this device holds: its own, and those it has taken. Bounded: where something new needs the place, what
 * came first goes. What is held is ciphertext under the file's key, and storage seals it once more.
 */
import { concatBytes, type DeviceId, type FileId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import type { Storage, StorageChange } from '../ports.ts'
import { type FileClaim, fileClaim } from './content.ts'
import { sealedBytes } from './pieces.ts'
import { hashBytes } from './tree.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Of all files of one device in one room. */
export const heldBytesAtMost = 1_073_741_824

export interface FileHead {
  claim: FileClaim
  /** The device that sent it. */
  from: DeviceId
  /** `making`: its message is not stored yet. */
  state: 'making' | 'taking' | 'here'
  atMs: number
  /** While it is taken: it is between this person and that one alone, and only their devices are asked for it. */
  person?: string
}

const storedHead = v.object({
  claim: fileClaim,
  from: v.custom<DeviceId>((input) => typeof input === 'string'),
  state: v.picklist(['making', 'taking', 'here']),
  atMs: v.number(),
  person: v.exactOptional(v.string()),
})

export class Shelf {
  readonly #prefix: string
  readonly #storage: Storage
  readonly #heads = new Map<string, FileHead>()

  private constructor(prefix: string, storage: Storage) {
    this.#prefix = prefix
    this.#storage = storage
  }

  /** What was being made when the device stopped has no message, and goes. */
  static async load(prefix: string, storage: Storage): Promise<Shelf> {
    const shelf = new Shelf(prefix, storage)
    const lost: FileId[] = []
    for (const { key, value } of await storage.list(`${prefix}/head/`)) {
      const head = parseHead(value)
      const id = key.slice(key.lastIndexOf('/') + 1) as FileId
      if (head && head.claim.id === id && head.state !== 'making') shelf.#heads.set(id, head)
      else lost.push(id)
    }
    if (lost.length > 0) await storage.apply(lost.flatMap((id) => shelf.drop(id)))
    return shelf
  }

  head(id: string): FileHead | undefined {
    return this.#heads.get(id)
  }

  get heads(): Iterable<FileHead> {
    return this.#heads.values()
  }

  get bytes(): number {
    return [...this.#heads.values()].reduce((sum, { claim }) => sum + sealedBytes(claim.size), 0)
  }

  put(head: FileHead): StorageChange {
    this.#heads.set(head.claim.id, head)
    return { type: 'put', key: this.#key('head', head.claim.id), value: utf8(JSON.stringify(head)) }
  }

  /** That the file is complete, with the leaves of its hash tree. */
  finished(id: FileId, leaves: readonly Bytes[]): StorageChange[] {
    const head = this.#heads.get(id)
    if (!head) return []
    const row = { type: 'put' as const, key: this.#key('leaves', id), value: concatBytes(...leaves) }
    return [row, this.put({ ...head, state: 'here' })]
  }

  drop(id: FileId): StorageChange[] {
    this.#heads.delete(id)
    return [
      { type: 'delete', key: this.#key('head', id) },
      { type: 'delete', key: this.#key('leaves', id) },
      { type: 'delete-prefix', prefix: `${this.#key('piece', id)}/` },
    ]
  }

  /** Drops what came first until so many bytes more have their place. Undefined: there is no such place. */
  makeRoom(bytes: number, busy: (id: FileId) => boolean): StorageChange[] | undefined {
    const changes: StorageChange[] = []
    let held = this.bytes
    const oldest = [...this.#heads.values()].sort((a, b) => a.atMs - b.atMs)
    for (const { claim, state } of oldest) {
      if (held + bytes <= heldBytesAtMost) break
      if (state !== 'here' || busy(claim.id)) continue
      held -= sealedBytes(claim.size)
      changes.push(...this.drop(claim.id))
    }
    return held + bytes <= heldBytesAtMost ? changes : undefined
  }

  pieceChange(id: FileId, at: number, sealed: Bytes): StorageChange {
    return { type: 'put', key: this.#pieceKey(id, at), value: sealed }
  }

  piece(id: FileId, at: number): Promise<Bytes | undefined> {
    return this.#storage.get(this.#pieceKey(id, at))
  }

  /** Which pieces are here. */
  async piecesHere(id: FileId): Promise<number[]> {
    const keys = await this.#storage.keys(`${this.#key('piece', id)}/`)
    return keys.map((key) => Number(key.slice(key.lastIndexOf('/') + 1)))
  }

  async leaves(id: FileId): Promise<Bytes[]> {
    const row = (await this.#storage.get(this.#key('leaves', id))) ?? new Uint8Array()
    return Array.from({ length: row.length / hashBytes }, (_, i) => row.slice(i * hashBytes, (i + 1) * hashBytes))
  }

  #key(what: 'head' | 'leaves' | 'piece', id: FileId): string {
    return `${this.#prefix}/${what}/${id}`
  }

  #pieceKey(id: FileId, at: number): string {
    return `${this.#key('piece', id)}/${String(at).padStart(6, '0')}`
  }
}

function parseHead(value: Uint8Array): FileHead | undefined {
  try {
    const parsed = v.safeParse(storedHead, JSON.parse(new TextDecoder().decode(value)))
    return parsed.success ? (parsed.output as FileHead) : undefined
  } catch {
    return undefined // a damaged row: the file is fetched again
  }
}
