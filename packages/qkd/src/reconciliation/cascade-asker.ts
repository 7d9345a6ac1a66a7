/**
 * Cascade's correcting side, without trees: each pass keeps its places cut into leaves. Each answer cuts odd leaves
 * into parts; each correction turns one leaf per pass odd or even. Serving the lowest pass with odd leaves, all of them at
 * once, is backtracking with complete reuse of sub-blocks.
 */
import { packWords, rangeParity, unpackBits } from '../bits.ts'
import type { CascadeQuestion } from './cascade-question.ts'
import { type CascadeSchedule, inOrderOf, saidTopParities } from './cascade-schedule.ts'

interface PassState {
  /** The frame in the order of this pass, packed. */
  bits: Uint32Array
  /** Place of each position of the frame in this pass. */
  placeOf: Uint32Array
  order: Uint32Array
  /** A bit at each place where a leaf begins, and one at n. */
  starts: Uint32Array
  /** A bit at the start of each leaf whose parity differs from the other side's. */
  odd: Uint32Array
  oddCount: number
}

export class CascadeAsker {
  readonly #n: number
  readonly #schedule: CascadeSchedule
  readonly #frame: Uint8Array
  readonly #passes: PassState[]
  /** Leaves of one bit that became odd: pass, place, pass, place... */
  readonly #single: number[] = []
  #asked: CascadeQuestion | undefined
  #leakedBits = 0
  #flips = 0

  /** @param frame - our frame, one byte per bit; copied */
  constructor(schedule: CascadeSchedule, frame: Uint8Array) {
    this.#n = schedule.n
    this.#schedule = schedule
    this.#frame = frame.slice()
    const words = (schedule.n >> 5) + 1
    this.#passes = schedule.passes.map((pass) => {
      const order = pass.order ?? Uint32Array.from({ length: schedule.n }, (_, i) => i)
      const placeOf = new Uint32Array(schedule.n)
      for (let i = 0; i < order.length; i++) placeOf[order[i]!] = i
      const starts = new Uint32Array(words)
      for (let at = 0; at < schedule.n; at += pass.blockBits) set(starts, at)
      set(starts, schedule.n)
      const bits = packWords(inOrderOf(pass, this.#frame))
      return { bits, placeOf, order, starts, odd: new Uint32Array(words), oddCount: 0 }
    })
  }

  /** Parities heard so far. */
  get leakedBits(): number {
    return this.#leakedBits
  }

  /** Places where the frame now differs from what it was at first. */
  get flips(): number {
    return this.#flips
  }

  /** The frame as corrected so far; a copy. */
  get frame(): Uint8Array {
    return this.#frame.slice()
  }

  /** Takes the other side's top parities; false if they are not as many as the schedule says. */
  hearTop(bytes: Uint8Array): boolean {
    const said = unpackBits(bytes, saidTopParities(this.#schedule))
    if (!said) return false
    this.#leakedBits += said.length
    let at = 0
    let frameParity = 0
    this.#schedule.passes.forEach((pass, p) => {
      let passParity = 0
      for (let block = 0; block < pass.blocks; block++) {
        const theirs = block < pass.saidBlocks ? said[at++]! : frameParity ^ passParity
        passParity ^= theirs
        const start = block * pass.blockBits
        const end = Math.min(this.#n, start + pass.blockBits)
        if (rangeParity(this.#passes[p]!.bits, start, end) !== theirs) this.#toggleLeaf(p, start)
      }
      if (p === 0) frameParity = passParity
    })
    return this.#correctSingles()
  }

  /** What to ask next; undefined when no leaf is odd any more. */
  ask(): CascadeQuestion | undefined {
    const pass = this.#passes.findIndex((state) => state.oddCount > 0)
    if (pass < 0) return undefined
    const { odd, starts, oddCount } = this.#passes[pass]!
    const ways = partsPerLeaf(oddCount)
    const ranges: number[] = []
    for (let start = nextSet(odd, 0); start >= 0; start = nextSet(odd, start + 1)) {
      const width = nextSet(starts, start + 1) - start
      const parts = Math.min(ways, width)
      for (let part = 1; part < parts; part++) {
        ranges.push(start + Math.floor((width * (part - 1)) / parts), start + Math.floor((width * part) / parts))
      }
    }
    this.#asked = { pass, ranges }
    return this.#asked
  }

  /** Takes the answer to the last question; false if it cannot be one, or contradicts what was said before. */
  hear(bytes: Uint8Array): boolean {
    const asked = this.#asked
    this.#asked = undefined
    if (!asked) return false
    const said = unpackBits(bytes, asked.ranges.length / 2)
    if (!said) return false
    this.#leakedBits += said.length
    const { bits, starts, odd } = this.#passes[asked.pass]!
    // All leaves are cut before the first bit is turned, since the answers speak of the frame as it was when asked.
    for (let i = 1; i < asked.ranges.length; i += 2) set(starts, asked.ranges[i]!)
    for (let i = 0; i < said.length; i++) {
      const start = asked.ranges[2 * i]!
      const end = asked.ranges[2 * i + 1]!
      // The mark at `start` spoke of all that was left of the leaf. Now it speaks of this part, the next of the rest.
      if (isSet(odd, start) === (rangeParity(bits, start, end) === said[i])) {
        this.#toggleLeaf(asked.pass, start)
        this.#toggleLeaf(asked.pass, end)
      } else if (isSet(odd, start) && end - start === 1) {
        this.#single.push(asked.pass, start)
      }
    }
    return this.#correctSingles()
  }

  wipe(): void {
    this.#frame.fill(0)
    for (const pass of this.#passes) {
      pass.bits.fill(0)
      pass.odd.fill(0)
    }
  }

  #correctSingles(): boolean {
    while (this.#single.length > 0) {
      const place = this.#single.pop()!
      const pass = this.#single.pop()!
      const state = this.#passes[pass]!
      if (!isSet(state.odd, place)) continue // corrected meanwhile by way of another pass
      // True answers turn no bit twice, so more turns than bits mean that the answers contradict each other.
      if (++this.#flips > this.#n) return false
      const position = state.order[place]!
      this.#frame[position]! ^= 1
      this.#passes.forEach((other, p) => {
        const at = other.placeOf[position]!
        other.bits[at >> 5]! ^= 1 << (at & 31)
        this.#toggleLeaf(p, previousSet(other.starts, at))
      })
    }
    return true
  }

  #toggleLeaf(pass: number, start: number): void {
    const state = this.#passes[pass]!
    state.odd[start >> 5]! ^= 1 << (start & 31)
    if (!isSet(state.odd, start)) {
      state.oddCount--
      return
    }
    state.oddCount++
    if (isSet(state.starts, start + 1)) this.#single.push(pass, start)
  }
}

/**
 * With few odd leaves a round trip costs more than the bit or two that finer parts leak. NOTES.md has what these
 * numbers were weighed against.
 */
function partsPerLeaf(oddLeaves: number): number {
  if (oddLeaves <= 4) return 8
  return oddLeaves <= 16 ? 4 : 2
}

function set(words: Uint32Array, at: number): void {
  words[at >> 5]! |= 1 << (at & 31)
}

function isSet(words: Uint32Array, at: number): boolean {
  return ((words[at >> 5]! >>> (at & 31)) & 1) === 1
}

/** The first set bit at or after a place; -1 if there is none. */
function nextSet(words: Uint32Array, from: number): number {
  let index = from >> 5
  if (index >= words.length) return -1
  let word = words[index]! & (-1 << (from & 31))
  while (word === 0) {
    if (++index >= words.length) return -1
    word = words[index]!
  }
  return 32 * index + 31 - Math.clz32(word & -word)
}

/** The last set bit at or before a place; there always is one, since a leaf begins at 0. */
function previousSet(words: Uint32Array, from: number): number {
  let index = from >> 5
  let word = words[index]! & (-1 >>> (31 - (from & 31)))
  while (word === 0) word = words[--index]!
  return 32 * index + 31 - Math.clz32(word)
}
