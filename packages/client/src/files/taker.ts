/**
 * Takes files piece by piece from whoever has them, through the relay. What has come is kept at once, so that a lost
 * connection or a restart costs a piece and not the file; messages go before, for few pieces are asked for at a time.
 */
import {
  type Answer,
  type DeviceId,
  type FileId,
  type FileWantAnswer,
  fromBase64Url,
  limits,
  type RoomAddress,
} from '@qsec/protocol'
import { type Clock, type Storage, StorageError, type Transport } from '../ports.ts'
import type { FileClaim } from './content.ts'
import type { FileHead, Shelf } from './shelf.ts'
import { Taking } from './taking.ts'
import { Window } from './window.ts'

/** A giver may be slow, and the relay asks several. */
const answerMs = 60_000
const retryMs = 1_000
/** Where nobody had it: asked again after so long, then twice as long, up to a minute. Somebody who comes ends that. */
const nobodyMs = 4_000
const nobodyAtMostMs = 60_000

export type TakingFailure = 'wrong' | 'too-large' | 'no-space'

export interface TakerHost {
  room: RoomAddress
  shelf: Shelf
  storage: Storage
  clock: Clock
  transport: Transport
  /** In the room, and connected to it. */
  isReady(): boolean
  /** Whom a file is asked of that is between this person and that one alone. */
  giversFor(person: string): DeviceId[]
  changed(): void
  onTaken(id: FileId): void
  onFailed(id: FileId, why: TakingFailure): void
  onFault(error: unknown): void
}

export class FileTaker {
  readonly #host: TakerHost
  readonly #takings = new Map<string, Taking>()
  readonly #window = new Window({ least: 2, most: 16 })
  #cancelWake: (() => void) | undefined
  #closed = false

  constructor(host: TakerHost) {
    this.#host = host
  }

  of(id: string): Taking | undefined {
    return this.#takings.get(id)
  }

  /** Goes on with what was begun before a restart. */
  async resume(): Promise<void> {
    for (const head of this.#host.shelf.heads) if (head.state === 'taking') await this.#prepare(head)
  }

  /** The head is on the shelf. */
  begin(claim: FileClaim, from: DeviceId, person?: string): void {
    if (!this.#takings.has(claim.id)) this.#takings.set(claim.id, new Taking(claim, from, person))
    this.wake()
  }

  stop(id: FileId): void {
    this.#takings.delete(id)
  }

  /** The connection is back, or somebody has come: whoever waits asks again. */
  wake(): void {
    for (const taking of this.#takings.values()) {
      taking.pause = undefined
      if (taking.isHopeless) this.#fail(taking, 'wrong')
    }
    this.#pump()
  }

  close(): void {
    this.#closed = true
    this.#cancelWake?.()
    this.#takings.clear()
  }

  async #prepare({ claim, from, person }: FileHead): Promise<void> {
    const { shelf } = this.#host
    const taking = new Taking(claim, from, person)
    for (const at of await shelf.piecesHere(claim.id)) await taking.recall(at, await shelf.piece(claim.id, at))
    this.#takings.set(claim.id, taking)
    if (taking.isComplete) await this.#complete(taking)
  }

  #pump(): void {
    const { isReady, onFault } = this.#host
    while (!this.#closed && this.#window.isOpen && isReady()) {
      const nextOne = this.#next()
      if (!nextOne) break
      const { taking, at } = nextOne
      this.#window
        .run(() => this.#ask(taking, at))
        .catch(onFault)
        .finally(() => this.#pump())
    }
    this.#wakeLater()
  }

  #next(): { taking: Taking; at: number } | undefined {
    const nowMs = this.#host.clock.nowMs()
    // Small ones first: a picture does not wait behind a film.
    const bySize = [...this.#takings.values()].sort((a, b) => a.claim.size - b.claim.size)
    for (const taking of bySize) {
      if (taking.pause && taking.pause.untilMs > nowMs) continue
      const at = taking.next()
      if (at !== undefined) return { taking, at }
    }
    return undefined
  }

  /** At the end of the shortest pause. */
  #wakeLater(): void {
    this.#cancelWake?.()
    const { clock } = this.#host
    const ends = [...this.#takings.values()].flatMap(({ pause }) => pause?.untilMs ?? [])
    if (this.#closed || ends.length === 0) return
    this.#cancelWake = clock.after(Math.max(50, Math.min(...ends) - clock.nowMs()), () => {
      const nowMs = clock.nowMs()
      for (const taking of this.#takings.values()) if ((taking.pause?.untilMs ?? 0) <= nowMs) taking.pause = undefined
      this.#pump()
    })
  }

  async #ask(taking: Taking, at: number): Promise<void> {
    const { clock } = this.#host
    const { claim } = taking
    const answer = await this.#want(taking, at)
    if (this.#takings.get(claim.id) !== taking) return // cancelled meanwhile
    if (answer?.ok && answer.piece !== undefined) return this.#take(taking, at, fromBase64Url(answer.piece), answer.by)
    taking.missed(at)
    if (answer?.ok) {
      taking.nobody++
      if (taking.isHopeless) return this.#fail(taking, 'wrong')
      const pauseMs = Math.min(nobodyAtMostMs, nobodyMs * 2 ** Math.min(10, taking.nobody - 1))
      taking.pause = { for: 'holder', untilMs: clock.nowMs() + pauseMs }
    } else if (answer?.code === 'too-large') this.#fail(taking, 'too-large')
    else taking.pause = { for: 'relay', untilMs: clock.nowMs() + retryMs }
    this.#host.changed()
  }

  async #want({ claim, from, liars, person }: Taking, at: number): Promise<Answer<FileWantAnswer> | undefined> {
    const { room, transport, giversFor } = this.#host
    const only = person === undefined ? undefined : giversFor(person).slice(0, limits.devicesPerConversation)
    // None of the two has another device here.
    if (only?.length === 0) return { ok: true }
    const want = { room, file: claim.id, at, first: from, ...(liars.length > 0 ? { not: liars } : {}) }
    return await transport.request('file_want', { ...want, ...(only ? { only } : {}) }, answerMs)
  }

  async #take(taking: Taking, at: number, bytes: Uint8Array | undefined, by: DeviceId | undefined): Promise<void> {
    const sealed = await taking.take(at, bytes, by)
    if (!sealed) {
      if (taking.isHopeless) this.#fail(taking, 'wrong')
      return
    }
    if (!(await this.#keep(taking, at, sealed))) return
    this.#host.changed()
    if (taking.isComplete) await this.#complete(taking)
  }

  /** False: it could not be kept. A device without space loses the file, and nothing else. */
  async #keep(taking: Taking, at: number, sealed: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const { shelf, storage } = this.#host
    const { id } = taking.claim
    try {
      if (this.#takings.get(id) !== taking) return false
      await storage.apply([shelf.pieceChange(id, at, sealed)])
      return true
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'full') throw error
      this.#fail(taking, 'no-space')
      return false
    }
  }

  async #complete(taking: Taking): Promise<void> {
    const { shelf, storage, onTaken } = this.#host
    const { id } = taking.claim
    if (!this.#takings.delete(id)) return // by the piece that came just before
    const leaves = await taking.leaves()
    if (!leaves) return this.#fail(taking, 'wrong')
    await storage.apply(shelf.finished(id, leaves))
    onTaken(id)
  }

  #fail({ claim }: Taking, why: TakingFailure): void {
    this.#takings.delete(claim.id)
    this.#host.onFailed(claim.id, why)
  }
}
