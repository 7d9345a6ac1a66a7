/**
 * Frames into a room that keeps them: they are on disk before anybody hears of them, the sender included. What arrives while
 * one write is on its way is gathered for the next, so that a flush of the disk serves many.
 */
import type { Answer, EncryptedMessage, Ordered } from '@qsec/protocol'
import { putFrames } from '../store/kept.ts'
import type { MessageEvent, StoredMessage } from '../stream/frame.ts'
import type { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import { channelFor, hand, takeMessage } from './messages.ts'
import { refuseNonMember, refuseOrder, refuseStale, unavailable } from './refuse.ts'
import type { Room } from './room.ts'

/** Frames and bytes of one transaction: others wait for it. */
const framesAtOnce = 512
const bytesAtOnce = 4_194_304

type SentMessage = EncryptedMessage & { to?: string }

interface Arrival {
  seat: Seat
  name: MessageEvent
  message: SentMessage
  answer: (answer: Answer<Ordered>) => void
}

/** The messages of one transaction for one stream. */
interface Run {
  frames: { frame: StoredMessage; seat: Seat; wakes: boolean; answers: Arrival['answer'][] }[]
  byId: Map<string, Arrival['answer'][]>
  next: Map<Seat['device'], { epoch: number; n: number }>
}

export class Arrivals {
  readonly #room: Room
  #waiting: Arrival[] = []
  #waitingBytes = 0
  #isDue = false

  constructor(room: Room) {
    this.#room = room
  }

  /** Resolves once the message is on disk, or refused: at once where too much waits already. */
  take(seat: Seat, name: MessageEvent, message: SentMessage): Promise<Answer<Ordered>> {
    const { kept, limits } = this.#room.core
    const bytes = message.ct.length
    const isTooMuch =
      this.#waitingBytes + bytes > limits.keptWaitingBytesPerRoom ||
      kept.waitingBytes + bytes > limits.keptWaitingBytesInAll
    if (isTooMuch) return Promise.resolve(unavailable())
    this.#count(bytes)
    return new Promise((answer) => {
      this.#waiting.push({ seat, name, message, answer })
      this.#drainSoon()
    })
  }

  #drainSoon(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#room.later(async () => {
      this.#isDue = false
      await this.#drain()
      if (this.#waiting.length > 0) this.#drainSoon()
    })
  }

  async #drain(): Promise<void> {
    const room = this.#room
    const runs = new Map<Channel, Run>()
    const refusals: (() => void)[] = []
    for (const arrival of this.#takeSome()) {
      const { seat, name, message, answer } = arrival
      if (room.ended || room.seats.get(seat.device) !== seat || seat.role !== 'member') {
        answer(refuseNonMember())
      } else if (!room.keeping) {
        answer(await takeMessage(room, seat, name, message)) // switched off meanwhile
      } else {
        const refused = judge(room, arrival, runs)
        if (refused) refusals.push(() => answer(refused))
      }
    }
    if (await this.#write(runs)) {
      for (const [channel, run] of runs) {
        for (const { frame, seat, wakes, answers } of run.frames) {
          hand(room, channel, seat, channel.stream.append(frame))
          if (wakes) room.pushes.wake(channel, seat.device)
          room.keeping?.kept(channel, frame)
          for (const answer of answers) answer({ ok: true, inc: channel.stream.inc, seq: frame.seq })
        }
      }
      room.keeping?.shrink()
    } else {
      for (const run of runs.values()) {
        for (const { answers } of run.frames) for (const answer of answers) answer(unavailable())
      }
    }
    for (const refuse of refusals) refuse()
  }

  #takeSome(): Arrival[] {
    let bytes = 0
    let count = 0
    for (const { message } of this.#waiting) {
      if (count === framesAtOnce || bytes > bytesAtOnce) break
      bytes += message.ct.length
      count += 1
    }
    this.#count(-bytes)
    return this.#waiting.splice(0, count)
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes
    this.#room.core.kept.waitingBytes += bytes
  }

  /** All of it, or nothing. */
  async #write(runs: ReadonlyMap<Channel, Run>): Promise<boolean> {
    const changes = []
    const marks: (() => void)[] = []
    for (const [channel, { frames, next }] of runs) {
      if (frames.length === 0) continue
      changes.push(putFrames(channel, frames.map(({ frame }) => frame), next)) // biome-ignore format: one thing
      if (!channel.needsMarkFor(frames.length)) continue
      const { position, begunBy } = channel.stream
      const place = channel.placeOnDisk(position.epoch, begunBy)
      changes.push(place.change)
      marks.push(place.marked)
    }
    if (changes.length === 0) return true
    try {
      await this.#room.core.store.durable(...changes)
    } catch {
      return false // the senders are told to try again
    }
    for (const marked of marks) marked()
    return true
  }
}

/** Gives the message its place behind those before it; or why not. */
function judge(
  room: Room,
  { seat, name, message, answer }: Arrival,
  runs: Map<Channel, Run>,
): Answer<Ordered> | undefined {
  const channel = channelFor(seat, message.pair)
  if (!channel) return refuseNonMember()
  if (message.to !== undefined && message.to !== channel.peerOf(seat.device)) return refuseNonMember()
  const run: Run = runs.get(channel) ?? { frames: [], byId: new Map(), next: new Map() }
  runs.set(channel, run)
  const { device } = seat
  const { id, epoch, n, ct } = message
  const twin = run.byId.get(`${device}${id}`)
  if (twin) {
    twin.push(answer)
    return undefined
  }
  const { stream } = channel
  const verdict = stream.judgeMessage({ device, id, epoch, n }, run.next.get(device)?.n)
  switch (verdict.type) {
    case 'known':
      return { ok: true, inc: stream.inc, seq: verdict.seq }
    case 'stale-epoch':
      return refuseStale(stream.position)
    case 'out-of-order':
      return refuseOrder(stream.position, verdict.n)
    case 'free': {
      const seq = stream.position.seq + run.frames.length + 1
      const common = { seq, epoch, device, id, ct, atMs: room.core.now() }
      const answers = [answer]
      run.frames.push({
        frame: { ...common, type: 'message', event: name, n },
        seat,
        wakes: message.wakes === true,
        answers,
      })
      run.byId.set(`${device}${id}`, answers)
      run.next.set(device, { epoch, n: n + 1 })
      return undefined
    }
  }
}
