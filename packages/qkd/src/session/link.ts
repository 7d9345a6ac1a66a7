/** The authenticated, numbered conversation of one run, as one end sees it. */
import { equalBytes, TranscriptAuthenticator } from '../authentication.ts'
import { ByteReader } from '../bytes.ts'
import { asciiBytes } from '../random.ts'
import {
  encodeFrame,
  type Frame,
  type Kind,
  maxMessageBytes,
  padOf,
  parseFrame,
  protocolVersion,
  type Role,
  speaker,
  tagBytes,
} from './messages.ts'
import { type AbortReason, abortReasons, type KeyLabel } from './result.ts'

export type Opened =
  | { type: 'message'; kind: Kind; body: ByteReader }
  /** A part of a longer one, kept until the rest is there. */
  | { type: 'part' }
  | { type: 'peer-abort'; reason: AbortReason }
  | { type: 'refused'; reason: AbortReason }

/** Bytes of a body that go into one message. */
const partBytes: number = (maxMessageBytes * 3) / 4
/** Longer than any body of a run: the Toeplitz seed of 2^24 bits has less than 4 MiB. */
const maxBodyBytes: number = 6 * 2 ** 20

export class Link {
  /** Bound into every tag; `simulated` until both ends have said theirs. */
  label: KeyLabel = 'simulated'
  readonly #runId: Uint8Array
  readonly #role: Role
  readonly #peer: Role
  readonly #authenticator: TranscriptAuthenticator
  #sent = 0
  #received = 0
  #parts: Uint8Array[] = []
  #partsBytes = 0

  constructor(role: Role, runId: Uint8Array, authenticationKey: Uint8Array) {
    this.#role = role
    this.#peer = role === 'alice' ? 'bob' : 'alice'
    this.#runId = runId.slice()
    this.#authenticator = new TranscriptAuthenticator(authenticationKey)
  }

  get forgeryProbability(): number {
    return this.#authenticator.forgeryProbability
  }

  /** Messages for the peer, several if the body is long. Call in the order in which messages are sent. */
  seal(kind: Kind, body: Uint8Array): Uint8Array[] {
    const messages: Uint8Array[] = []
    let at = 0
    for (; body.length - at > partBytes; at += partBytes) {
      const part = encodeFrame(this.#runId, this.#role, this.#sent++, 'more', body.subarray(at, at + partBytes))
      this.#authenticator.absorb(part)
      messages.push(part)
    }
    const pad = padOf[kind]
    const tail = pad === undefined ? 0 : tagBytes
    const message = encodeFrame(this.#runId, this.#role, this.#sent++, kind, body.subarray(at), tail)
    this.#authenticator.absorb(tail === 0 ? message : message.subarray(0, -tail))
    if (pad !== undefined) {
      message.set(this.#authenticator.tag(pad, this.#context(this.#role, kind)), message.length - tail)
    }
    messages.push(message)
    return messages
  }

  /** An abort is outside the transcript: it must be understood after the two transcripts differ. */
  sealAbort(reason: AbortReason): Uint8Array {
    const code = Uint8Array.of(Math.max(0, abortReasons.indexOf(reason)))
    return encodeFrame(this.#runId, this.#role, this.#sent++, 'abort', code)
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
    if (frame.kind === 'more') return this.#keepPart(frame, expected)
    if (speaker[frame.kind] !== this.#peer || !expected.includes(frame.kind)) {
      return { type: 'refused', reason: 'out-of-sequence' }
    }
    this.#authenticator.absorb(frame.signed)
    if (!this.#tagHolds(frame)) return { type: 'refused', reason: 'authentication-failed' }
    return { type: 'message', kind: frame.kind, body: new ByteReader(this.#joined(frame.body)) }
  }

  wipe(): void {
    this.#authenticator.wipe()
    for (const part of this.#parts) part.fill(0)
    this.#parts = []
  }

  #keepPart(frame: Frame, expected: readonly Kind[]): Opened {
    const isFull = frame.body.length === partBytes
    if (expected.length === 0 || !isFull || this.#partsBytes + partBytes > maxBodyBytes) {
      return { type: 'refused', reason: expected.length === 0 ? 'out-of-sequence' : 'malformed-message' }
    }
    this.#authenticator.absorb(frame.signed)
    this.#parts.push(frame.body)
    this.#partsBytes += partBytes
    return { type: 'part' }
  }

  #joined(last: Uint8Array): Uint8Array {
    if (this.#parts.length === 0) return last
    const body = new Uint8Array(this.#partsBytes + last.length)
    for (const [i, part] of this.#parts.entries()) {
      body.set(part, i * partBytes)
      part.fill(0)
    }
    body.set(last, this.#partsBytes)
    this.#parts = []
    this.#partsBytes = 0
    return body
  }

  #tagHolds(frame: Frame): boolean {
    const pad = padOf[frame.kind]
    if (pad === undefined || !frame.tag) return true
    return equalBytes(frame.tag, this.#authenticator.tag(pad, this.#context(this.#peer, frame.kind)))
  }

  #context(direction: Role, kind: Kind): Uint8Array {
    return asciiBytes(`qsec/qkd/${protocolVersion} ${direction} ${kind} ${padOf[kind]} ${this.label}`)
  }
}

function peerAbort(frame: Frame): Opened {
  const body = new ByteReader(frame.body)
  const reason = abortReasons[body.u8()]
  if (!body.finish() || !reason) return { type: 'refused', reason: 'malformed-message' }
  return { type: 'peer-abort', reason }
}
