/**
 * Members hand each other sealed files, piece by piece (protocol.md, Files). Who wants a piece waits here while the relay
 * asks those who are connected, the sender first; what one of them gives goes straight to all who wait for it.
 */
import { randomBytes, randomInt } from 'node:crypto'
import {
  type Answer,
  type Base64Url,
  type DeviceId,
  type FileGive,
  type FileWant,
  type FileWantAnswer,
  type MessageId,
  toBase64Url,
} from '@qsec/protocol'
import type { Seat } from './connection.ts'
import { FilePaces } from './file-pace.ts'
import { refuse } from './refuse.ts'
import type { Room } from './room.ts'

/** 64 KiB without their tag. The largest file in pieces is counted with its padding, which adds less than an eighth. */
const pieceBytes = 65_536
const mostPadding = 9 / 8

interface Waiter {
  seat: Seat
  settle(answer: Answer<FileWantAnswer>): void
}

/** A piece that somebody is asked for. */
interface Ask {
  id: MessageId
  name: string
  event: FileWant
  waiters: Waiter[]
  asked: Set<DeviceId>
  /** Who is asked now. */
  giver: DeviceId | undefined
  timer: NodeJS.Timeout | undefined
}

export class Files {
  readonly paces: FilePaces
  readonly #room: Room
  readonly #asks = new Map<MessageId, Ask>()
  /** Requests that one answer serves: those that name nobody whose pieces were wrong, and may be asked of everybody. */
  readonly #shared = new Map<string, Ask>()
  readonly #waiting = new Map<DeviceId, number>()
  /** Who has said to have nothing of a file, and when: it is not asked again for a moment. */
  readonly #lacks = new Map<string, number>()
  #ended = false

  constructor(room: Room) {
    this.#room = room
    this.paces = new FilePaces(room.core.limits)
  }

  /** Pieces that somebody is asked for now. */
  get size(): number {
    return this.#asks.size
  }

  /** Whether `device` is asked for this now: then its answer is no burden on what it may send by itself. */
  awaits({ want }: FileGive, device: DeviceId): boolean {
    return this.#asks.get(want)?.giver === device
  }

  /** Resolves once somebody gave the piece, or nobody has it. */
  async want(seat: Seat, event: FileWant): Promise<Answer<FileWantAnswer>> {
    const { limits } = this.#room.core
    if (limits.fileBytes === 0) return refuse('unavailable', 'Whoever runs this relay has switched files off.')
    if (event.at * pieceBytes >= Math.max(limits.fileBytes, pieceBytes) * mostPadding) {
      return refuse('too-large', 'This file is larger than this relay passes on.')
    }
    const { device } = seat
    const before = this.#waiting.get(device) ?? 0
    if (before >= limits.fileWantsAtOnce) {
      return refuse('rate-limited', 'This device waits for many pieces of files already.')
    }
    this.#waiting.set(device, before + 1)
    try {
      await this.#pause(() => this.paces.debtMs(device, 'down', performance.now()))
      if (!this.#isHere(seat)) return refuse('unavailable', 'The room is over, or this connection is.')
      return this.#held(seat, event) ?? (await this.#asked(seat, event))
    } finally {
      const left = (this.#waiting.get(device) ?? 1) - 1
      if (left > 0) this.#waiting.set(device, left)
      else this.#waiting.delete(device)
    }
  }

  /** What a member gives for what it was asked for. */
  give(seat: Seat, event: FileGive): Answer<object> {
    const ask = this.#asks.get(event.want)
    // One that comes too late is no fault; one of somebody who was never asked is, but looks the same from here.
    if (ask?.giver !== seat.device) return refuse('no-access', 'Nobody waits for this any more.')
    const { piece } = event
    if (piece === undefined) {
      const nowMs = performance.now()
      this.#lacks.set(lackOf(seat.device, ask.event), nowMs)
      // Who asks for what nobody has pays as for what somebody has: else it could keep everybody busy with nothing.
      const [asker] = ask.waiters
      if (asker) this.paces.spend(asker.seat.device, 'down', pieceBytes, nowMs)
      this.#askNext(ask)
      return { ok: true }
    }
    this.paces.spend(seat.device, 'up', piece.length, performance.now())
    this.#settle(ask, piece, seat.device)
    return { ok: true }
  }

  /** A device has come or gone: what it was asked for is asked of the next one. */
  changed(device: DeviceId): void {
    for (const ask of [...this.#asks.values()]) {
      ask.waiters = ask.waiters.filter((waiter) => {
        if (this.#isHere(waiter.seat)) return true
        waiter.settle(refuse('unavailable', 'This connection is over.'))
        return false
      })
      if (ask.waiters.length === 0) this.#end(ask)
      else if (ask.giver === device) this.#askNext(ask)
    }
  }

  sweep(): void {
    const nowMs = performance.now()
    this.paces.sweep(nowMs)
    for (const lack of this.#lacks.keys()) if (!this.#lacksStill(lack, nowMs)) this.#lacks.delete(lack)
  }

  close(): void {
    this.#ended = true
    for (const ask of [...this.#asks.values()]) {
      this.#end(ask)
      for (const { settle } of ask.waiters) settle(refuse('unavailable', 'The room is over.'))
    }
    this.#room.core.pieces.forget(this.#room.address)
  }

  #isHere(seat: Seat): boolean {
    return !this.#ended && seat.role === 'member' && this.#room.seats.get(seat.device) === seat
  }

  #held(seat: Seat, event: FileWant): Answer<FileWantAnswer> | undefined {
    const { core, address } = this.#room
    const name = nameOf(event)
    const held = core.pieces.get(address, name)
    if (!held || event.not?.includes(held.by)) return undefined
    const { piece, by } = held
    core.tally.piece('held')
    core.pieces.take(address, name, seat.device, this.#present())
    this.paces.spend(seat.device, 'down', piece.length, performance.now())
    return { ok: true, piece, by }
  }

  #asked(seat: Seat, event: FileWant): Promise<Answer<FileWantAnswer>> {
    return new Promise((settle) => {
      const name = nameOf(event)
      const isForAll = !event.not && !event.only
      const shared = isForAll ? this.#shared.get(name) : undefined
      if (shared && shared.giver !== seat.device) return void shared.waiters.push({ seat, settle })
      const id = toBase64Url(randomBytes(16)) as string as MessageId
      const asked = new Set([seat.device, ...(event.not ?? [])])
      const ask: Ask = { id, name, event, waiters: [{ seat, settle }], asked, giver: undefined, timer: undefined }
      this.#asks.set(id, ask)
      if (isForAll && !shared) this.#shared.set(name, ask)
      this.#askNext(ask)
    })
  }

  /** Asks one more member, or tells who waits that nobody has it. */
  #askNext(ask: Ask): void {
    clearTimeout(ask.timer)
    ask.giver = undefined
    const { core, address } = this.#room
    const giver = this.#nextGiver(ask)
    if (!giver) {
      this.#settle(ask)
      return
    }
    ask.asked.add(giver.device)
    ask.giver = giver.device
    const { file, at } = ask.event
    const again = () => this.#askNext(ask)
    const tell = () => {
      giver.connection.emit('file_want', { room: address, want: ask.id, file, at })
      ask.timer = setTimeout(again, core.limits.fileAnswerMs)
    }
    const waitMs = this.paces.debtMs(giver.device, 'up', performance.now())
    if (waitMs > 0) ask.timer = setTimeout(tell, waitMs)
    else tell()
  }

  #nextGiver({ event, asked, waiters }: Ask): Seat | undefined {
    if (asked.size > this.#room.core.limits.fileGiversAsked + (event.not?.length ?? 0)) return undefined
    const takers = new Set(waiters.map(({ seat }) => seat.device))
    const nowMs = performance.now()
    const givers = [...this.#room.seats.values()].filter(
      ({ role, device }) =>
        role === 'member' &&
        !asked.has(device) &&
        event.only?.includes(device) !== false &&
        !takers.has(device) &&
        !this.#lacksStill(lackOf(device, event), nowMs),
    )
    return givers.find(({ device }) => device === event.first) ?? givers[randomInt(Math.max(1, givers.length))]
  }

  #settle(ask: Ask, piece?: Base64Url, by?: DeviceId): void {
    this.#end(ask)
    const { core, address } = this.#room
    for (const _ of ask.waiters) core.tally.piece(piece === undefined ? 'none' : 'given')
    const takers = ask.waiters.map(({ seat }) => seat.device)
    // What was sent to one person is nothing that others may want next.
    const isHeld = piece !== undefined && by && !ask.event.only
    const others = isHeld && this.#present().some((one) => one !== by && !takers.includes(one))
    if (others) core.pieces.put(address, ask.name, { piece, by, to: takers })
    for (const { seat, settle } of ask.waiters) {
      if (piece !== undefined) this.paces.spend(seat.device, 'down', piece.length, performance.now())
      settle({ ok: true, ...(piece === undefined ? {} : { piece }), ...(by === undefined ? {} : { by }) })
    }
  }

  #end(ask: Ask): void {
    clearTimeout(ask.timer)
    this.#asks.delete(ask.id)
    if (this.#shared.get(ask.name) === ask) this.#shared.delete(ask.name)
  }

  #lacksStill(lack: string, nowMs: number): boolean {
    return nowMs - (this.#lacks.get(lack) ?? Number.NEGATIVE_INFINITY) < this.#room.core.limits.fileLackMs
  }

  #present(): DeviceId[] {
    return [...this.#room.seats.values()].filter(({ role }) => role === 'member').map(({ device }) => device)
  }

  /** Waits until `debtMs` is nothing. */
  async #pause(debtMs: () => number): Promise<void> {
    for (let ms = debtMs(); ms > 0 && !this.#ended; ms = debtMs()) {
      await new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
    }
  }
}

function nameOf({ file, at }: FileWant): string {
  return `${file}/${at}`
}

function lackOf(device: DeviceId, { file }: FileWant): string {
  return `${device}/${file}`
}
