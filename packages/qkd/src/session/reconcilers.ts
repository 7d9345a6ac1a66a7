/** The two ends of reconciliation, whatever the mode: all frames of a run go in lockstep and share each message. */
import { ByteReader, ByteWriter } from '../bytes.ts'
import { CascadeAsker } from '../reconciliation/cascade/asker.ts'
import { type CascadePlan, cascadePlan } from '../reconciliation/cascade/plan.ts'
import { CascadeTeller } from '../reconciliation/cascade/teller.ts'
import { OneWayAsker } from '../reconciliation/one-way/asker.ts'
import { type OneWayPlan, oneWayPlan } from '../reconciliation/one-way/plan.ts'
import { OneWayTeller } from '../reconciliation/one-way/teller.ts'
import type { FrameCut, RawKey } from './raw-key.ts'

/** Holds the reference. */
export interface Teller {
  /** Parities and bits said so far. */
  readonly leakedBits: number
  top(): Uint8Array
  /** undefined for what is no question. */
  answer(question: Uint8Array): Uint8Array | undefined
  wipe(): void
}

/** Corrects its frames to the reference. */
export interface Asker {
  readonly leakedBits: number
  /** As corrected so far; copies. */
  readonly frames: Uint32Array[]
  /** False for what cannot be the first message. */
  hearTop(message: Uint8Array): boolean
  /** undefined when there is nothing left to ask. */
  ask(): Uint8Array | undefined
  hear(answer: Uint8Array): boolean
  wipe(): void
}

/** @param seed - public, drawn after sifting */
export function tellerOf(raw: RawKey, cut: FrameCut, frames: readonly Uint32Array[], seed: Uint8Array): Teller {
  return raw.mode === 'one-way'
    ? new OneWayTellers(codePlan(raw, cut, seed), frames)
    : new CascadeTeller(passPlan(raw, cut, seed), frames)
}

export function askerOf(raw: RawKey, cut: FrameCut, frames: readonly Uint32Array[], seed: Uint8Array): Asker {
  return raw.mode === 'one-way'
    ? new OneWayAskers(codePlan(raw, cut, seed), frames)
    : new CascadeAsker(passPlan(raw, cut, seed), frames)
}

function passPlan({ qber, mode }: RawKey, { count, frameBits }: FrameCut, seed: Uint8Array): CascadePlan {
  const options = { n: frameBits, frames: count, qber, seed }
  return mode === 'low-round'
    ? cascadePlan({ ...options, variant: 'swift', mode })
    : cascadePlan({ ...options, variant: 'lean', mode: 'throughput' })
}

function codePlan({ qber }: RawKey, { frameBits }: FrameCut, seed: Uint8Array): OneWayPlan {
  // Codes for less noise than this are not made; they only say more than they had to.
  return oneWayPlan({ n: frameBits, qber: Math.max(0.002, qber), seed })
}

class OneWayTellers implements Teller {
  readonly #tellers: OneWayTeller[]

  constructor(plan: OneWayPlan, frames: readonly Uint32Array[]) {
    this.#tellers = frames.map((frame) => new OneWayTeller(plan, frame))
  }

  get leakedBits(): number {
    return this.#tellers.reduce((sum, { leakedBits }) => sum + leakedBits, 0)
  }

  top(): Uint8Array {
    return joined(this.#tellers.map((teller) => teller.syndrome()))
  }

  answer(question: Uint8Array): Uint8Array | undefined {
    const asked = parted(question, this.#tellers.length)
    if (!asked || asked.every(({ length }) => length === 0)) return undefined
    const answers: Uint8Array[] = []
    for (const [i, part] of asked.entries()) {
      const answer = part.length > 0 ? this.#tellers[i]!.answer(part) : part
      if (!answer) return undefined
      answers.push(answer)
    }
    return joined(answers)
  }

  wipe(): void {
    for (const teller of this.#tellers) teller.wipe()
  }
}

/** Frames that were given up stay as they were; verification finds them. */
class OneWayAskers implements Asker {
  readonly #askers: OneWayAsker[]
  readonly #before: readonly Uint32Array[]

  constructor(plan: OneWayPlan, frames: readonly Uint32Array[]) {
    this.#askers = frames.map((frame) => new OneWayAsker(plan, frame))
    this.#before = frames.map((frame) => frame.slice())
  }

  get leakedBits(): number {
    return this.#askers.reduce((sum, { leakedBits }) => sum + leakedBits, 0)
  }

  get frames(): Uint32Array[] {
    return this.#askers.map((asker, i) => asker.corrected ?? this.#before[i]!.slice())
  }

  hearTop(message: Uint8Array): boolean {
    const parts = parted(message, this.#askers.length)
    return parts?.every((part, i) => this.#askers[i]!.hearSyndrome(part)) ?? false
  }

  ask(): Uint8Array | undefined {
    const questions = this.#askers.map((asker) => asker.ask() ?? new Uint8Array(0))
    return questions.some(({ length }) => length > 0) ? joined(questions) : undefined
  }

  hear(answer: Uint8Array): boolean {
    const parts = parted(answer, this.#askers.length)
    return parts?.every((part, i) => part.length === 0 || this.#askers[i]!.hear(part)) ?? false
  }

  wipe(): void {
    for (const asker of this.#askers) asker.wipe()
    for (const frame of this.#before) frame.fill(0)
  }
}

/** Each with its length before it. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter()
  for (const part of parts) writer.varint(part.length).bytes(part)
  return writer.finish()
}

function parted(message: Uint8Array, count: number): Uint8Array[] | undefined {
  const reader = new ByteReader(message)
  const parts = Array.from({ length: count }, () => reader.bytes(reader.varint()))
  return reader.finish() ? parts : undefined
}
