/**
 * A relay for simulations: the real one's stream, in memory, with the rules of its room around it. SM11
 * (tests/sim/relay-contract.test.ts) holds those rules against the real room's, step by step.
 */
import type { Answer, Base64Url, DeviceId, Incarnation, MessageId, Ordered, RefusalCode, Resumed } from '@qsec/protocol'
import { limits } from '@qsec/protocol'
import { RingBudget } from '../../../../server/src/stream/ring-budget.ts'
import { type CommitMark, Stream } from '../../../../server/src/stream/stream.ts'
import type { FrameKind } from '../outbox.ts'
import type { SimClock } from './sim-clock.ts'
import type { Rejoin } from './sim-groups.ts'

export interface RelayFrame {
  kind: FrameKind | 'commit'
  inc: Incarnation
  seq: number
  epoch: number
  id: string
  device: string
  ct: string
  atMs: number
  /** By a commit, of which only the relay is told. */
  removed?: readonly string[]
}
export interface RelayWelcome {
  to: string
  ct: string
  inc: Incarnation
  seq: number
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
  removed: readonly string[]
}

/** What outlives the relay's process. */
interface Disk {
  epoch: number
  seqMark: number
  begunBy: CommitMark | undefined
  /** By device. */
  requests: Map<string, string>
  /** Members that a commit took out. */
  gone: ReadonlySet<string>
}

/** A new mark is written for every so many sequence numbers; a restart skips to its end. */
const markEvery = 1_024

export class SimRelay {
  readonly #clock: SimClock
  readonly #ringFrames: number
  /** Every frame that was ever ordered, for the checks. */
  readonly history: RelayFrame[] = []
  /** Frames of commits that it has withdrawn. */
  readonly withdrawn: Set<string> = new Set()
  /** Those of its present life: afterwards it knows nothing of them, and takes the same bytes as any others. */
  readonly withdrawnNow: Set<string> = new Set()
  /** By sequence number: those of the present life. */
  readonly #published = new Map<number, RelayFrame>()
  #lives = 0
  #disk: Disk
  #stream: Stream
  #listeners = new Map<string, (event: RelayEvent) => void>()
  #welcomes: CommitParts['welcomes'] = []
  /** The requests that the pending commit's Welcomes answer. */
  #answers = new Map<string, string>()
  /** Kept until their devices say that they have them. */
  readonly #held = new Map<string, RelayWelcome>()
  readonly #answered = new Map<string, string>()
  #endStandTimer: (() => void) | undefined
  /** Frames above this are refused. */
  messageBytes: number = Number.POSITIVE_INFINITY
  /** Why the relay refuses a message, should it. */
  refuses: (device: string, id: string) => RefusalCode | undefined = () => undefined
  /** Whether it dies between writing a commit to its disk and telling anybody. */
  dies: () => boolean = () => false
  onRestart: () => void = () => undefined
  onStands: (epoch: number, ct: string, early: boolean) => void = () => undefined

  constructor(clock: SimClock, epoch: number, ringFrames: number = ring.ringFrames) {
    this.#clock = clock
    this.#ringFrames = ringFrames
    this.#disk = { epoch, seqMark: 0, begunBy: undefined, requests: new Map(), gone: new Set() }
    this.#stream = this.#open(false)
  }

  /** Who was taken out. */
  get gone(): ReadonlySet<string> {
    return this.#disk.gone
  }

  get position(): { inc: Incarnation; epoch: number; seq: number } {
    return this.#stream.position
  }

  join(device: string, inc: Incarnation, seq: number, listen: (event: RelayEvent) => void): Answer<Resumed> {
    if (this.#disk.gone.has(device)) return refusal('no-access')
    const { position } = this.#stream
    const frames = this.#stream.after({ inc, seq })
    this.#listeners.set(device, listen)
    for (const frame of frames ?? []) {
      listen({ type: 'frame', frame: this.#published.get(frame.seq)! })
      if (frame.type === 'commit' && frame.verdict) listen({ type: frame.verdict, seq: frame.seq })
    }
    const { standing } = this.#stream
    const isNews = standing?.device === device && !frames?.some((frame) => frame.seq === standing.seq)
    if (isNews) listen({ type: 'stands', seq: standing.seq })
    const welcome = this.#held.get(device)
    if (welcome && welcome.inc === inc && seq >= welcome.seq) this.#held.delete(device)
    else if (welcome) listen({ type: 'welcome', welcome })
    listen({ type: 'requests', requests: this.waiting })
    return { ok: true, ...position, recovered: frames !== undefined }
  }

  leave(device: string): void {
    if (this.#listeners.delete(device)) this.#settle()
  }

  send(device: string, kind: FrameKind, id: string, epoch: number, n: number, ct: string): Answer<Ordered> {
    if (!this.#listeners.has(device)) return refusal('not-logged-in')
    const code = ct.length > this.messageBytes ? 'too-large' : this.refuses(device, id)
    if (code) return refusal(code)
    const named = { device: device as DeviceId, id: id as MessageId, epoch }
    const verdict = this.#stream.judgeMessage({ ...named, n })
    const { inc, seq, epoch: now } = this.#stream.position
    if (verdict.type === 'known') return { ok: true, inc, seq: verdict.seq }
    if (verdict.type === 'stale-epoch') return { ...refusal('stale-epoch'), inc, epoch: now, seq }
    if (verdict.type === 'out-of-order') return { ...refusal('out-of-order'), inc, epoch: now, seq, n: verdict.n }
    if (seq + 1 > this.#disk.seqMark + markEvery) this.#write(now, this.#stream.begunBy)
    const atMs = this.#clock.nowMs()
    const frame = this.#stream.append({ event: 'encrypted_message', ...named, n, ct: ct as Base64Url, atMs })
    this.#publish({ kind, inc, seq: frame.seq, epoch, id, device, ct, atMs })
    if (this.#stream.confirms(device as DeviceId)) this.#stand()
    return { ok: true, inc, seq: frame.seq }
  }

  /** Undefined: the relay died over it. */
  commit(device: string, { id, epoch, ct, welcomes, removed }: CommitParts): Answer<Ordered> | undefined {
    if (!this.#listeners.has(device)) return refusal('not-logged-in')
    const named = { device: device as DeviceId, id: id as MessageId, epoch }
    const verdict = this.#stream.judgeCommit(named)
    const { inc, seq, epoch: now } = this.#stream.position
    if (verdict.type === 'known') {
      const { type: _, ...at } = verdict
      if (at.inc !== inc) this.#welcomeAgain(welcomes, at)
      return { ok: true, ...at }
    }
    if (verdict.type === 'stale-epoch') return { ...refusal('stale-epoch'), inc, epoch: now, seq }
    if (verdict.type !== 'free') return refusal('rate-limited')
    if (this.#stream.confirms(device as DeviceId)) this.#stand()
    this.#write(epoch + 1, { device: device as DeviceId, id: id as MessageId, inc, seq: seq + 1 }, removed)
    if (this.dies()) {
      this.#orderedUnseen(device, id, epoch, ct, removed)
      this.restart()
      return undefined
    }
    const joined = welcomes.map(({ to }) => to as DeviceId)
    const atMs = this.#clock.nowMs()
    const frame = this.#stream.commit({
      ...named,
      ct: ct as Base64Url,
      atMs,
      bundles: [],
      joined,
      removed: [...removed] as DeviceId[],
    })
    this.#welcomes = welcomes
    this.#answers = new Map(joined.flatMap((to) => this.#asking(to)))
    this.#publish({ kind: 'commit', inc, seq: frame.seq, epoch, id, device, ct, atMs, removed })
    // It was their last frame: it is how they learn of it.
    for (const one of removed) this.#listeners.delete(one)
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
    // The Welcome for this very request is on its way.
    if (this.#held.has(device) && this.#answered.get(device) === request) return
    this.#disk.requests.set(device, request)
    this.#tellRequests()
  }

  hasWelcome(device: string): void {
    this.#held.delete(device)
  }

  /** Everything in memory is gone. */
  restart(): void {
    this.#endStandTimer?.()
    const { pending } = this.#stream
    if (pending) this.onStands(pending.epoch, this.#published.get(pending.seq)!.ct, false)
    this.#listeners.clear()
    this.#welcomes = []
    this.#answers.clear()
    this.#held.clear()
    this.#answered.clear()
    this.#published.clear()
    this.withdrawnNow.clear()
    this.#stream = this.#open(true)
    this.onRestart()
  }

  /** A copy of its disk from now, for `rewind`. */
  backup(): () => void {
    const { requests, ...kept } = this.#disk
    const copy = { ...kept, requests: new Map(requests) }
    return () => {
      this.#disk = copy
      this.restart()
    }
  }

  /** A second relay that says it is this one, and goes on by itself from here. */
  fork(): SimRelay {
    const twin = new SimRelay(this.#clock, 0)
    twin.#disk = { ...this.#disk, requests: new Map(this.#disk.requests) }
    const { inc, epoch, seq } = this.#stream.position
    twin.#stream = new Stream(
      { inc, epoch, lastSeq: seq, restarted: true, begunBy: this.#stream.begunBy },
      ring,
      budget(),
    )
    twin.refuses = this.refuses
    return twin
  }

  #open(restarted: boolean): Stream {
    const inc = `life${this.#lives++}` as Incarnation
    const { epoch, seqMark, begunBy } = this.#disk
    const lastSeq = restarted ? seqMark + markEvery : 0
    return new Stream({ inc, epoch, lastSeq, restarted, begunBy }, { ...ring, ringFrames: this.#ringFrames }, budget())
  }

  #write(epoch: number, begunBy: CommitMark | undefined, removed: readonly string[] = []): void {
    const gone = new Set([...this.#disk.gone, ...removed])
    this.#disk = { ...this.#disk, epoch, seqMark: this.#stream.position.seq, begunBy, gone }
  }

  /** The commit is on disk and nowhere else. */
  #orderedUnseen(device: string, id: string, epoch: number, ct: string, removed: readonly string[]): void {
    const { inc, seq } = this.#stream.position
    const atMs = this.#clock.nowMs()
    this.history.push({ kind: 'commit', inc, seq: seq + 1, epoch, id, device, ct, atMs, removed })
    this.onStands(epoch, ct, false)
  }

  #publish(frame: RelayFrame): void {
    this.history.push(frame)
    this.#published.set(frame.seq, frame)
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
    const { ct, atMs, removed = [] } = this.#published.get(commit.seq)!
    for (const device of removed) this.#disk.requests.delete(device)
    const judged = [...this.#listeners.keys()].some(
      (device) => device !== commit.committer && !commit.welcomed.includes(device as DeviceId),
    )
    this.onStands(commit.epoch, ct, judged && this.#clock.nowMs() < atMs + limits.commitStandsMs)
    for (const listen of this.#listeners.values()) listen({ type: 'stands', seq: commit.seq })
    this.#release(this.#welcomes, this.#answers, { inc: this.#stream.inc, seq: commit.seq })
    this.#welcomes = []
    this.#answers.clear()
  }

  #welcomeAgain(given: CommitParts['welcomes'], at: { inc: Incarnation; seq: number }): void {
    const welcomes = given.filter(({ to }) => this.#disk.requests.has(to))
    this.#release(welcomes, new Map(welcomes.flatMap(({ to }) => this.#asking(to))), at)
  }

  #release(
    welcomes: CommitParts['welcomes'],
    answers: ReadonlyMap<string, string>,
    at: { inc: Incarnation; seq: number },
  ): void {
    for (const [device, asked] of answers) {
      this.#answered.set(device, asked)
      if (this.#disk.requests.get(device) === asked) this.#disk.requests.delete(device)
    }
    for (const { to, ct } of welcomes) {
      const welcome = { to, ct, ...at }
      this.#held.set(to, welcome)
      this.#listeners.get(to)?.({ type: 'welcome', welcome })
    }
    if (welcomes.length > 0) this.#tellRequests()
  }

  #withdraw(): void {
    this.#endStandTimer?.()
    const { pending } = this.#stream
    if (!pending) return
    this.#write(pending.epoch, pending.after)
    const back = this.#published.get(pending.seq)!.removed ?? []
    this.#disk = { ...this.#disk, gone: new Set([...this.#disk.gone].filter((device) => !back.includes(device))) }
    this.#stream.withdraw()
    this.#welcomes = []
    this.#answers.clear()
    const { ct } = this.#published.get(pending.seq)!
    this.withdrawn.add(ct)
    this.withdrawnNow.add(ct)
    for (const listen of this.#listeners.values()) listen({ type: 'withdrawn', seq: pending.seq })
    this.#tellRequests()
  }

  #asking(device: string): [string, string][] {
    const request = this.#disk.requests.get(device)
    return request === undefined ? [] : [[device, request]]
  }

  /** Requests that nobody has answered. */
  get waiting(): Rejoin[] {
    const waiting = [...this.#disk.requests].map(([device, request]) => ({ device, request }))
    return waiting.sort((a, b) => (a.device < b.device ? -1 : 1))
  }

  #tellRequests(): void {
    for (const listen of this.#listeners.values()) listen({ type: 'requests', requests: this.waiting })
  }
}

const ring = { ringFrames: 4_096, ringBytes: limits.ringBytes, ringAgeMs: limits.ringAgeMs }
const budget = () => new RingBudget(limits.ringBytesInAll)

function refusal(code: RefusalCode): { ok: false; code: RefusalCode; message: string } {
  return { ok: false, code, message: code }
}
