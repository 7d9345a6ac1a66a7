/** What becomes of a call to a KME. Nothing here holds a key but `DeliveredKey`, whose debug forms hide it. */
import type { KeyLabel } from '../session/result.ts'
import type { KeyId, KmeStatus } from './messages.ts'

/** A key from a KME: its bytes until `erase`, never in JSON and never in a debugger's line. */
export class DeliveredKey {
  readonly keyId: KeyId
  readonly label: KeyLabel
  readonly #bytes: Uint8Array

  constructor(keyId: KeyId, label: KeyLabel, bytes: Uint8Array) {
    this.keyId = keyId
    this.label = label
    this.#bytes = bytes
  }

  /** The key itself, not a copy. All zero once erased. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  erase(): void {
    this.#bytes.fill(0)
  }
}

/**
 * Keys that the KME may have removed from its pool without our having them. After *Get key* only their number is known;
 * after *Get key with key IDs* the peer must hear of `keyIds`, drop its copies and agree on new ones.
 */
export interface LostKeys {
  count: number
  keyIds: readonly KeyId[]
}

export type KmeFailure =
  /** 503 or 429. Nothing was used up; ask again after the wait, or go on without. */
  | { reason: 'busy'; status: 503 | 429; retryAfterMs: number }
  /** 401: the KME does not know us, or the keys are another's. */
  | { reason: 'unauthorised' }
  /** The KME has not one or more of these. */
  | { reason: 'key-not-found'; keyIds: readonly KeyId[] }
  /** 400 for another reason; `message` in the KME's words. */
  | { reason: 'refused'; message: string }
  /** Never sent: the KME's own limits, or none that it could meet. */
  | { reason: 'out-of-limits'; what: string }
  /** Never sent: these were used or lost before. */
  | { reason: 'already-used'; keyIds: readonly KeyId[] }
  /** The KME handed out key_IDs that were used before; all of its answer was thrown away. */
  | { reason: 'reused'; lost: LostKeys }
  /** An answer that breaks the standard; all of it was thrown away. `what` quotes none of it. */
  | { reason: 'malformed'; what: string; lost: LostKeys }
  | { reason: 'non-conforming'; status: number; lost: LostKeys }
  /** No whole answer: keys may be gone. */
  | { reason: 'lost'; lost: LostKeys }
  | { reason: 'unreachable' }
  /** Not the pinned KME: nothing was sent. */
  | { reason: 'untrusted' }

export type StatusResult = { ok: true; status: KmeStatus } | { ok: false; failure: KmeFailure }
export type KeysResult = { ok: true; keys: DeliveredKey[] } | { ok: false; failure: KmeFailure }
