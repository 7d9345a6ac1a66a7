/**
 * Sessions that can be taken up again. Such a session keeps the chance it drew and the messages it heard; replaying them
 * gives its state again, byte for byte.
 *
 * The chance that the next message may take is drawn before that message comes, so that it stands in every state saved
 * until then. Hence a state that is one message old says the same again: the peer never meets two messages of one
 * sequence number, and no pad tags two texts.
 */
import { equalBytes } from '../authentication.ts'
import { ByteReader, ByteWriter } from '../bytes.ts'
import { type SecureRandom, secureBytes, secureRandom } from '../random.ts'
import { sha256 } from '../sha256.ts'
import { maxMessageBytes } from './messages.ts'
import type { Session, SessionResult, SessionStep } from './result.ts'

/** Starts a session, always with the same options but for the chance. */
export type StartSession = (random: SecureRandom) => Session

export interface ResumableSession extends Session {
  /** Messages heard so far; the peer's next one to handle has this index. */
  readonly heard: number
  /** Messages said so far, oldest first. After a cut connection send those that the peer has not heard. */
  readonly said: readonly Uint8Array[]
  /**
   * The session as bytes: secret, to be sealed by the caller. Save at least once between two messages handled, before or
   * after sending. Runs with more than a million pulses or bits make megabytes of it.
   */
  save(): Uint8Array
  /** Forgets everything, once nothing has to be said again. */
  wipe(): void
  /** What may be shown of it. */
  toJSON(): unknown
}

export type Resumed =
  | { ok: true; session: ResumableSession; done: SessionResult | undefined }
  /** Not bytes of `save`, or of a session that was started with other options. */
  | { ok: false; reason: 'malformed' | 'other-session' }

export function startResumable(random: SecureRandom, start: StartSession): ResumableSession {
  return new RecordedSession(random, start, new Uint8Array(0))
}

/** @param start - with the options of the session that was saved */
export function resumeSession(saved: Uint8Array, random: SecureRandom, start: StartSession): Resumed {
  const state = parseState(saved)
  if (!state) return { ok: false, reason: 'malformed' }
  const session = new RecordedSession(random, start, state.tape)
  state.tape.fill(0)
  let done: SessionResult | undefined
  for (const message of state.heard) done = session.handle(message).done ?? done
  if (state.cancelled) done = session.cancel().done ?? done
  if (session.said.length !== state.saidCount || !equalBytes(session.digest(), state.saidDigest)) {
    session.wipe()
    return { ok: false, reason: 'other-session' }
  }
  return { ok: true, session, done }
}

const stateVersion = 1
const digestBytes = 32

class RecordedSession implements ResumableSession {
  readonly first: SessionStep
  readonly #session: Session
  readonly #tape: Tape
  readonly #heard: Uint8Array[] = []
  readonly #said: Uint8Array[] = []
  #cancelled = false
  #over = false
  #digest: Uint8Array = new Uint8Array(digestBytes)
  #digested = 0

  constructor(random: SecureRandom, start: StartSession, tape: Uint8Array) {
    this.#tape = new Tape(random, tape)
    this.#session = start(this.#tape.random)
    this.first = this.#keep(this.#session.first)
  }

  get heard(): number {
    return this.#heard.length
  }

  get said(): readonly Uint8Array[] {
    return this.#said
  }

  get drawsNext(): number {
    return this.#session.drawsNext
  }

  handle(message: Uint8Array): SessionStep {
    if (!(message instanceof Uint8Array)) return this.#keep(this.#session.handle(message))
    // What is longer is refused whatever it says.
    const own = message.slice(0, maxMessageBytes + 1)
    const wasOver = this.#over
    const step = this.#keep(this.#session.handle(own))
    if (!wasOver || step.done) this.#heard.push(own)
    return step
  }

  cancel(): SessionStep {
    this.#cancelled = true
    return this.#keep(this.#session.cancel())
  }

  save(): Uint8Array {
    const writer = new ByteWriter().u8(stateVersion).u8(this.#cancelled ? 1 : 0)
    const tape = this.#tape.bytes
    writer.u32(tape.length).bytes(tape).u32(this.#heard.length)
    for (const message of this.#heard) writer.u32(message.length).bytes(message)
    return writer.u32(this.#said.length).bytes(this.digest()).finish()
  }

  /** Of all that was said: who replays must come to the same. */
  digest(): Uint8Array {
    for (; this.#digested < this.#said.length; this.#digested++) {
      this.#digest = sha256(this.#digest, this.#said[this.#digested]!)
    }
    return this.#digest
  }

  wipe(): void {
    this.#session.cancel()
    this.#tape.wipe()
    for (const message of [...this.#heard, ...this.#said]) message.fill(0)
    this.#heard.length = 0
    this.#said.length = 0
  }

  toJSON(): unknown {
    return { session: this.#session, heard: this.#heard.length, said: this.#said.length }
  }

  #keep(step: SessionStep): SessionStep {
    if (step.done) this.#over = true
    for (const message of step.send) this.#said.push(message.slice())
    this.#tape.drawAhead(this.#session.drawsNext)
    return step
  }
}

/** Chance that is kept, read from the beginning and drawn where it ends. */
class Tape {
  readonly random: SecureRandom
  readonly #source: SecureRandom
  #bytes: Uint8Array
  #length: number
  #at = 0

  constructor(source: SecureRandom, bytes: Uint8Array) {
    this.#source = source
    this.#bytes = bytes.slice()
    this.#length = bytes.length
    this.random = secureRandom((byteLength) => this.#take(byteLength))
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  drawAhead(byteLength: number): void {
    const missing = byteLength - (this.#length - this.#at)
    if (missing <= 0) return
    if (this.#length + missing > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(this.#length + missing, 2 * this.#bytes.length))
      longer.set(this.bytes)
      this.#bytes.fill(0)
      this.#bytes = longer
    }
    const drawn = secureBytes(this.#source, missing)
    this.#bytes.set(drawn, this.#length)
    drawn.fill(0)
    this.#length += missing
  }

  wipe(): void {
    this.#bytes.fill(0)
    this.#bytes = new Uint8Array(0)
    this.#length = 0
    this.#at = 0
  }

  #take(byteLength: number): Uint8Array {
    this.drawAhead(byteLength)
    this.#at += byteLength
    return this.#bytes.slice(this.#at - byteLength, this.#at)
  }
}

interface SavedState {
  cancelled: boolean
  tape: Uint8Array
  heard: Uint8Array[]
  saidCount: number
  saidDigest: Uint8Array
}

function parseState(saved: Uint8Array): SavedState | undefined {
  const reader = new ByteReader(saved)
  const version = reader.u8()
  const cancelled = reader.u8()
  const tape = reader.bytes(reader.u32()).slice()
  const count = reader.u32()
  // Each message has at least its length.
  if (version !== stateVersion || cancelled > 1 || count > reader.left / 4) return undefined
  const heard = Array.from({ length: count }, () => reader.bytes(reader.u32()))
  const saidCount = reader.u32()
  const saidDigest = reader.bytes(digestBytes)
  return reader.finish() ? { cancelled: cancelled === 1, tape, heard, saidCount, saidDigest } : undefined
}
