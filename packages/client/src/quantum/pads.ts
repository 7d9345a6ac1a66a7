/**
 * Keys that BB84 gave to two devices, used up as one-time pads. A key's first half serves who was Alice in the run, its
 * second half who was Bob, so that the two never take the same bytes. A place is spent in storage before it is used.
 */
import { type DeviceId, type Reader, readExactly, toBase64Url, Writer } from '@qsec/protocol'
import { oneTimeTag, oneTimeTagKeyBytes } from '@qsec/qkd'
import type { Storage, StorageChange } from '../ports.ts'
import { runIdBytes, secretBytes } from './pair-content.ts'

/** A pad for the secret and a key for its tag. */
const bytesPerShare = secretBytes + oneTimeTagKeyBytes
const keysPerPeer = 8

export type PadLabel = 'simulated' | 'hardware'

interface PadKey {
  peer: DeviceId
  run: Uint8Array<ArrayBuffer>
  label: PadLabel
  role: 'alice' | 'bob'
  key: Uint8Array<ArrayBuffer>
  /** Next place in this device's half, and the least that is still good in the other's. */
  nextOwn: number
  nextPeer: number
}

export interface Pad {
  run: Uint8Array<ArrayBuffer>
  offset: number
  label: PadLabel
  /** XORed with the secret. */
  secretPad: Uint8Array<ArrayBuffer>
  tagKey: Uint8Array<ArrayBuffer>
}

export class Pads {
  readonly #prefix: string
  readonly #storage: Storage
  #keys: PadKey[] = []

  constructor(storage: Storage, prefix: string) {
    this.#storage = storage
    this.#prefix = prefix
  }

  async load(): Promise<void> {
    for (const { value } of await this.#storage.list(`${this.#prefix}/`)) {
      const key = decodePadKey(value)
      if (key) this.#keys.push(key)
    }
  }

  /** Bits of pad that this device could still use towards `peer`. */
  bitsFor(peer: DeviceId): number {
    return this.#keys.reduce((sum, key) => sum + (key.peer === peer ? 8 * Math.max(0, half(key) - key.nextOwn) : 0), 0)
  }

  has(peer: DeviceId): boolean {
    return this.#keys.some((key) => key.peer === peer && key.nextOwn + bytesPerShare <= half(key))
  }

  /** Takes the key of a run in. It is copied; the caller erases its own. */
  async add(
    peer: DeviceId,
    run: Uint8Array<ArrayBuffer>,
    role: PadKey['role'],
    label: PadLabel,
    key: Uint8Array,
  ): Promise<void> {
    const added: PadKey = { peer, run, label, role, key: key.slice(), nextOwn: 0, nextPeer: 0 }
    this.#keys.push(added)
    const old = this.#keys.filter((one) => one.peer === peer).slice(0, -keysPerPeer)
    this.#keys = this.#keys.filter((one) => !old.includes(one))
    await this.#storage.apply([this.#put(added), ...old.map((one) => this.#drop(one))])
  }

  /** Takes a fresh pad for a share to `peer`; undefined where none is left. Spent before it is returned. */
  async take(peer: DeviceId): Promise<Pad | undefined> {
    const key = this.#keys.find((one) => one.peer === peer && one.nextOwn + bytesPerShare <= half(one))
    if (!key) return undefined
    const offset = key.nextOwn
    key.nextOwn += bytesPerShare
    const pad = cut(key, key.role, offset)
    await this.#storage.apply([this.#spend(key, key.role, offset)])
    return pad
  }

  /**
   * The pad that `peer` used, with what to store before anything else is; undefined where it is unknown, or was used
   * before: then for ever.
   */
  redeem(peer: DeviceId, run: Uint8Array, offset: number): { pad: Pad; spent: StorageChange } | undefined {
    const id = toBase64Url(run)
    const key = this.#keys.find((one) => one.peer === peer && toBase64Url(one.run) === id)
    if (!key || offset < key.nextPeer || offset + bytesPerShare > half(key)) return undefined
    key.nextPeer = offset + bytesPerShare
    const role = key.role === 'alice' ? 'bob' : 'alice'
    const pad = cut(key, role, offset)
    return { pad, spent: this.#spend(key, role, offset) }
  }

  /** Erases the bytes that were cut out, in memory, and on disk once it is stored. */
  #spend(key: PadKey, role: PadKey['role'], offset: number): StorageChange {
    const start = role === 'alice' ? 0 : half(key)
    key.key.fill(0, start, start + offset + bytesPerShare)
    return this.#put(key)
  }

  /** The key of a run turned out to be void. */
  async drop(peer: DeviceId, run: Uint8Array): Promise<void> {
    const id = toBase64Url(run)
    const key = this.#keys.find((one) => one.peer === peer && toBase64Url(one.run) === id)
    if (!key) return
    key.key.fill(0)
    this.#keys = this.#keys.filter((one) => one !== key)
    await this.#storage.apply([this.#drop(key)])
  }

  /** Erases what was shared with devices that are no members any more. */
  async keepOnly(members: readonly DeviceId[]): Promise<void> {
    const gone = this.#keys.filter(({ peer }) => !members.includes(peer))
    if (gone.length === 0) return
    for (const { key } of gone) key.fill(0)
    this.#keys = this.#keys.filter((key) => !gone.includes(key))
    await this.#storage.apply(gone.map((key) => this.#drop(key)))
  }

  #put(key: PadKey): StorageChange {
    return { type: 'put', key: this.#keyOf(key), value: encodePadKey(key) }
  }

  #drop(key: PadKey): StorageChange {
    return { type: 'delete', key: this.#keyOf(key) }
  }

  #keyOf(key: PadKey): string {
    return `${this.#prefix}/${key.peer}/${toBase64Url(key.run)}`
  }
}

function half({ key }: PadKey): number {
  return Math.floor(key.length / 2)
}

function cut(key: PadKey, role: PadKey['role'], offset: number): Pad {
  const start = (role === 'alice' ? 0 : half(key)) + offset
  return {
    run: key.run,
    offset,
    label: key.label,
    secretPad: key.key.slice(start, start + secretBytes),
    tagKey: key.key.slice(start + secretBytes, start + bytesPerShare),
  }
}

export function xor(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(a, (byte, i) => byte ^ b[i]!)
}

export interface ShareContext {
  groupId: Uint8Array
  uuid: string
  leafSet: Uint8Array
  sender: DeviceId
  receiver: DeviceId
  offset: number
  sealed: Uint8Array
}

/** Binds a share to everything but the epoch, so that a retry repeats its bytes (protocol.md §6). */
export function shareTag(tagKey: Uint8Array, context: ShareContext): Uint8Array<ArrayBuffer> {
  const said = new Writer()
    .bytes(context.groupId, 1)
    .text(context.uuid, 1)
    .bytes(context.leafSet, 1)
    .text(context.sender, 1)
    .text(context.receiver, 1)
    .u32(context.offset)
    .bytes(context.sealed, 1)
    .done()
  return oneTimeTag(tagKey, said).slice()
}

const labels: readonly PadLabel[] = ['simulated', 'hardware']

function encodePadKey(key: PadKey): Uint8Array<ArrayBuffer> {
  return new Writer()
    .u8(1)
    .text(key.peer, 1)
    .raw(key.run)
    .u8(labels.indexOf(key.label))
    .u8(key.role === 'alice' ? 0 : 1)
    .u32(key.nextOwn)
    .u32(key.nextPeer)
    .bytes(key.key, 4)
    .done()
}

function decodePadKey(bytes: Uint8Array): PadKey | undefined {
  return readExactly(bytes, (reader: Reader): PadKey | undefined => {
    if (reader.u8() !== 1) return undefined
    return {
      peer: reader.text(1) as DeviceId,
      run: reader.raw(runIdBytes),
      // A label that is missing or unknown counts as simulated.
      label: labels[reader.u8()] ?? 'simulated',
      role: reader.u8() === 0 ? 'alice' : 'bob',
      nextOwn: reader.u32(),
      nextPeer: reader.u32(),
      key: reader.bytes(4),
    }
  })
}
