/**
 * Changes of messages that this device does not have, or does not have yet. They are kept for the message, within limits:
 * what a member says of messages that nobody knows pushes out its own alone.
 */
import { type DeviceId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import type { Storage, StorageChange } from '../ports.ts'
import { parseStored } from '../room/device-store.ts'
import type { Amendment } from './amend.ts'
import { type Amending, said } from './content.ts'

/** Of one person. */
export const earlyAtMost = 32
const earlyBytesAtMost = 128 * 1024
/** Of all persons; then the oldest go, whoever's they are. */
const earlyInAllAtMost = 1_024

interface Row {
  key: string
  amendment: Amendment
  bytes: number
}

const stored: v.GenericSchema<unknown, Amendment> = v.object({
  from: v.custom<DeviceId>((input) => typeof input === 'string'),
  person: v.string(),
  id: v.string(),
  with: v.exactOptional(v.string()),
  content: said as unknown as v.GenericSchema<unknown, Amending>,
})

export class Early {
  readonly #prefix: string
  #rows: Row[] = []
  #next = 0

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  async load(storage: Storage): Promise<void> {
    for (const { key, value } of await storage.list(`${this.#prefix}/`)) {
      const amendment = parseStored(stored, value)
      if (amendment) this.#rows.push({ key, amendment, bytes: value.length })
      this.#next = Number(key.slice(this.#prefix.length + 1)) + 1
    }
  }

  /** Keeps it; what to store. */
  add(amendment: Amendment): StorageChange[] {
    const value = utf8(JSON.stringify(amendment))
    const key = `${this.#prefix}/${String(this.#next++).padStart(14, '0')}`
    this.#rows.push({ key, amendment, bytes: value.length })
    const over = new Set(this.#over(amendment.person))
    this.#rows = this.#rows.filter((row) => !over.has(row))
    const changes: StorageChange[] = [...over].filter((row) => row.key !== key).map(gone)
    return this.#rows.some((row) => row.key === key) ? [...changes, { type: 'put', key, value }] : changes
  }

  /** Takes out what was kept for a message that is here now; what to store for it. */
  take(device: DeviceId, id: string): { amendments: Amendment[]; changes: StorageChange[] } {
    const is = ({ amendment: { content } }: Row): boolean => content.of.device === device && content.of.id === id
    const taken = this.#rows.filter(is)
    if (taken.length > 0) this.#rows = this.#rows.filter((row) => !is(row))
    return { amendments: taken.map(({ amendment }) => amendment), changes: taken.map(gone) }
  }

  /** The oldest that are too many, of this person and of all. */
  #over(person: string): Row[] {
    const over: Row[] = []
    const own = this.#rows.filter((row) => row.amendment.person === person)
    let bytes = own.reduce((sum, row) => sum + row.bytes, 0)
    while (own.length > earlyAtMost || bytes > earlyBytesAtMost) {
      const oldest = own.shift()!
      bytes -= oldest.bytes
      over.push(oldest)
    }
    const rest = this.#rows.length - over.length - earlyInAllAtMost
    return rest > 0 ? [...over, ...this.#rows.filter((row) => !over.includes(row)).slice(0, rest)] : over
  }
}

function gone({ key }: Row): StorageChange {
  return { type: 'delete', key }
}
