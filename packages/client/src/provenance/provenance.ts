/**
 * Where the keys of each epoch come from, as this device has seen it: noted with the commit that begins the epoch, corrected
 * while its label can still change, kept in sealed storage, the newest few hundred. Read only when somebody asks for it.
 */
import { type DeviceId, utf8 } from '@qsec/protocol'
import type { Group } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { CommitNote } from '../room/commit-note.ts'
import type { RoomCore } from '../room/core.ts'
import { parseStored } from '../room/device-store.ts'
import { labelNow } from '../room/epochs.ts'
import { type EpochEntry, type EpochRecord, peopleNoted, storedEpoch } from './record.ts'

/** Epochs that are kept; of a room that changes its keys more often than daily these are some weeks. */
export const epochsKept = 256

export class Provenance {
  readonly #core: RoomCore
  #now: EpochRecord | undefined
  /** Places of what is stored, the oldest first. An epoch is no place: a room that is begun anew begins at 0 again. */
  #places: number[] = []

  constructor(core: RoomCore) {
    this.#core = core
  }

  async load(): Promise<void> {
    const { storage } = this.#core
    const prefix = this.#keyOf('')
    this.#places = (await storage.keys(prefix)).map((key) => Number(key.slice(prefix.length)))
    const last = this.#places.at(-1)
    if (last !== undefined) this.#now = parseStored(storedEpoch, await storage.get(this.#keyAt(last)))
  }

  /** Every epoch that is kept, the oldest first. */
  async all(): Promise<EpochRecord[]> {
    const stored = await this.#core.storage.list(this.#keyOf(''))
    return stored.flatMap(({ value }) => parseStored(storedEpoch, value) ?? [])
  }

  /** This device came into `group` otherwise than by a commit. What to store. */
  begin(entry: Exclude<EpochEntry, 'commit'>, group: Group): StorageChange[] {
    const created = entry === 'created'
    return this.#add({
      ...this.#base(entry, group),
      ...(created ? { by: this.#core.device, path: true } : {}),
      ...this.#labelled(group, undefined),
    })
  }

  /** A commit of `by` began the epoch of `group`, and what follows from it is in force here. What to store. */
  onCommit(note: CommitNote, by: DeviceId, group: Group, settings: boolean): StorageChange[] {
    const { added, removed, rejoined } = note
    return this.#add({
      ...this.#base('commit', group),
      by,
      added: added.slice(0, peopleNoted),
      removed: removed.slice(0, peopleNoted),
      rejoined: rejoined.slice(0, peopleNoted),
      settings,
      path: note.renewed === true,
      linkKey: note.byLink === true,
      ...this.#labelled(group, note.psk === undefined ? this.#now?.quantum?.since : group.epoch),
    })
  }

  /** Somebody acknowledged the secret, or an eavesdropper showed: the label of the present epoch may be another. */
  settle(caught = false): StorageChange[] {
    const group = this.#core.stream?.group
    const before = this.#now
    if (!group || before?.epoch !== group.epoch) return []
    const { quantum: _old, ...rest } = before
    const now: EpochRecord = {
      ...rest,
      ...this.#labelled(group, before.quantum?.since),
      ...(caught ? { eavesdropper: true as const } : {}),
    }
    // What was in it stays named, whatever it may be called since.
    if (!now.quantum && before.quantum) now.quantum = before.quantum
    if (JSON.stringify(now) === JSON.stringify(before)) return []
    this.#now = now
    return [this.#put(this.#places.at(-1)!, now)]
  }

  #base(entry: EpochEntry, group: Group): Omit<EpochRecord, 'label' | 'linksCovered' | 'linksInAll'> {
    const { nowMs } = this.#core
    const nobody = { added: [], removed: [], rejoined: [] }
    return { epoch: group.epoch, atMs: nowMs, entry, ...nobody, settings: false, path: false, linkKey: false }
  }

  #labelled(
    group: Group,
    since: number | undefined,
  ): Pick<EpochRecord, 'label' | 'linksCovered' | 'linksInAll' | 'quantum'> {
    const { secret, acks } = this.#core.self
    const { label, covered: linksCovered, inAll: linksInAll } = labelNow(this.#core, group)
    if (!secret) return { label, linksCovered, linksInAll }
    const { uuid, committedBy: from } = secret
    const pads = acks.find((one) => one.uuid === uuid)?.pads ?? {}
    const receivers = group.members.map(({ device }) => device).filter((device) => device !== from)
    const links = receivers
      .slice(0, peopleNoted)
      .map((device): [DeviceId, 'simulated' | 'hardware' | 'none'] => [device, pads[device] ?? 'none'])
    return { label, linksCovered, linksInAll, quantum: { uuid, since: since ?? group.epoch, from, links } }
  }

  #add(record: EpochRecord): StorageChange[] {
    const place = (this.#places.at(-1) ?? -1) + 1
    this.#places.push(place)
    this.#now = record
    const over = this.#places.splice(0, Math.max(0, this.#places.length - epochsKept))
    return [this.#put(place, record), ...over.map((one): StorageChange => ({ type: 'delete', key: this.#keyAt(one) }))]
  }

  #put(place: number, record: EpochRecord): StorageChange {
    return { type: 'put', key: this.#keyAt(place), value: utf8(JSON.stringify(record)) }
  }

  #keyAt(place: number): string {
    return this.#keyOf(String(place).padStart(12, '0'))
  }

  #keyOf(place: string): string {
    return this.#core.key('epoch', place)
  }
}
