/**
 * Cascade's correcting side, without trees: each pass keeps its places cut into leaves; each answer cuts odd leaves into
 * parts; each correction turns one leaf per pass odd or even. Serving the lowest pass with odd leaves, all of them at once,
 * is backtracking with complete reuse of sub-blocks. All frames of a batch go forward together and share each message.
 */
import { packBits } from '../../bits.ts'
import { BitReader, BitWriter, ByteBuffer, parseParities } from './bit-stream.ts'
import { OddBlockLeaves } from './block-leaves.ts'
import { CheckLeaves } from './check-leaves.ts'
import { Flight } from './flight.ts'
import { cellOf, foldFrame } from './fold.ts'
import { framesOf, scratchFor } from './frames.ts'
import { otherPass } from './known-places.ts'
import { operation } from './operations.ts'
import type { OddPartition } from './partition.ts'
import { type CascadePlan, maxChecks, maxRounds, partsFor, portionOf, saidBlocks, topParities } from './plan.ts'
import { bitOf, turnBit } from './words.ts'

interface FrameState {
  bits: Int32Array
  /** Passes that were compared so far. */
  passes: OddBlockLeaves[]
  /** Made when all passes agree. */
  checks: CheckLeaves[] | undefined
  sum: Int32Array | undefined
  /** The last pass after the first that was searched; what it says helps in the first. */
  searched: number
  flight: Flight<OddPartition>
  /** Where this frame's top parities begin. */
  topAt: number
  parity: number
  flips: number
  done: boolean
  /** A check that is made along with the search under way. */
  checkComing: boolean
}

export class CascadeAsker {
  readonly #plan: CascadePlan
  readonly #frames: FrameState[]
  readonly #scratch: Int32Array
  /** Which blocks of the first pass differ, in the frame that is being compared. */
  readonly #blocks: Uint8Array
  readonly #differences: BitWriter = new BitWriter()
  readonly #operations: ByteBuffer = new ByteBuffer()
  #top: Uint8Array = new Uint8Array(0)
  #question: Uint8Array | undefined
  #asked = 0
  #leakedBits = 0
  #rounds = 0

  /** @param frames - our frames, packed as `packWords` does; copied */
  constructor(plan: CascadePlan, frames: readonly Uint32Array[]) {
    this.#plan = plan
    this.#scratch = scratchFor(plan)
    this.#blocks = new Uint8Array(plan.passes[0]!.blocks)
    const perFrame = topParities(plan)
    this.#frames = framesOf(plan, frames).map((bits, index) => ({
      bits,
      passes: [],
      checks: undefined,
      sum: undefined,
      searched: 0,
      flight: new Flight(),
      topAt: index * perFrame,
      parity: 0,
      flips: 0,
      done: false,
      checkComing: false,
    }))
  }

  /** Parities heard so far. */
  get leakedBits(): number {
    return this.#leakedBits
  }

  /** Questions asked so far, each of which was a round trip. */
  get rounds(): number {
    return this.#rounds
  }

  /** Places where each frame now differs from what it was at first. */
  get flips(): number[] {
    return this.#frames.map(({ flips }) => flips)
  }

  /** The frames as corrected so far; copies. */
  get frames(): Uint32Array[] {
    return this.#frames.map(({ bits }) => new Uint32Array(bits))
  }

  /** One frame as corrected so far, one byte per bit; a copy. */
  frameBits(index: number): Uint8Array {
    const { bits } = this.#frames[index]!
    return Uint8Array.from({ length: this.#plan.n }, (_, position) => bitOf(bits, position))
  }

  /** Takes the first message; false if it does not hold as many parities as planned. */
  hearTop(message: Uint8Array): boolean {
    const said = parseParities(message)
    if (!said || this.#top.length > 0 || said.count !== this.#frames.length * topParities(this.#plan)) return false
    this.#leakedBits += said.count
    this.#top = said.bits.bytes.slice()
    return this.#next()
  }

  /** What to ask next; undefined when every frame is done, or something was refused. */
  ask(): Uint8Array | undefined {
    return this.#question
  }

  /** Takes the answer to the last question; false if it cannot be one, or contradicts what was said before. */
  hear(answer: Uint8Array): boolean {
    const said = parseParities(answer)
    const awaited = this.#question !== undefined
    this.#question = undefined
    if (!said || !awaited || said.count !== this.#asked) return false
    this.#leakedBits += said.count
    for (const frame of this.#frames) {
      if (frame.done) continue
      if (frame.checkComing) this.#addCheck(frame, said.bits.bit())
      frame.flight.hear(said.bits, this.#differences)
    }
    return this.#next()
  }

  wipe(): void {
    this.#question = undefined
    this.#top.fill(0)
    for (const { bits, sum, passes } of this.#frames) {
      bits.fill(0)
      sum?.fill(0)
      for (const leaves of passes) leaves.wipe()
    }
  }

  /** Writes the next question; false if what was heard so far contradicts itself. */
  #next(): boolean {
    const operations = this.#operations
    let asked = 0
    let active = false
    for (const frame of this.#frames) {
      if (frame.done) continue
      frame.checkComing = false
      while (frame.flight.count === 0 && !frame.done) {
        // What is found without a question is turned before the next leaves are chosen.
        if (!this.#correct(frame) || !this.#choose(frame, operations)) return false
      }
      if (frame.done) continue
      active = true
      frame.flight.nextLevel(partsFor(this.#plan, frame.flight.count, this.#rounds))
      asked += frame.flight.asked() + (frame.checkComing ? 1 : 0)
    }
    if (!active) return true
    if (++this.#rounds > maxRounds) return false
    this.#asked = asked
    const { byteLength } = this.#differences
    this.#question = new Uint8Array(byteLength + operations.length)
    this.#differences.takeInto(this.#question, 0)
    operations.takeInto(this.#question, byteLength)
    return true
  }

  /** The lowest pass that differs, else the next pass, else the lowest check that differs, else the frame is done. */
  #choose(frame: FrameState, operations: ByteBuffer): boolean {
    const { flight, passes } = frame
    for (let pass = 0; pass < passes.length; pass++) {
      if (passes[pass]!.oddCount > 0) return this.#again(frame, pass, operations)
    }
    while (passes.length < this.#plan.passes.length) {
      const pass = passes.length
      if (!this.#open(frame)) continue
      if (pass > 0) return this.#again(frame, pass, operations)
      if (!this.#begin(frame, passes[0]!, passes[0]!.oddCount, undefined)) return false
      operations.u8(operation.first).bytes(packBits(this.#blocks))
      return true
    }
    if (!frame.checks) this.#startChecks(frame)
    const checks = frame.checks!
    for (let check = 0; check < checks.length; check++) {
      const { oddCount } = checks[check]!
      if (oddCount === 0) continue
      if (!this.#begin(frame, checks[check]!, oddCount, undefined)) return false
      frame.checkComing = this.#plan.checksFollowFinds && checks.length < maxChecks
      operations.u8(operation.check).varint(check)
      writeLeaves(flight, operations)
      return true
    }
    operations.u8(operation.done)
    frame.done = true
    return true
  }

  #again(frame: FrameState, pass: number, operations: ByteBuffer): boolean {
    const { passes, flight, searched } = frame
    const leaves = passes[pass]!
    const portion = portionOf(this.#plan, pass, leaves.oddCount)
    if (!this.#begin(frame, leaves, portion, otherPass(passes, pass, searched))) return false
    if (flight.count === 0) return true
    if (pass > 0) frame.searched = pass
    operations.u8(operation.again).u8(pass)
    writeLeaves(flight, operations)
    return true
  }

  /** Takes so many odd leaves into the search; false if one is a single place, which true answers exclude. */
  #begin(frame: FrameState, partition: OddPartition, count: number, other: OddBlockLeaves | undefined): boolean {
    const { flight } = frame
    flight.begin(partition, other)
    let holds = true
    partition.takeOdd(count, (start, end) => {
      if (end - start > 1) flight.take(start, end)
      else holds = false
    })
    return holds
  }

  /** Compares the top parities of the next pass; true if some differ. */
  #open(frame: FrameState): boolean {
    const index = frame.passes.length
    const pass = this.#plan.passes[index]!
    const leaves = new OddBlockLeaves(pass, frame.bits, this.#scratch)
    frame.passes.push(leaves)
    const top = new BitReader(this.#top)
    top.at = frame.topAt
    const said = saidBlocks(this.#plan, index)
    let passParity = 0
    for (let block = 0; block < pass.blocks; block++) {
      const theirs = block < said ? top.bit() : frame.parity ^ passParity
      passParity ^= theirs
      const differs = leaves.blockParity(block) ^ theirs
      if (index === 0) this.#blocks[block] = differs
      if (differs === 1) leaves.markOdd(block * pass.blockBits)
    }
    if (index === 0) frame.parity = passParity
    frame.topAt = top.at
    return leaves.oddCount > 0
  }

  #startChecks(frame: FrameState): void {
    frame.checks = []
    frame.sum = foldFrame(this.#plan.fold, frame.bits)
    const top = new BitReader(this.#top)
    top.at = frame.topAt
    while (frame.checks.length < this.#plan.firstChecks) this.#addCheck(frame, top.bit())
  }

  #addCheck(frame: FrameState, theirs: number): void {
    const mask = this.#plan.mask(frame.checks!.length)
    const check = new CheckLeaves(this.#plan.fold, mask, frame.bits, frame.sum!)
    if (check.wholeParity !== theirs) check.markOdd(0)
    frame.checks!.push(check)
  }

  /** Turns the bits that were found; false if there are more than answers that hold together can lead to. */
  #correct(frame: FrameState): boolean {
    const { flight, passes, checks, bits } = frame
    const source = flight.partition
    if (!source) return true
    for (let i = 0; i < flight.foundCount; i++) {
      const position = source.positionOf(flight.found[i]!)
      // True answers turn no bit twice, so more turns than bits mean that the answers contradict each other.
      if (position >= this.#plan.n || ++frame.flips > this.#plan.n) return false
      turnBit(bits, position)
      for (let pass = 0; pass < passes.length; pass++) {
        const leaves = passes[pass]!
        if (leaves !== source) leaves.turn(leaves.placeOf(position))
      }
      if (!checks) continue
      turnBit(frame.sum!, cellOf(this.#plan.fold, position))
      for (const check of checks) {
        const place = check === source ? -1 : check.placeOf(position)
        if (place >= 0) check.turn(place)
      }
    }
    flight.foundCount = 0
    return true
  }
}

function writeLeaves(flight: Flight<OddPartition>, operations: ByteBuffer): void {
  operations.varint(flight.count)
  let previous = -1
  for (let i = 0; i < flight.count; i++) {
    operations.varint(flight.starts[i]! - previous - 1)
    previous = flight.starts[i]!
  }
}
