/** A relay for simulations: the real one's stream, in memory, with the rules of its room around it. */
import type { Answer, Base64Url, DeviceId, Incarnation, MessageId, Ordered, RefusalCode, Resumed } from '@qsec/protocol'
import { limits } from '@qsec/protocol'
import { RingBudget } from '../../../../server/src/stream/ring-budget.ts'
import { Stream } from '../../../../server/src/stream/stream.ts'
import type { FrameKind } from '../outbox.ts'
import type { SimClock } from './sim-clock.ts'

export interface RelayFrame {
  kind: FrameKind | 'commit'
  inc: Incarnation
  seq: number
  epoch: number
  id: string
  device: string
  ct: string
  atMs: number
}
export interface RelayWelcome {
  to: string
  ct: string
  inc: Incarnation
  seq: number
}
/** A device asks to be added again. Only the Welcome for this very request is of use to it. */
export interface Rejoin {
  device: string
  request: string
}
export type RelayEvent =
  | { type: 'frame'; frame: RelayFrame }
  | { type: 'stands' | 'withdrawn'; seq: number }
  | { type: 'welcome'; welcome: RelayWelcome }
  | { type: 'requests'; requests: Rejoin[] }

export interface CommitParts {
  id: string
  epoch: number
  ct: string
  welcomes: { to: string; ct: string }[]
}

/** Messages above this are refused, in this relay. */
export const relayMessageBytes = 1_500

export class SimRelay {
  readonly #clock: SimClock
  /** Every frame that was ever ordered, for the checks. */
  readonly history: RelayFrame[] = []
  /** Frames of commits that it has withdrawn. */
  readonly withdrawn: Set<string> = new Set()
  readonly #lives: Incarnation[] = []
  #stream: Stream
  #listeners = new Map<string, (event: RelayEvent) => void>()
  #welcomes: { to: string; ct: string }[] = []
  /** Kept until their devices say that they have them. */
  readonly #released = new Map<string, RelayWelcome>()
  /** By device. On disk. */
  readonly #requests = new Map<string, string>()
  readonly #answered = new Set<string>()
  #endStandTimer: (() => void) | undefined
  #lastCommit: { device: string; id: string; at: Ordered } | undefined
  /** Whether a restarted relay still knows whose commit began its epoch. */
  remembersCommit = false
  /** A planted bug: it does not look at counters. */
  ignoresCounters = false
  /** Why the relay refuses a message, should it. */
  refuses: (device: string, id: string) => RefusalCode | undefined = () => undefined

  constructor(clock: SimClock, epoch: number) {
    this.#clock = clock
    this.#stream = this.#open(epoch, 0, false)
  }

  get position(): { inc: Incarnation; epoch: number; seq: number } {
    return this.#stream.position
  }

  join(device: string, inc: Incarnation, seq: number, listen: (event: RelayEvent) => void): Answer<Resumed> {
    const { position } = this.#stream
    const frames = this.#stream.after({ inc, seq })
    this.#listeners.set(device, listen)
    for (const frame of frames ?? []) {
      const full = this.history.find((one) => one.inc === position.inc && one.seq === frame.seq)!
      listen({ type: 'frame', frame: full })
    }
    const welcome = this.#released.get(device)
    if (welcome) listen({ type: 'welcome', welcome })
    listen({ type: 'requests', requests: this.#waiting() })
    return { ok: true, ...position, recovered: frames !== undefined }
  }

  leave(device: string): void {
    this.#listeners.delete(device)
    this.#settle()
  }

  send(device: string, kind: FrameKind, id: string, epoch: number, n: number, ct: string): Answer<Ordered> {
    if (!this.#listeners.has(device)) return refusal('not-logged-in')
    const code = ct.length > relayMessageBytes ? 'too-large' : this.refuses(device, id)
    if (code) return refusal(code)
    const named = { device: device as DeviceId, id: id as MessageId, epoch }
    let verdict = this.#stream.judgeMessage({ ...named, n })
    if (this.ignoresCounters && verdict.type === 'out-of-order') verdict = { type: 'free' }
    const { inc, seq, epoch: now } = this.#stream.position
    if (verdict.type === 'known') return { ok: true, inc, seq: verdict.seq }
    if (verdict.type === 'stale-epoch') return { ...refusal('stale-epoch'), inc, epoch: now, seq }
    if (verdict.type === 'out-of-order') return { ...refusal('out-of-order'), inc, epoch: now, seq, n: verdict.n }
    const atMs = this.#clock.nowMs()
    const frame = this.#stream.append({ event: 'encrypted_message', ...named, n, ct: ct as Base64Url, atMs })
    this.#publish({ kind, inc, seq: frame.seq, epoch, id, device, ct, atMs })
    if (this.#stream.confirms(device as DeviceId)) this.#stand()
    return { ok: true, inc, seq: frame.seq }
  }

  commit(device: string, { id, epoch, ct, welcomes }: CommitParts): Answer<Ordered> {
    if (!this.#listeners.has(device)) return refusal('not-logged-in')
    const last = this.#lastCommit
    if (this.remembersCommit && last?.device === device && last.id === id) return { ok: true, ...last.at }
    const named = { device: device as DeviceId, id: id as MessageId, epoch }
    const verdict = this.#stream.judgeCommit(named)
    const { inc, seq, epoch: now } = this.#stream.position
    if (verdict.type === 'known') return { ok: true, inc, seq: verdict.seq }
    if (verdict.type === 'stale-epoch') return { ...refusal('stale-epoch'), inc, epoch: now, seq }
    if (verdict.type !== 'free') return refusal('rate-limited')
    if (this.#stream.confirms(device as DeviceId)) this.#stand()
    const joined = welcomes.map(({ to }) => to as DeviceId)
    const atMs = this.#clock.nowMs()
    const frame = this.#stream.commit({ ...named, ct: ct as Base64Url, atMs, bundles: [], joined, removed: [] })
    this.#welcomes = welcomes
    this.#lastCommit = { device, id, at: { inc, seq: frame.seq } }
    this.#publish({ kind: 'commit', inc, seq: frame.seq, epoch, id, device, ct, atMs })
    this.#endStandTimer = this.#clock.after(limits.commitStandsMs, () => this.#stand())
    this.#settle()
    return { ok: true, inc, seq: frame.seq }
  }

  acknowledge(device: string, seq: number): void {
    const { pending } = this.#stream
    if (this.#listeners.has(device) && pending?.seq === seq && this.#stream.confirms(device as DeviceId)) this.#stand()
  }

  refuse(device: string, seq: number): void {
    const { pending } = this.#stream
    if (!this.#listeners.has(device) || pending?.seq !== seq || pending.committer === device) return
    if (this.#stream.refuse(device as DeviceId)) this.#settle()
  }

  ask(device: string, request: string): void {
    if (this.#answered.has(request)) return // a late copy
    this.#requests.set(device, request)
    this.#tellRequests()
  }

  hasWelcome(device: string): void {
    this.#released.delete(device)
  }

  /** Everything in memory is gone; the epoch, a mark of the sequence numbers and the requests are on disk. */
  restart(): void {
    this.#endStandTimer?.()
    this.#listeners.clear()
    this.#welcomes = []
    this.#released.clear()
    this.#answered.clear()
    const { epoch, seq } = this.#stream.position
    this.#stream = this.#open(epoch, seq + 100, true)
  }

  #open(epoch: number, lastSeq: number, restarted: boolean): Stream {
    const inc = `life${this.#lives.length}` as Incarnation
    this.#lives.push(inc)
    const ring = { ringFrames: 4_096, ringBytes: limits.ringBytes, ringAgeMs: limits.ringAgeMs }
    return new Stream({ inc, epoch, lastSeq, restarted }, ring, new RingBudget(limits.ringBytesInAll))
  }

  #publish(frame: RelayFrame): void {
    this.history.push(frame)
    for (const listen of this.#listeners.values()) listen({ type: 'frame', frame })
  }

  #settle(): void {
    const outcome = this.#stream.outcome([...this.#listeners.keys()] as DeviceId[])
    if (outcome === 'stands') this.#stand()
    if (outcome === 'withdrawn') this.#withdraw()
  }

  #stand(): void {
    this.#endStandTimer?.()
    const commit = this.#stream.stand()
    if (!commit) return
    for (const listen of this.#listeners.values()) listen({ type: 'stands', seq: commit.seq })
    for (const { to, ct } of this.#welcomes) {
      this.#answered.add(this.#requests.get(to)!)
      this.#requests.delete(to)
      const welcome = { to, ct, inc: this.#stream.inc, seq: commit.seq }
      this.#released.set(to, welcome)
      this.#listeners.get(to)?.({ type: 'welcome', welcome })
    }
    if (this.#welcomes.length > 0) this.#tellRequests()
    this.#welcomes = []
  }

  #withdraw(): void {
    this.#endStandTimer?.()
    const commit = this.#stream.withdraw()
    if (!commit) return
    this.#lastCommit = undefined
    this.#welcomes = []
    this.withdrawn.add(this.history.find(({ inc, seq }) => inc === this.#stream.inc && seq === commit.seq)!.ct)
    for (const listen of this.#listeners.values()) listen({ type: 'withdrawn', seq: commit.seq })
    this.#tellRequests()
  }

  #waiting(): Rejoin[] {
    return [...this.#requests].map(([device, request]) => ({ device, request }))
  }

  #tellRequests(): void {
    for (const listen of this.#listeners.values()) listen({ type: 'requests', requests: this.#waiting() })
  }
}

function refusal(code: RefusalCode): { ok: false; code: RefusalCode; message: string } {
  return { ok: false, code, message: code }
}
