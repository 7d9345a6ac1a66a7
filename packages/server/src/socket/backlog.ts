/**
 * What waits to be read by one connection. Socket.IO buffers without a bound; a reader that falls too far behind is cut
 * and resumes by its cursor.
 */
import type { Socket as TcpSocket } from 'node:net'
import type { Socket } from 'socket.io'

type EngineConnection = Socket['conn']
interface EnginePacket {
  data?: unknown
  options?: { wsPreEncodedFrame?: Buffer[] }
}

export class Backlog {
  readonly #limitBytes: number
  readonly #onSlow: () => void
  /** Something will be handed to the engine at the end of this turn of the event loop. */
  #gathering = false
  /** Handed to the engine and not yet to the transport. */
  #queued = 0
  /** In the hands of the transport. */
  #flying = 0
  /** A replay may be larger than what a live reader lets wait; the allowance ends when everything has been read. */
  #allowed = 0
  #cut = false

  /** The connection as the kernel has it, where everything that is written to it waits in one place. */
  readonly #tcp: TcpSocket | undefined

  constructor(connection: EngineConnection, tcp: TcpSocket | undefined, limitBytes: number, onSlow: () => void) {
    this.#tcp = tcp
    this.#limitBytes = limitBytes
    this.#onSlow = onSlow
    connection.on('packetCreate', (packet: EnginePacket) => this.#add(packet))
    connection.on('flush', () => {
      this.#flying += this.#queued
      this.#queued = 0
    })
    // The connection's own `drain` comes when packets are handed over; the transport's, when the kernel has taken them.
    const onTaken = () => {
      this.#flying = 0
      this.#endAllowance()
    }
    connection.transport.on('drain', onTaken)
    connection.on('upgrade', (transport: EngineConnection['transport']) => {
      onTaken()
      transport.on('drain', onTaken)
    })
  }

  get isEmpty(): boolean {
    return !this.#gathering && this.#queued + this.#flying + (this.#tcp?.writableLength ?? 0) === 0
  }

  /** Whether bytes that go to the kernel now overtake nothing, and need no allowance. */
  get isPassable(): boolean {
    return this.#queued === 0 && this.#allowed === 0
  }

  /** Bytes were written past the engine. */
  wrote(): void {
    this.#check()
  }

  get isAllowed(): boolean {
    return this.#allowed > 0
  }

  /** An allowance does not end before what it is for has been handed over. */
  gathers(gathering: boolean): void {
    this.#gathering = gathering
    this.#endAllowance()
  }

  #endAllowance(): void {
    if (this.#allowed > 0 && this.#queued + this.#flying === 0 && !this.#gathering) this.#allowed = 0
  }

  allow(bytes: number): void {
    // JSON around each frame costs less than the frame itself.
    if (bytes > 0) this.#allowed += 2 * bytes
  }

  #add({ data, options }: EnginePacket): void {
    this.#queued += typeof data === 'string' ? data.length : 0
    for (const frame of options?.wsPreEncodedFrame ?? []) this.#queued += frame.length
    this.#check()
  }

  #check(): void {
    const flying = Math.max(this.#flying, this.#tcp?.writableLength ?? 0)
    if (this.#cut || this.#queued + flying <= this.#limitBytes + this.#allowed) return
    this.#cut = true
    this.#onSlow()
  }
}
