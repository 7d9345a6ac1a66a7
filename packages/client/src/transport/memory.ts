/**
 * A relay's end and its devices' ends in one process, for tests. What passes is copied as JSON and checked as on the
 * wire, arrives later than it was sent and in order, and can be lost by command.
 */
import {
  type Answer,
  type ClientEventName,
  type ClientEvents,
  type RelayEventName,
  type RelayEvents,
  relayEventNames,
} from '@qsec/protocol'
import type { Clock, RelayEventHandler, Transport, TransportState } from '../ports.ts'
import { systemClock } from './clock.ts'
import { Listeners } from './wire.ts'

/** The relay's end of one connection. */
export interface MemoryLink {
  readonly socketId: string
  /** @param acknowledged - called once the device has called `done` for this event */
  send<K extends RelayEventName>(name: K, payload: RelayEvents[K], acknowledged?: () => void): void
  /** As `send`, for what no honest relay sends. */
  sendRaw(name: string, payload: unknown, acknowledged?: () => void): void
  /** Throws the device out; it comes back by itself. */
  disconnect(): void
}

export interface MemoryRelayHandler {
  connected?(link: MemoryLink): void
  disconnected?(link: MemoryLink): void
  /** Requests come in the order in which they were sent. What it resolves to is the answer, checked by the device. */
  request(link: MemoryLink, name: ClientEventName, payload: unknown): unknown
}

/** The device's end, with commands for the test. */
export interface MemoryTransport extends Transport {
  /** Ends the connection with all that is under way on it, until `restore`. */
  cut(state?: 'reconnecting' | 'offline'): void
  /** Resolves when the connection is there again. */
  restore(): Promise<void>
  /** The next `count` requests reach the relay, but their answers are lost: the caller gets undefined after its timeout. */
  loseAnswers(count: number): void
  /** As after sleep, with a connection that has outlived it. */
  wake(): void
  /** The next `count` requests get lost on their way up. */
  loseRequests(count: number): void
}

export interface MemoryRelay {
  connect(options?: { host?: string; clock?: Clock }): MemoryTransport
}

export function memoryRelay(handler: MemoryRelayHandler): MemoryRelay {
  let sockets = 0
  return {
    connect: (options = {}) =>
      new Device(handler, options.host ?? 'relay.test', options.clock ?? systemClock, () => `socket-${++sockets}`),
  }
}

const defaultTimeoutMs = 10_000
const comeBackAfterMs = 10

class Device implements MemoryTransport {
  readonly host: string
  readonly #relay: MemoryRelayHandler
  readonly #clock: Clock
  readonly #nextSocketId: () => string
  readonly #listeners = new Listeners()
  #link: Connection | undefined
  #state: TransportState = 'reconnecting'
  #cut = false
  #closed = false
  #answersToLose = 0
  #requestsToLose = 0
  #cancelComeBack: (() => void) | undefined

  constructor(relay: MemoryRelayHandler, host: string, clock: Clock, nextSocketId: () => string) {
    this.#relay = relay
    this.host = host
    this.#clock = clock
    this.#nextSocketId = nextSocketId
    void this.#connect()
  }

  get socketId(): string | undefined {
    return this.#link?.socketId
  }

  get state(): TransportState {
    return this.#state
  }

  request<K extends ClientEventName>(
    name: K,
    payload: ClientEvents[K]['in'],
    timeoutMs: number = defaultTimeoutMs,
  ): Promise<Answer<ClientEvents[K]['out']> | undefined> {
    const link = this.#link
    if (!link) return Promise.resolve(undefined)
    const loseRequest = this.#requestsToLose > 0
    const loseAnswer = !loseRequest && this.#answersToLose > 0
    if (loseRequest) this.#requestsToLose--
    if (loseAnswer) this.#answersToLose--
    return new Promise((resolve) => {
      const settle = (answer: Answer<ClientEvents[K]['out']> | undefined): void => {
        cancel()
        link.waiting.delete(settle)
        resolve(answer)
      }
      const cancel = this.#clock.after(timeoutMs, () => settle(undefined))
      link.waiting.add(settle)
      if (loseRequest) return
      link.deliver(payload, async (onWire) => {
        const answer = await this.#relay.request(link, name, onWire)
        if (answer === undefined || loseAnswer) return
        link.deliver(answer, (raw) => {
          if (link.waiting.has(settle)) settle(this.#listeners.answer(name, raw))
        })
      })
    })
  }

  onEvent(handler: RelayEventHandler): void {
    this.#listeners.onEvent(handler)
  }
  onMalformed(handler: Parameters<Transport['onMalformed']>[0]): void {
    this.#listeners.onMalformed(handler)
  }
  onState(handler: (state: TransportState) => void): void {
    this.#listeners.onState(handler)
  }
  onAwake(handler: () => void): void {
    this.#listeners.onAwake(handler)
  }
  wake(): void {
    if (this.#link) this.#listeners.awake()
  }

  cut(state: 'reconnecting' | 'offline' = 'reconnecting'): void {
    this.#cut = true
    this.#end()
    this.#setState(this.#closed ? 'offline' : state)
  }

  async restore(): Promise<void> {
    this.#cut = false
    await this.#connect()
  }

  loseAnswers(count: number): void {
    this.#answersToLose = count
  }

  loseRequests(count: number): void {
    this.#requestsToLose = count
  }

  close(): void {
    this.#closed = true
    this.#end()
    this.#setState('offline')
  }

  async #connect(): Promise<void> {
    await Promise.resolve() // whoever made this transport adds its handlers first
    if (this.#link || this.#cut || this.#closed) return
    const link = new Connection(this.#nextSocketId(), this.#listeners, () => {
      this.#end()
      this.#setState('reconnecting')
      this.#cancelComeBack = this.#clock.after(comeBackAfterMs, () => void this.#connect())
    })
    this.#link = link
    this.#relay.connected?.(link)
    // The relay may have thrown the device out at once.
    if (this.#link === link) this.#setState('connected')
  }

  #end(): void {
    this.#cancelComeBack?.()
    const link = this.#link
    if (!link) return
    this.#link = undefined
    link.end()
    this.#relay.disconnected?.(link)
  }

  #setState(state: TransportState): void {
    if (state === this.#state) return
    this.#state = state
    this.#listeners.state(state)
  }
}

/** One connection: what is sent on it arrives in order, and nothing arrives once it is over. */
class Connection implements MemoryLink {
  readonly socketId: string
  readonly waiting: Set<(answer: undefined) => void> = new Set()
  readonly #listeners: Listeners
  readonly #thrownOut: () => void
  #over = false

  constructor(socketId: string, listeners: Listeners, thrownOut: () => void) {
    this.socketId = socketId
    this.#listeners = listeners
    this.#thrownOut = thrownOut
  }

  send<K extends RelayEventName>(name: K, payload: RelayEvents[K], acknowledged?: () => void): void {
    this.sendRaw(name, payload, acknowledged)
  }

  sendRaw(name: string, payload: unknown, acknowledged?: () => void): void {
    let done = false
    const tell = () => {
      if (done) return
      done = true
      this.deliver(undefined, () => acknowledged?.())
    }
    const known = relayEventNames.find((event) => event === name)
    if (known) this.deliver(payload, (onWire) => this.#listeners.event(known, onWire, tell))
  }

  disconnect(): void {
    if (!this.#over) this.#thrownOut()
  }

  end(): void {
    this.#over = true
    for (const settle of this.waiting) settle(undefined)
  }

  /** Delivers a copy of `payload`, up or down: microtasks run in the order in which they were queued. */
  deliver(payload: unknown, arrive: (onWire: unknown) => unknown): void {
    const onWire = payload === undefined ? undefined : JSON.parse(JSON.stringify(payload))
    queueMicrotask(() => {
      if (!this.#over) void arrive(onWire)
    })
  }
}
