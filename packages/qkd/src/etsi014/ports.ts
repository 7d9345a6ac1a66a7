/** What the client of a KME needs from its host: HTTP with mutual TLS in it, and a memory of the keys it has used. */
import type { KeyId } from './messages.ts'

export interface HttpRequest {
  method: 'GET' | 'POST'
  /** From the first slash on, already encoded, with the query. */
  path: string
  /** JSON; with POST only. */
  body?: string
}

export type HttpAnswer =
  | { status: number; contentType: string; body: string }
  /**
   * - `not-sent`: no byte of the request can have arrived.
   * - `untrusted`: the same, because the other end is not the pinned KME.
   * - `lost`: it was sent, or may have been, and no whole answer came in time.
   */
  | { failed: 'not-sent' | 'untrusted' | 'lost' }

/**
 * One request to one KME. Whoever supplies it presents the certificate of the SAE, pins CA and KME id, follows no
 * redirect, uses no proxy, sends once, bounds time and length, and logs no body. Rejecting is a mistake of the host.
 */
export type HttpPort = (request: HttpRequest) => Promise<HttpAnswer>

/** The key_IDs that this SAE has used or lost. Survives restarts; ids arrive in lower case. */
export interface UsedKeyIds {
  has(keyId: KeyId): Promise<boolean>
  /**
   * Takes all of them, or none if one is there already; resolves once they are kept for good. Two calls at the same time
   * never both get the same id.
   */
  add(keyIds: readonly KeyId[]): Promise<boolean>
}
