/** The connection to a real relay, over Socket.IO, in browsers and in Node. */
import { type Answer, type ClientEventName, type ClientEvents, parseRelayEvent } from '@qsec/protocol'
import type { Clock, RelayEventHandler, Transport, TransportState } from '../ports.ts'
import { backoffMs } from './backoff.ts'
import { systemClock } from './clock.ts'
import { type Page, thisPage } from './page.ts'
import { watchSleep } from './sleep.ts'
import { type Link, type LinkOptions, openLink } from './socketio-link.ts'
import { Listeners } from './wire.ts'

export interface SocketIoOptions {
  /** The relay's address; a path in it does not count. */
  url: string
  clock?: Clock
  /** Gives numbers from 0 to 1 that spread the reconnects of many clients; nothing secret comes from it. */
  jitter?: () => number
  /** Several relay nodes without sticky sessions behind one address need this: polling would visit all of them. */
  websocketOnly?: boolean
  /** Node only: an `http.Agent`, for example one that goes through a proxy. */
  agent?: unknown
  /** Node only: the PEM of a certificate authority to trust. */
  ca?: string
  page?: Page
}

const defaultTimeoutMs = 10_000
/** A connection that has slept may be dead without knowing: it answers by then, or another takes its place. */
const probeMs = 4_000
/** While the browser knows of no network, a connection that stands is asked again so often: it may die at any moment. */
const doubtMs = 5_000
/** After so long without a connection a person is told *Offline* instead of *Reconnecting…*. */
const offlineAfterMs = 30_000

/** Begins to connect at once, and again whenever the connection is lost, until `close`. */
export function connectSocketIo(options: SocketIoOptions): Transport {
  return new SocketIoTransport(options)
}

class SocketIoTransport implements Transport {
  readonly host: string
  readonly #options: SocketIoOptions
  readonly #origin: string
  readonly #clock: Clock
  readonly #page: Page
  readonly #listeners = new Listeners()
  readonly #unwatch: () => void
  readonly #endSleepWatch: () => void

  #state: TransportState = 'reconnecting'
  #link: Link | undefined
  /** Tries in a row that led to nothing: also a connection that the relay ended before it answered anything useful. */
  #failures = 0
  #awayTooLong = false
  #closed = false
  #cancelRetry: (() => void) | undefined
  #cancelOffline: (() => void) | undefined
  /** The relay has said when to come back. */
  #drainMs: number | undefined
  #cancelDrain: (() => void) | undefined
  #probing = false
  #wakes = false
  #cancelDoubt: (() => void) | undefined

  constructor(options: SocketIoOptions) {
    const url = new URL(options.url)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('transport: the url is not http(s)')
    this.host = url.host
    this.#origin = url.origin
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#page = options.page ?? thisPage
    this.#unwatch = this.#page.watch({
      // A try that began without a network hangs until its time is over, so a new one replaces it.
      online: () => this.#checkNow(),
      offline: () => this.#doubt(),
      visible: () => {
        if (this.socketId !== undefined || !this.#link) this.#checkNow()
      },
    })
    this.#endSleepWatch = watchSleep(this.#clock, () => this.#checkNow())
    this.#startOfAbsence()
    this.#connect()
    this.#settleState()
  }

  get socketId(): string | undefined {
    return this.#link?.socketId
  }

  get state(): TransportState {
    return this.#state
  }

  async request<K extends ClientEventName>(
    name: K,
    payload: ClientEvents[K]['in'],
    timeoutMs: number = defaultTimeoutMs,
  ): Promise<Answer<ClientEvents[K]['out']> | undefined> {
    const raw = await this.#link?.request(name, payload, timeoutMs)
    if (!raw) return undefined
    const answer = this.#listeners.answer(name, raw.answer)
    // A relay that greets everybody and then throws them out is to be left in peace like one that is down.
    if (answer?.ok && name !== 'hello') this.#failures = 0
    return answer
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

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#cancelRetry?.()
    this.#cancelOffline?.()
    this.#unwatch()
    this.#endSleepWatch()
    this.#cancelDrain?.()
    this.#cancelDoubt?.()
    this.#link?.close()
    this.#link = undefined
    this.#settleState()
  }

  #connect(): void {
    this.#cancelRetry?.()
    this.#link = openLink(this.#linkOptions(), this.#clock, {
      up: () => {
        this.#cancelOffline?.()
        this.#awayTooLong = false
        this.#settleState()
        if (!this.#page.onLine) this.#doubt()
      },
      down: () => this.#down(),
      event: (name, payload, done) => {
        if (name === 'drain') this.#onDrain(payload)
        this.#listeners.event(name, payload, done)
      },
    })
  }

  #down(): void {
    this.#link = undefined
    if (this.#state === 'connected') this.#startOfAbsence()
    const delayMs = this.#drainMs ?? backoffMs(this.#failures, (this.#options.jitter ?? Math.random)())
    // A relay that said so was no failure.
    if (this.#drainMs === undefined) this.#failures++
    this.#drainMs = undefined
    this.#cancelDrain?.()
    this.#cancelRetry = this.#clock.after(delayMs, () => this.#connect())
    this.#settleState()
  }

  /** The relay closes. It ends the connection itself; should it not, this end does. */
  #onDrain(payload: unknown): void {
    const parsed = parseRelayEvent('drain', payload)
    if (!parsed.ok || this.#drainMs !== undefined) return
    const link = this.#link
    this.#drainMs = parsed.value.in
    this.#cancelDrain = this.#clock.after(this.#drainMs + probeMs, () => {
      if (this.#link !== link) return
      link?.close()
      this.#down()
    })
  }

  /**
   * The browser knows of no network. A connection that stands may be one to this machine, and live, or may not have noticed:
   * it shows which, again and again until there is a network.
   */
  #doubt(): void {
    this.#cancelDoubt?.()
    this.#settleState()
    if (this.socketId === undefined || this.#closed) return
    this.#checkNow(false)
    this.#cancelDoubt = this.#clock.after(doubtMs, () => {
      if (!this.#page.onLine) this.#doubt()
    })
  }

  /**
   * Asks a standing connection for a sign of life, and replaces it where none comes.
   *
   * @param wakes - something may have been missed on it: where it lives, that is asked for
   */
  #checkNow(wakes = true): void {
    const link = this.#link
    if (link?.socketId === undefined) {
      this.#connectNow()
      return
    }
    this.#wakes ||= wakes
    if (this.#probing) return
    this.#probing = true
    // A relay refuses to speak no version at all, and nothing else follows from that.
    void link.request('hello', { versions: [] }, probeMs).then((answered) => {
      const woken = this.#wakes
      this.#probing = this.#wakes = false
      if (this.#link !== link || this.#closed) return
      if (answered) return woken ? this.#listeners.awake() : undefined
      link.close()
      this.#down()
      this.#connectNow()
    })
  }

  /** Leaves a standing connection alone, and replaces a try that is under way. */
  #connectNow(): void {
    if (this.#link?.socketId !== undefined) return
    this.#link?.close()
    this.#failures = 0
    this.#connect()
    this.#settleState()
  }

  #startOfAbsence(): void {
    this.#cancelOffline = this.#clock.after(offlineAfterMs, () => {
      this.#awayTooLong = true
      this.#settleState()
    })
  }

  #settleState(): void {
    const next = this.#presentState()
    if (next === this.#state) return
    this.#state = next
    this.#listeners.state(next)
  }

  #presentState(): TransportState {
    if (this.socketId !== undefined) return 'connected'
    return this.#closed || this.#awayTooLong || !this.#page.onLine ? 'offline' : 'reconnecting'
  }

  #linkOptions(): LinkOptions {
    const { websocketOnly, agent, ca } = this.#options
    // A proxy that swallows WebSockets instead of refusing them leaves a try hanging: then the next begins by polling.
    const pollingFirst = this.#failures % 2 === 1
    return {
      origin: this.#origin,
      transports: websocketOnly ? ['websocket'] : pollingFirst ? ['polling', 'websocket'] : ['websocket', 'polling'],
      ...(agent === undefined ? {} : { agent }),
      ...(ca === undefined ? {} : { ca }),
    }
  }
}
