/** One socket: its challenge, the one device that logged in on it, its seat, and how much waits to be read from it. */
import { randomBytes } from 'node:crypto'
import type { Socket as TcpSocket } from 'node:net'
import { type Answer, nonceBytes, type RelayEventName, type RelayEvents } from '@qsec/protocol'
import type { Socket } from 'socket.io'
import type { Drained } from '../drain.ts'
import type { RelayLimits } from '../limits.ts'
import type { Connection, Seat } from '../room/connection.ts'
import { EncodedEvent, webSocketText } from '../room/encoded-event.ts'
import type { Identity } from '../room/identity.ts'
import { Backlog } from './backlog.ts'
import { type Batch, joinSmall, type Outlet, type Sequence } from './batch.ts'
import { Bucket } from './bucket.ts'
import { encodePacket } from './parser.ts'

/** How Engine.IO is told that a packet is encoded already. Its types do not know of it; Socket.IO's own broadcast uses it. */
interface EncodedOptions {
  wsPreEncodedFrame: Buffer[]
}

/** What the place of a connection depends on. */
export interface SessionHost {
  onSlow(): void
  /** False: there are too many connections from its address, and none that would have to give way. */
  onSeated(seat: Seat): boolean
  onUnseated(): void
}

export class Session implements Connection, Drained, Outlet {
  readonly host: string
  readonly address: string
  readonly #socket: Socket
  readonly #limits: RelayLimits
  readonly #host: SessionHost
  readonly #backlog: Backlog
  readonly #batch: Batch
  /** Where a connection began as a WebSocket, what comes down goes straight to the kernel in the frames that we made. */
  readonly #tcp: TcpSocket | undefined
  /** What has gathered in this turn of the event loop: events, and answers, which come first. */
  #gathered: Sequence | undefined
  #answers: string[] = []
  readonly events: Bucket
  readonly bytes: Bucket
  /** Of looks at what is stored about the room. */
  readonly looks: Bucket
  /** The last challenge: its signature logs in once, and shows who holds the link. */
  challenge: { nonce: Uint8Array<ArrayBuffer>; atMs: number; used: boolean } | undefined
  identity: Identity | undefined
  seat: Seat | undefined
  /** Characters of the packet that is handled now. */
  packetBytes = 0
  /** Answered with `rate-limited` so far. */
  refusedByRate = 0
  #deadline: NodeJS.Timeout | undefined

  constructor(socket: Socket, address: string, limits: RelayLimits, batch: Batch, host: SessionHost) {
    this.#socket = socket
    this.#limits = limits
    this.#batch = batch
    this.#host = host
    this.host = socket.handshake.headers.host ?? ''
    this.address = address
    this.events = new Bucket(limits.eventsPerSecond, limits.eventsAtOnce, performance.now())
    this.bytes = new Bucket(limits.bytesPerSecond, limits.bytesAtOnce, performance.now())
    this.#tcp = socket.conn.transport.name === 'websocket' ? socket.conn.request.socket : undefined
    this.looks = new Bucket(limits.holdingsPerSecond, limits.holdingsAtOnce, performance.now())
    this.#backlog = new Backlog(socket.conn, this.#tcp, limits.slowReaderBytes, () => {
      host.onSlow()
      // Not a goodbye that would wait behind everything that the reader does not read.
      socket.conn.close(true)
      socket.conn.request.socket.destroy()
    })
    socket.conn.on('packet', (packet: { data?: unknown }) => {
      this.bytes.take(typeof packet.data === 'string' ? packet.data.length : 0, performance.now())
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
      this.#batch.sent(1)
    } else this.emitEncoded(new EncodedEvent(name, payload))
  }

  emitEncoded(event: EncodedEvent): void {
    if (!this.#socket.connected) return
    this.#gather()
    this.#gathered = (this.#gathered ?? this.#batch.start).with(event)
  }

  answer(id: number, answer: Answer<object>): void {
    if (!this.#socket.connected) return
    this.#gather()
    this.#answers.push(encodePacket({ type: 3, nsp: '/', id, data: [answer] }))
  }

  #gather(): void {
    if (this.#gathered || this.#answers.length > 0) return
    this.#batch.add(this)
    this.#backlog.gathers(true)
  }

  flush(): void {
    const gathered = this.#gathered
    const answers = this.#answers
    if (!gathered && answers.length === 0) return
    this.#gathered = undefined
    this.#answers = []
    if (this.#socket.connected) this.#write(answers, gathered)
    this.#backlog.gathers(false)
  }

  #write(answers: readonly string[], gathered: Sequence | undefined): void {
    if (gathered) this.#batch.sent(gathered.length)
    if (this.#socket.conn.transport.name === 'websocket') this.#writeFrames(answers, gathered?.pieces ?? [])
    else {
      for (const packet of answers) this.#socket.conn.write(packet)
      for (const { packet } of gathered?.events ?? []) this.#socket.conn.write(packet)
    }
  }

  #writeFrames(answers: readonly string[], shared: Buffer[]): void {
    const pieces = answers.length === 0 ? shared : joinSmall([...answers.map(frameOf), ...shared])
    if (!this.#tcp || !this.#backlog.isPassable) {
      for (const piece of pieces) {
        const options: EncodedOptions = { wsPreEncodedFrame: [piece] }
        this.#socket.conn.write('', options as object)
      }
      return
    }
    if (pieces.length > 1) this.#tcp.cork()
    for (const piece of pieces) this.#tcp.write(piece)
    if (pieces.length > 1) this.#tcp.uncork()
    this.#backlog.wrote()
  }

  sayDrain(inMs: number): void {
    this.emit('drain', { in: inMs })
  }

  get isFlushed(): boolean {
    return !this.#socket.connected || this.#backlog.isEmpty
  }

  expectReplay(bytes: number): void {
    this.flush() // once all that has gathered is handed over, an allowance ends
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
    if (this.#host.onSeated(seat)) return
    const message = 'There are too many connections from this address. Try again later.'
    this.emit('join_failed', { room: seat.room.address, code: 'rate-limited', message })
    this.close()
  }

  onKnocking(): void {
    clearTimeout(this.#deadline)
    this.#deadline = undefined
  }

  onUnseated(): void {
    this.seat = undefined
    this.#host.onUnseated()
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

function frameOf(packet: string): Buffer {
  return webSocketText(`4${packet}`)
}
