/** Files of this room on this device: made ready to be sent, taken from others, given to them, opened. */
import type { DeviceId, FileAsked, FileId } from '@qsec/protocol'
import { type FileClaim, filesAtMost } from '../files/content.ts'
import { FileGiver } from '../files/giver.ts'
import type { FileSource } from '../files/making.ts'
import type { OpenFile } from '../files/opening.ts'
import { piecesOf, sealedBytes } from '../files/pieces.ts'
import { heldBytesAtMost, Shelf } from '../files/shelf.ts'
import { FileTaker, type TakingFailure } from '../files/taker.ts'
import type { FileStateView, MakingView } from '../files/view.ts'
import { type StorageChange, StorageError } from '../ports.ts'
import type { FilesView } from '../snapshot.ts'
import { Serial } from '../sync/serial.ts'
import type { RoomCore } from './core.ts'
import { RoomRefusal } from './refusal.ts'
import { refIn } from './timeline.ts'

/** Files up to this size come by themselves; larger ones when somebody asks for them. */
const comesByItselfBytes = 26_214_400
/** Pieces come faster than anybody looks. */
const redrawMs = 100

export interface MadeFiles {
  claims: FileClaim[]
  /** To be stored with the message that tells of them. */
  changes: StorageChange[]
}

export class Attachments {
  readonly #core: RoomCore
  readonly #making = new Serial()
  readonly #makings = new Map<FileId, MakingView>()
  readonly #failed = new Map<string, TakingFailure>()
  /** Of own files: which pieces have left this device, until all have. */
  readonly #given = new Map<string, Set<number>>()
  #shelf: Shelf | undefined
  #taker: FileTaker | undefined
  #giver: FileGiver | undefined
  #bytesAtMost: number | undefined
  #inRoom = false
  #view: FilesView | undefined

  constructor(core: RoomCore) {
    this.#core = core
  }

  async load(): Promise<void> {
    const core = this.#core
    const { storage, transport, address: room } = core
    const { clock } = core.env
    const shelf = await Shelf.load(core.key('file'), storage)
    const onFault = (error: unknown) => core.fail(error)
    this.#shelf = shelf
    this.#giver = new FileGiver({ shelf, transport, onFault, onGiven: (id, at) => this.#onGiven(id, at) })
    this.#taker = new FileTaker({
      room,
      shelf,
      storage,
      clock,
      transport,
      onFault,
      isReady: () => this.#inRoom && core.connected && !core.stopped,
      changed: () => this.#changed(),
      giversFor: (person) => this.#devicesOf(person),
      onTaken: () => this.#changed(),
      onFailed: (id, why) => this.#onFailed(id, why),
    })
    if (!core.meta.ended) await this.#taker.resume()
  }

  // --- the relay and the others ----------------------------------------------------------------------------------

  /** @param bytesAtMost - the largest file that the relay passes on; undefined: none */
  resumed(bytesAtMost: number | undefined): void {
    this.#inRoom = true
    this.#bytesAtMost = bytesAtMost
    this.#changed()
    this.#taker?.wake()
  }

  disconnected(): void {
    this.#inRoom = false
    this.#giver?.disconnected()
    this.#changed()
  }

  /** Somebody came, or went. */
  onUserList(): void {
    this.#taker?.wake()
  }

  /** Beside the room's queue: no message waits for a piece. */
  onAsked(asked: FileAsked): void {
    if (asked.room === this.#core.address && !this.#core.stopped) this.#giver?.onAsked(asked)
  }

  close(): void {
    this.#taker?.close()
  }

  // --- files to be sent ------------------------------------------------------------------------------------------

  /** Beside the queue. What it has made lies on the shelf, and goes with the next start unless its message is stored. */
  make(sources: readonly FileSource[], signal?: AbortSignal): Promise<MadeFiles> {
    this.#check(sources)
    return this.#making.run(async () => {
      const made: MadeFiles = { claims: [], changes: [] }
      const atMs = this.#core.nowMs
      try {
        for (const source of sources) {
          const { claim, changes } = await this.#makeOne(source, atMs, signal)
          made.claims.push(claim)
          made.changes.push(...changes)
        }
        return made
      } catch (error) {
        await this.discard(made.claims)
        throw error
      } finally {
        this.#makings.clear()
        this.#changed()
      }
    })
  }

  #check(sources: readonly FileSource[]): void {
    if (this.#bytesAtMost === undefined) throw new RoomRefusal('no-files')
    if (sources.length === 0 || sources.length > filesAtMost) throw new RoomRefusal('too-many-files')
    if (sources.some(({ size }) => size > this.#bytesAtMost!)) throw new RoomRefusal('file-too-large')
  }

  async #makeOne(
    source: FileSource,
    atMs: number,
    signal: AbortSignal | undefined,
  ): Promise<{ claim: FileClaim; changes: StorageChange[] }> {
    const core = this.#core
    const shelf = this.#shelf!
    const { device, storage } = core
    const { makeFile } = await import('../files/making.ts')
    // What nobody has taken yet is nowhere else.
    const room = shelf.makeRoom(sealedBytes(source.size), (id) => this.#makings.has(id) || this.#given.has(id))
    if (!room) throw new RoomRefusal('no-space')
    await storage.apply(room)
    let begun: FileId | undefined
    const onProgress = (id: FileId, { name, size }: { name: string; size: number }, doneBytes: number) => {
      begun = id
      this.#makings.set(id, { id, name, size, doneBytes })
      this.#changed()
    }
    try {
      const host = { shelf, storage, random: core.env.random, device, nowMs: () => core.nowMs, onProgress }
      const { claim, leaves } = await makeFile(host, source, signal)
      const head = shelf.put({ claim, from: device, state: 'making', atMs })
      this.#given.set(claim.id, new Set())
      return { claim, changes: [head, ...shelf.finished(claim.id, leaves)] }
    } catch (error) {
      if (begun) await storage.apply(shelf.drop(begun))
      if (error instanceof StorageError && error.code === 'full') throw new RoomRefusal('no-space')
      throw error
    }
  }

  /** Files whose message was not stored. */
  async discard(claims: readonly FileClaim[]): Promise<void> {
    await this.#core.storage.apply(this.gone(claims))
  }

  #onGiven(id: FileId, at: number): void {
    const given = this.#given.get(id)
    const size = this.#shelf?.head(id)?.claim.size
    if (!given || size === undefined) return
    given.add(at)
    if (given.size === piecesOf(size)) this.#given.delete(id)
    this.#changed()
  }

  // --- files of others -------------------------------------------------------------------------------------------

  /**
   * Small ones come by themselves, while there is place for them.
   *
   * @param person - the other of the two where they are for one person alone: nobody else is asked for them
   */
  onSaid(from: DeviceId, claims: readonly FileClaim[], person?: string): StorageChange[] {
    const shelf = this.#shelf!
    const wanted = claims.filter(({ id, size }) => size <= comesByItselfBytes && !shelf.head(id))
    return wanted.flatMap((claim) => {
      if (shelf.bytes + sealedBytes(claim.size) > heldBytesAtMost) return []
      return this.#begin(claim, from, person)
    })
  }

  async fetch(key: string, id: string): Promise<void> {
    const core = this.#core
    const { claim, from, person } = await this.#find(key, id)
    const shelf = this.#shelf!
    if (shelf.head(id)) return
    if (this.#bytesAtMost !== undefined && claim.size > this.#bytesAtMost) return this.#onFailed(claim.id, 'too-large')
    const room = shelf.makeRoom(sealedBytes(claim.size), (one) => this.#given.has(one))
    if (!room) return this.#onFailed(claim.id, 'no-space')
    await core.storage.apply([...room, ...this.#begin(claim, from, person)])
    this.#changed()
  }

  #begin(claim: FileClaim, from: DeviceId, person?: string): StorageChange[] {
    this.#failed.delete(claim.id)
    const privately = person === undefined ? {} : { person }
    const head = this.#shelf!.put({ claim, from, state: 'taking', atMs: this.#core.nowMs, ...privately })
    // Once it is stored: what comes before a piece of it.
    queueMicrotask(() => this.#taker?.begin(claim, from, person))
    return [head]
  }

  /** The devices of that person and of this one, but for this one. */
  #devicesOf(person: string): DeviceId[] {
    const { stream, identity, device: self } = this.#core
    const both = stream?.group.members.filter((one) => one.person === person || one.person === identity.person) ?? []
    return both.map(({ device }) => device).filter((device) => device !== self)
  }

  /** Lets go of what is coming, or of what is here. */
  async cancel(id: string): Promise<void> {
    const head = this.#shelf?.head(id)
    if (head && head.state !== 'making') await this.discard([head.claim])
    this.#failed.delete(id)
    this.#changed()
  }

  async open(key: string, id: string): Promise<OpenFile> {
    const { claim } = await this.#find(key, id)
    if (this.#shelf?.head(id)?.state !== 'here') throw new RoomRefusal('file-not-here')
    const { openFile } = await import('../files/opening.ts')
    return openFile(this.#shelf, claim)
  }

  /** What to store when the message that told of them is gone. */
  gone(claims: readonly FileClaim[] = []): StorageChange[] {
    for (const { id } of claims) {
      this.#taker?.stop(id)
      this.#giver?.forget(id)
      this.#given.delete(id)
      this.#failed.delete(id)
    }
    if (claims.length > 0) this.#changed()
    return claims.flatMap(({ id }) => this.#shelf?.drop(id) ?? [])
  }

  async #find(key: string, id: string): Promise<{ claim: FileClaim; from: DeviceId; person?: string }> {
    const item = await this.#core.timeline.find(refIn(key))
    const claim = item?.files?.find((one) => one.id === id)
    if (!item || !claim) throw new RoomRefusal('no-such-message')
    return { claim, from: item.device, ...(item.privately ? { person: item.privately.person } : {}) }
  }

  #onFailed(id: FileId, why: TakingFailure): void {
    this.#failed.set(id, why)
    const dropped = this.#core.storage.apply(this.#shelf?.drop(id) ?? [])
    this.#core.beside(dropped)
    this.#changed()
  }

  // --- what is shown ---------------------------------------------------------------------------------------------

  get view(): FilesView {
    this.#view ??= {
      ...(this.#bytesAtMost === undefined ? {} : { bytesAtMost: this.#bytesAtMost }),
      states: this.#states(),
      making: [...this.#makings.values()],
    }
    return this.#view
  }

  #states(): ReadonlyMap<string, FileStateView> {
    const states = new Map<string, FileStateView>()
    for (const [id, reason] of this.#failed) states.set(id, { at: 'failed', reason })
    for (const { claim, state } of this.#shelf?.heads ?? []) {
      if (state === 'here') states.set(claim.id, this.#here(claim))
      if (state === 'taking') states.set(claim.id, this.#coming(claim))
    }
    return states
  }

  #here({ id, size }: FileClaim): FileStateView {
    const given = this.#given.get(id)
    return { at: 'here', ...(given ? { givenBytes: Math.floor((given.size / piecesOf(size)) * size) } : {}) }
  }

  #coming({ id }: FileClaim): FileStateView {
    const taking = this.#taker?.of(id)
    const waiting = !this.#inRoom
      ? ('connection' as const)
      : taking?.pause?.for === 'holder'
        ? ('holder' as const)
        : undefined
    return { at: 'coming', doneBytes: taking?.doneBytes ?? 0, ...(waiting ? { waiting } : {}) }
  }

  #changed(): void {
    this.#core.timers.setOnce('files', redrawMs, () => {
      this.#view = undefined
      this.#core.changed()
    })
  }
}
