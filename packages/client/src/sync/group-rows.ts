/**
 * The rows of a stream's groups: the one in force, the one before an own commit, and the one after it. Each has a head,
 * which stands in a row of the stream, and parts at `<prefix>/parts/<name>/`, of which those alone are written that have
 * changed. A group that goes from one of the three places to another keeps its parts.
 */
import { type Storage, type StorageChange, StorageError } from '../ports.ts'
import type { GroupDecoder, SessionOps } from './session.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Ops<G> = Pick<SessionOps<G, unknown, unknown>, 'encode' | 'partsName'>

export class GroupRows<G> {
  readonly #prefix: string
  readonly #ops: Ops<G>
  /** The groups whose parts are in storage, as they are there, by the parts' name. */
  readonly #stored = new Map<string, G>()
  /** Those of the changes that were made since the last write. */
  readonly #made = new Map<string, G>()

  constructor(prefix: string, ops: Ops<G>) {
    this.#prefix = prefix
    this.#ops = ops
  }

  /** Of what may have stood here before nothing is left. */
  begin(): StorageChange[] {
    return [{ type: 'delete-prefix', prefix: `${this.#prefix}/parts/` }]
  }

  /** The head of `group`, and the changes to its parts, which belong into the same write. */
  encode(group: G): { head: Bytes; changes: StorageChange[] } {
    const name = this.#ops.partsName(group)
    const stored = this.#stored.get(name)
    const { head, parts } = this.#ops.encode(group, stored)
    this.#made.set(name, group)
    const place = partsPlace(this.#prefix, name)
    const puts = parts.map(({ key, value }): StorageChange => ({ type: 'put', key: place + key, value }))
    return { head, changes: stored ? puts : [{ type: 'delete-prefix', prefix: place }, ...puts] }
  }

  /** Takes away the parts, with all their secrets, of every group but those that are in use. */
  sweep(inUse: readonly G[]): StorageChange[] {
    const names = new Set(inUse.map((group) => this.#ops.partsName(group)))
    const gone = [...this.#stored.keys()].filter((name) => !names.has(name))
    for (const name of gone) this.#stored.delete(name)
    return gone.map((name) => ({ type: 'delete-prefix', prefix: partsPlace(this.#prefix, name) }))
  }

  /** The changes made so far are in storage. */
  written(): void {
    for (const [name, group] of this.#made) this.#stored.set(name, group)
    this.#made.clear()
  }

  /** Whoever has the changes made so far may store them or not: nothing is known of them. */
  handedOut(): void {
    this.#made.clear()
  }

  /**
   * The group whose head stands in a row of this stream.
   *
   * @throws StorageError where it cannot be read: nothing of it is used then, nor written over
   */
  async load(storage: Storage, head: Bytes, decode: GroupDecoder<G>): Promise<G> {
    const group = await readGroup(storage, this.#prefix, head, decode)
    if (!group) {
      throw new StorageError(
        'damaged',
        'storage: what is stored of the keys of this room is damaged, of another version, or put together from several ' +
          `times: erase this device and come in again (${this.#prefix})`,
      )
    }
    this.#stored.set(this.#ops.partsName(group), group)
    return group
  }
}

export async function readGroup<G>(
  storage: Pick<Storage, 'list'>,
  prefix: string,
  head: Bytes,
  decode: GroupDecoder<G>,
): Promise<G | undefined> {
  return decode(head, async (name) => {
    const place = partsPlace(prefix, name)
    const entries = await storage.list(place)
    return entries.map(({ key, value }) => ({ key: key.slice(place.length), value }))
  })
}

function partsPlace(prefix: string, name: string): string {
  return `${prefix}/parts/${name}/`
}
