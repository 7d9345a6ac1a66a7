/** Cascade's answering side: holds the reference frames and says parities of them, counting each. */
import { ByteReader } from '../../bytes.ts'
import { BitReader, BitWriter, encodeParities, isPacked } from './bit-stream.ts'
import { BlockLeaves } from './block-leaves.ts'
import { CheckLeaves } from './check-leaves.ts'
import { Flight } from './flight.ts'
import { foldFrame, maskParity } from './fold.ts'
import { framesOf, scratchFor } from './frames.ts'
import { otherPass } from './known-places.ts'
import { operation } from './operations.ts'
import type { Partition } from './partition.ts'
import { type CascadePlan, maxChecks, maxRounds, partsFor, saidBlocks } from './plan.ts'

interface FrameState {
  bits: Int32Array
  sum: Int32Array
  passes: BlockLeaves[]
  /** Whether the first pass can be searched as a whole, which is only ever done at the beginning. */
  fresh: boolean
  /** Checks that were searched, by number. */
  checks: Map<number, CheckLeaves>
  checksMade: number
  /** The last pass after the first that was searched; what it says helps in the first. */
  searched: number
  flight: Flight<Partition>
  done: boolean
}

export class CascadeTeller {
  readonly #plan: CascadePlan
  readonly #frames: FrameState[]
  readonly #out: BitWriter = new BitWriter()
  #leakedBits = 0
  #rounds = 0
  #closed = false

  /** @param frames - reference frames, packed as `packWords` does; read until the search is over, never changed */
  constructor(plan: CascadePlan, frames: readonly Uint32Array[]) {
    this.#plan = plan
    const scratch = scratchFor(plan)
    this.#frames = framesOf(plan, frames).map((bits) => ({
      bits,
      sum: foldFrame(plan.fold, bits),
      passes: plan.passes.map((pass) => new BlockLeaves(pass, bits, scratch)),
      fresh: true,
      checks: new Map(),
      checksMade: plan.firstChecks,
      searched: 0,
      flight: new Flight(),
      done: false,
    }))
  }

  /** Parities said so far. */
  get leakedBits(): number {
    return this.#leakedBits
  }

  /** Top parities of all passes and the first checks. They would be asked for anyway, so one message brings them all. */
  top(): Uint8Array {
    for (const { passes, sum } of this.#frames) {
      passes.forEach((leaves, pass) => {
        for (let block = 0; block < saidBlocks(this.#plan, pass); block++) this.#out.bit(leaves.blockParity(block))
      })
      for (let check = 0; check < this.#plan.firstChecks; check++) {
        this.#out.bit(maskParity(this.#plan.mask(check), sum))
      }
    }
    return this.#say()
  }

  /** undefined for a question that is none, that no honest asker would ask, or that comes after too many others. */
  answer(question: Uint8Array): Uint8Array | undefined {
    if (this.#closed) return undefined
    this.#closed = true // opened again only if all of the question holds
    const round = this.#rounds++
    if (round >= maxRounds) return undefined
    const reader = new ByteReader(question)
    let expected = 0
    for (const { flight, done } of this.#frames) if (!done && flight.count > 0) expected += flight.differences()
    const packed = reader.bytes((expected + 7) >> 3)
    if (!isPacked(packed, expected)) return undefined
    const differences = new BitReader(packed)
    for (const frame of this.#frames) {
      if (frame.done) continue
      if (frame.flight.count > 0) frame.flight.follow(differences)
      if (frame.flight.count === 0 && !this.#begin(frame, reader)) return undefined
      if (frame.done) continue
      frame.flight.nextLevel(partsFor(this.#plan, frame.flight.count, round))
      frame.flight.say(this.#out)
    }
    if (!reader.finish() || this.#out.count === 0) return undefined
    this.#closed = false
    return this.#say()
  }

  wipe(): void {
    this.#closed = true
    for (const { bits, sum, passes } of this.#frames) {
      bits.fill(0)
      sum.fill(0)
      for (const leaves of passes) leaves.wipe()
    }
  }

  #begin(frame: FrameState, reader: ByteReader): boolean {
    const code = reader.u8()
    if (code === operation.done) {
      frame.done = true
      return true
    }
    if (code === operation.first) return beginFirst(frame, reader)
    frame.fresh = false
    if (code === operation.again) {
      const pass = reader.u8()
      if (pass >= frame.passes.length) return false
      frame.flight.begin(frame.passes[pass]!, otherPass(frame.passes, pass, frame.searched))
      if (pass > 0) frame.searched = pass
      return readLeaves(frame.flight, reader)
    }
    if (code !== operation.check) return false
    const check = reader.varint()
    if (check >= frame.checksMade) return false
    let leaves = frame.checks.get(check)
    if (!leaves) {
      leaves = new CheckLeaves(this.#plan.fold, this.#plan.mask(check), frame.bits, frame.sum)
      frame.checks.set(check, leaves)
    }
    if (this.#plan.checksFollowFinds && frame.checksMade < maxChecks) {
      this.#out.bit(maskParity(this.#plan.mask(frame.checksMade++), frame.sum))
    }
    frame.flight.begin(leaves, undefined)
    return readLeaves(frame.flight, reader)
  }

  /** The one door through which parities leave, and the one place where they are counted. */
  #say(): Uint8Array {
    this.#leakedBits += this.#out.count
    return encodeParities(this.#out)
  }
}

function beginFirst(frame: FrameState, reader: ByteReader): boolean {
  const leaves = frame.passes[0]!
  const { blocks, blockBits } = leaves.pass
  const odd = reader.bytes((blocks + 7) >> 3)
  if (!frame.fresh || !isPacked(odd, blocks)) return false
  frame.fresh = false
  frame.flight.begin(leaves, undefined)
  for (let block = 0; block < blocks; block++) {
    if (((odd[block >> 3]! >> (block & 7)) & 1) === 1) frame.flight.take(block * blockBits, leaves.blockEnd(block))
  }
  return frame.flight.count > 0
}

/** The leaves to search, as gaps between their starts; false unless each is a leaf that can be cut and needs to be. */
function readLeaves(flight: Flight<Partition>, reader: ByteReader): boolean {
  const partition = flight.partition!
  const count = reader.varint()
  if (count === 0 || count > reader.left) return false
  let start = -1
  for (let i = 0; i < count; i++) {
    start += 1 + reader.varint()
    if (!partition.isLeaf(start)) return false
    if (!flight.take(start, partition.endOf(start))) return false
  }
  return true
}
