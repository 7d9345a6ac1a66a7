/** One socket: its challenge, the one device that logged in on it, its seat, and how much waits to be read from it. */
import { randomBytes } from 'node:crypto'
import { nonceBytes, type RelayEventName, type RelayEvents } from '@qsec/protocol'
import type { Socket } from 'socket.io'
import type { Drained } from '../drain.ts'
import type { RelayLimits } from '../limits.ts'
import type { Connection, Seat } from '../room/connection.ts'
import { EncodedEvent } from '../room/encoded-event.ts'
import type { Identity } from '../room/identity.ts'
import { Backlog } from './backlog.ts'
import type { Batch, Outlet, Sequence } from './batch.ts'
import { Bucket } from './bucket.ts'

/** How Engine.IO is told that a packet is encoded already. Its types do not know of it; Socket.IO's own broadcast uses it. */
interface EncodedOptions {
  wsPreEncodedFrame: Buffer[]
}

export class Session implements Connection, Drained, Outlet {
  readonly host: string
  readonly address: string
  readonly #socket: Socket
  readonly #limits: RelayLimits
  readonly #backlog: Backlog
  readonly #batch: Batch
  /** What has gathered in this turn of the event loop. */
  #gathered: Sequence | undefined
  readonly events: Bucket
  readonly bytes: Bucket
  /** The last challenge: its signature logs in once, and shows who holds the link. */
  challenge: { nonce: Uint8Array<ArrayBuffer>; atMs: number; used: boolean } | undefined
  identity: Identity | undefined
  seat: Seat | undefined
  /** Answered with `rate-limited` so far. */
  refusedByRate = 0
  #deadline: NodeJS.Timeout | undefined

  constructor(socket: Socket, address: string, limits: RelayLimits, batch: Batch, onSlow: () => void) {
    this.#socket = socket
    this.#limits = limits
    this.#batch = batch
    this.host = socket.handshake.headers.host ?? ''
    this.address = address
    this.events = new Bucket(limits.eventsPerSecond, limits.eventsAtOnce, performance.now())
    this.bytes = new Bucket(limits.bytesPerSecond, limits.bytesAtOnce, performance.now())
    this.#backlog = new Backlog(socket.conn, limits.slowReaderBytes, () => {
      onSlow()
      // Not a goodbye that would wait behind everything that the reader does not read.
      socket.conn.close(true)
      socket.conn.request.socket.destroy()
    })
    socket.conn.on('packet', (packet: { data?: unknown }) => {
      if (typeof packet.data === 'string') this.bytes.take(packet.data.length, performance.now())
    })
    this.#startDeadline()
  }

  get socketId(): string {
    return this.#socket.id
  }

  get connected(): boolean {
    return this.#socket.connected
  }

  newChallenge(nowMs: number): Uint8Array<ArrayBuffer> {
    const nonce = new Uint8Array(randomBytes(nonceBytes))
    this.challenge = { nonce, atMs: nowMs, used: false }
    return nonce
  }

  emit<K extends RelayEventName>(name: K, payload: RelayEvents[K], taken?: () => void): void {
    if (!this.#socket.connected) return
    if (taken) {
      this.flush() // it must not overtake what came before
      this.#socket.emit(name, payload, taken)
    } else this.emitEncoded(new EncodedEvent(name, payload))
  }

  emitEncoded(event: EncodedEvent): void {
    if (!this.#socket.connected) return
    if (!this.#gathered) {
      this.#batch.add(this)
      this.#backlog.gathers(true)
      // Answers of this turn leave with the events, in one system call.
      this.#socket.conn.request.socket.cork()
    }
    this.#gathered = (this.#gathered ?? this.#batch.start).with(event)
  }

  flush(): void {
    const gathered = this.#gathered
    if (!gathered) return
    this.#gathered = undefined
    this.#backlog.gathers(false)
    this.#write(gathered)
    this.#socket.conn.request.socket.uncork()
  }

  #write(gathered: Sequence): void {
    if (!this.#socket.connected) return
    const { conn } = this.#socket
    if (conn.transport.name === 'websocket') {
      conn.write('', { wsPreEncodedFrame: [gathered.joined] } as EncodedOptions as object)
    } else {
      for (const { packet } of gathered.events) conn.write(packet)
    }
  }

  sayDrain(inMs: number): void {
    this.emit('drain', { in: inMs })
  }

  get isFlushed(): boolean {
    return !this.#socket.connected || this.#backlog.isEmpty
  }

  expectReplay(bytes: number): void {
    this.#backlog.allow(bytes)
  }

  get isReplaying(): boolean {
    return this.#backlog.isAllowed
  }

  close(): void {
    // Later, so that the answer which says why leaves first.
    setImmediate(() => {
      this.flush()
      this.#socket.disconnect(true)
    })
  }

  onSeated(seat: Seat): void {
    this.seat = seat
    clearTimeout(this.#deadline)
    this.#deadline = undefined
  }

  onKnocking(): void {
    clearTimeout(this.#deadline)
    this.#deadline = undefined
  }

  onUnseated(): void {
    this.seat = undefined
    if (this.#socket.connected) this.#startDeadline()
  }

  onDisconnected(): void {
    clearTimeout(this.#deadline)
  }

  #startDeadline(): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#socket.disconnect(true), this.#limits.loginDeadlineMs)
  }
}
