/** Hands other members frames of this device's copy, when the relay asks for them. */
import { type DeviceId, type GapAsked, type GapFrame, type MessageId, toBase64Url } from '@qsec/protocol'
import type { StreamFrame } from '../sync/session.ts'
import type { RoomCore } from './core.ts'

/** So many answers at once, and one more in each such time: a relay could ask for everything, over and over. */
const answersAtOnce = 256
const answerEveryMs = 250

export class GapGiver {
  readonly #core: RoomCore
  #left = answersAtOnce
  #filledMs = Number.NEGATIVE_INFINITY

  constructor(core: RoomCore) {
    this.#core = core
  }

  /** Runs in the queue, so that what it reads is stored. */
  async onAsked({ want, inc, from, to }: GapAsked): Promise<void> {
    const { address: room, transport, device, copies } = this.#core
    if (!copies || !this.#mayAnswer()) return
    const { frames, next } = await copies.read(inc, from, to)
    const given = { room, want, frames: frames.map((frame) => wireFrame(frame, device)), ...(next ? { next } : {}) }
    this.#core.beside(transport.request('gap_give', given))
  }

  #mayAnswer(): boolean {
    const { nowMs } = this.#core
    const passed = Math.max(0, nowMs - this.#filledMs) / answerEveryMs
    this.#left = Math.min(answersAtOnce, this.#left + passed)
    this.#filledMs = nowMs
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}

/** An own commit that went down with the relay came back from nowhere: it has no sender but this device. */
function wireFrame({ kind, seq, epoch, id, device, atMs, ct }: StreamFrame, own: DeviceId): GapFrame {
  return {
    seq,
    event: kind === 'commit' ? 'commit' : 'encrypted_message',
    epoch,
    id: id as MessageId,
    device: device === '' ? own : (device as DeviceId),
    at: atMs,
    ct: toBase64Url(ct),
  }
}
