/** The authenticated, numbered conversation of one run, as one end sees it. */
import { equalBytes, TranscriptAuthenticator } from '../authentication.ts'
import type { ByteReader } from '../bytes.ts'
import { asciiBytes } from '../random.ts'
import {
  encodeFrame,
  type Frame,
  type Kind,
  padOf,
  parseFrame,
  protocolVersion,
  type Role,
  speaker,
} from './messages.ts'
import { type AbortReason, abortReasons } from './result.ts'

export type Opened =
  | { type: 'message'; kind: Kind; body: ByteReader }
  | { type: 'peer-abort'; reason: AbortReason }
  | { type: 'refused'; reason: AbortReason }

export class Link {
  readonly #runId: Uint8Array
  readonly #role: Role
  readonly #peer: Role
  readonly #authenticator: TranscriptAuthenticator
  #sent = 0
  #received = 0

  constructor(role: Role, runId: Uint8Array, authenticationKey: Uint8Array) {
    this.#role = role
    this.#peer = role === 'alice' ? 'bob' : 'alice'
    this.#runId = runId.slice()
    this.#authenticator = new TranscriptAuthenticator(authenticationKey)
  }

  get forgeryProbability(): number {
    return this.#authenticator.forgeryProbability
  }

  /** A message for the peer. Call in the order in which messages are sent. */
  seal(kind: Kind, body: Uint8Array): Uint8Array {
    const signed = encodeFrame(this.#runId, this.#role, this.#sent++, kind, body)
    this.#authenticator.absorb(signed)
    const pad = padOf[kind]
    if (pad === undefined) return signed
    const tag = this.#authenticator.tag(pad, this.#context(this.#role, kind))
    const message = new Uint8Array(signed.length + tag.length)
    message.set(signed)
    message.set(tag, signed.length)
    return message
  }

  /** An abort is outside the transcript: it must be understood after the two transcripts differ. */
  sealAbort(reason: AbortReason): Uint8Array {
    return encodeFrame(
      this.#runId,
      this.#role,
      this.#sent++,
      'abort',
      Uint8Array.of(Math.max(0, abortReasons.indexOf(reason))),
    )
  }

  /** Checks one message from the peer in full before anything of it is used. */
  open(message: Uint8Array, expected: readonly Kind[]): Opened {
    const frame = parseFrame(message, this.#runId)
    if (typeof frame === 'string') return { type: 'refused', reason: frame }
    if (frame.direction !== this.#peer || frame.sequence !== this.#received) {
      return { type: 'refused', reason: 'out-of-sequence' }
    }
    this.#received++
    if (frame.kind === 'abort') return peerAbort(frame)
    if (speaker[frame.kind] !== this.#peer || !expected.includes(frame.kind)) {
      return { type: 'refused', reason: 'out-of-sequence' }
    }
    this.#authenticator.absorb(frame.signed)
    if (!this.#tagHolds(frame)) return { type: 'refused', reason: 'authentication-failed' }
    return { type: 'message', kind: frame.kind, body: frame.body }
  }

  wipe(): void {
    this.#authenticator.wipe()
  }

  #tagHolds(frame: Frame): boolean {
    const pad = padOf[frame.kind]
    if (pad === undefined || !frame.tag) return true
    return equalBytes(frame.tag, this.#authenticator.tag(pad, this.#context(this.#peer, frame.kind)))
  }

  #context(direction: Role, kind: Kind): Uint8Array {
    return asciiBytes(`qsec/qkd/${protocolVersion} ${direction} ${kind} ${padOf[kind]} simulated`)
  }
}

function peerAbort(frame: Frame): Opened {
  const reason = abortReasons[frame.body.u8()]
  if (!frame.body.finish() || !reason) return { type: 'refused', reason: 'malformed-message' }
  return { type: 'peer-abort', reason }
}
