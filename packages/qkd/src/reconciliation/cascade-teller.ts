/** Cascade's answering side: holds the reference frame and says parities of it, counting each. */
import { packBits } from '../bits.ts'
import type { CascadeQuestion } from './cascade-question.ts'
import { type CascadeSchedule, inOrderOf } from './cascade-schedule.ts'

export class CascadeTeller {
  readonly #schedule: CascadeSchedule
  /** prefix[pass][i] is the parity of the first i bits in the order of the pass. */
  readonly #prefix: readonly Uint8Array[]
  #leakedBits = 0

  constructor(schedule: CascadeSchedule, frame: Uint8Array) {
    this.#schedule = schedule
    this.#prefix = schedule.passes.map((pass) => {
      const prefix = new Uint8Array(frame.length + 1)
      inOrderOf(pass, frame).forEach((bit, i) => {
        prefix[i + 1] = prefix[i]! ^ bit
      })
      return prefix
    })
  }

  /** Parities said so far. */
  get leakedBits(): number {
    return this.#leakedBits
  }

  /** Parities of the top blocks of all passes. They are always asked for, so one message brings them all. */
  top(): Uint8Array {
    const parities: number[] = []
    this.#schedule.passes.forEach((pass, p) => {
      for (let block = 0; block < pass.saidBlocks; block++) {
        const start = block * pass.blockBits
        parities.push(this.#parity(p, start, Math.min(this.#schedule.n, start + pass.blockBits)))
      }
    })
    return this.#say(parities)
  }

  answer(question: CascadeQuestion): Uint8Array {
    const parities: number[] = []
    for (let i = 0; i < question.ranges.length; i += 2) {
      parities.push(this.#parity(question.pass, question.ranges[i]!, question.ranges[i + 1]!))
    }
    return this.#say(parities)
  }

  wipe(): void {
    for (const prefix of this.#prefix) prefix.fill(0)
  }

  #parity(pass: number, start: number, end: number): number {
    return this.#prefix[pass]![start]! ^ this.#prefix[pass]![end]!
  }

  /** The one door through which parities leave, and the one place where they are counted. */
  #say(parities: readonly number[]): Uint8Array {
    this.#leakedBits += parities.length
    return packBits(Uint8Array.from(parities))
  }
}
