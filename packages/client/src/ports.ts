/** What a device needs from outside. Each port has one contract suite, run against every implementation. */
import type { Answer, ClientEventName, ClientEvents, RelayEventName, RelayEvents } from '@qsec/protocol'

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
  close(): void
}

/**
 * `done` tells the relay that a `welcome` is safely kept: until it is called, the relay hands that Welcome out again.
 * For other events it does nothing.
 */
export type RelayEventHandler = <K extends RelayEventName>(name: K, payload: RelayEvents[K], done: () => void) => void
