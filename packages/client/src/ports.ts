/** What a device needs from outside. Each port has one contract suite, run against every implementation. */
import type { Answer, ClientEventName, ClientEvents, RelayEventName, RelayEvents } from '@qsec/protocol'
import type { SessionAbort, SessionProgress, SessionSuccess } from '@qsec/qkd'

/** Unpredictable bytes: the only source of keys, nonces and ids. */
export type SecureRandom = (byteLength: number) => Uint8Array<ArrayBuffer>

/** Time as an argument, so that a test can turn it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Calls `run` once after `delayMs`; the returned function takes it back. */
  after(delayMs: number, run: () => void): () => void
}

export type StorageChange =
  | { type: 'put'; key: string; value: Uint8Array<ArrayBuffer> }
  | { type: 'delete'; key: string }
  /** Deletes every key that begins with `prefix`. */
  | { type: 'delete-prefix'; prefix: string }

/** Bytes by key, on disk. Keys are ASCII paths such as `device/<id>/group`. */
export interface Storage {
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Every entry whose key begins with `prefix`, in the order of the keys' code units. */
  list(prefix: string): Promise<{ key: string; value: Uint8Array<ArrayBuffer> }[]>
  /** The keys of those entries alone, without reading what they hold. */
  keys(prefix: string): Promise<string[]>
  /**
   * Applies all changes, in order, or none; resolves once they are durable (a crash right after loses nothing).
   * Rejects with `StorageError` and changes nothing otherwise.
   */
  apply(changes: readonly StorageChange[]): Promise<void>
  close(): Promise<void>
}

export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: 'full' | 'closed' | 'damaged' | 'failed' | 'locked'
  constructor(code: StorageError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Exclusive locks between the tabs or processes that share one storage. */
export interface Locks {
  /** Waits up to `waitMs` for the lock `name`. The returned function frees it; undefined: somebody else holds it. */
  acquire(name: string, waitMs: number): Promise<(() => void) | undefined>
}

export type TransportState = 'connected' | 'reconnecting' | 'offline'

/** One connection to a relay. It comes back by itself; nothing is buffered while it is away. */
export interface Transport {
  /** Host and port as the relay is addressed: what a login is bound to. */
  readonly host: string
  /** The relay's id of the present connection; undefined while there is none. */
  readonly socketId: string | undefined
  readonly state: TransportState
  /**
   * Sends one event and waits for its answer. Without a connection, or without an answer in time, it resolves to
   * `undefined`: the event may or may not have arrived.
   */
  request<K extends ClientEventName>(
    name: K,
    payload: ClientEvents[K]['in'],
    timeoutMs?: number,
  ): Promise<Answer<ClientEvents[K]['out']> | undefined>
  /** Calls `handler` for each well-formed relay event, in order of arrival. Malformed ones go to `onMalformed`. */
  onEvent(handler: RelayEventHandler): void
  /** Events of the relay and answers to `name` that do not fit their form. `message` never holds the value. */
  onMalformed(handler: (name: RelayEventName | ClientEventName, message: string) => void): void
  /** Calls `handler` at each change of `state`. */
  onState(handler: (state: TransportState) => void): void
  /**
   * Calls `handler` when the page is seen again, or the machine has woken, and the connection has answered since: a good
   * moment to catch up.
   */
  onAwake(handler: () => void): void
  close(): void
}

/**
 * `done` tells the relay that a `welcome` is safely kept: until it is called, the relay hands that Welcome out again.
 * For other events it does nothing.
 */
export type RelayEventHandler = <K extends RelayEventName>(name: K, payload: RelayEvents[K], done: () => void) => void

/** Where and with what a BB84 run was computed. */
export interface RunPlace {
  /** `page`: on the thread that draws, for want of workers. `process`: a program without a screen. */
  thread: 'worker' | 'page' | 'process'
  amplifier: 'wasm' | 'typescript'
}

export type RunResult =
  | SessionSuccess
  | (Omit<SessionAbort, 'reason'> & { reason: SessionAbort['reason'] | 'engine-failed' })

/** What one end of a run does next. */
export interface RunStep {
  /** Messages for the peer, in this order. */
  send: Uint8Array<ArrayBuffer>[]
  progress?: SessionProgress
  /** Present once, at the end of the run; a second time only for an abort with `withdrawn`. Its key is the receiver's. */
  done?: RunResult
  /** Unknown where the engine failed before it began. */
  place?: RunPlace
}

export interface BeginRun {
  role: 'alice' | 'bob'
  /** 16 bytes, the same at both ends, never used for another run. */
  runId: Uint8Array<ArrayBuffer>
  /** 112 bytes, the same at both ends, secret. The engine's own from here on: it takes them away or erases them. */
  authenticationKey: Uint8Array<ArrayBuffer>
  /** The simulated channel has an eavesdropper who measures every photon. Alice's end decides it. */
  eavesdropper?: boolean
}

/** One end of one run. Calls return at once; each but `release` brings one step, in their order, perhaps an empty one. */
export interface QuantumRun {
  /** A message of the peer, also after the end: the peer may refuse the very last one. */
  handle(message: Uint8Array<ArrayBuffer>): void
  /** Ends the run, for instance because the peer was silent for too long. */
  cancel(): void
  /** Erases what is held of the run. No step follows. */
  release(): void
}

/**
 * Computes BB84 runs without holding up its caller. Photons, the eavesdropper and every bit but the final key stay inside;
 * chance is the platform's own.
 */
export interface QuantumEngine {
  /**
   * The first step comes by itself. If the engine breaks down, each run that has not ended gets one last step at once, an
   * abort with the reason `engine-failed` and a word for the peer, and the next run begins anew.
   *
   * @throws RangeError for an id or a key of another length
   */
  begin(options: BeginRun, onStep: (step: RunStep) => void): QuantumRun
  /** Erases all runs. No step follows; a later `begin` throws. */
  close(): void
}
