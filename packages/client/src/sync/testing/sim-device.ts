/** A device of a simulation: around a Stream, as much of a room as decides about the stream's fate. */
import {
  type Cursor,
  equalBytes,
  fromBase64Url,
  fromUtf8,
  type Incarnation,
  type MessageId,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import { type Storage, type StorageChange, StorageError } from '../../ports.ts'
import type { MemoryStorage } from '../../storage/memory.ts'
import { readGroup } from '../group-rows.ts'
import { isLacked, type Lack } from '../lacks.ts'
import { losesCommit } from '../outbox.ts'
import { decodeRow, rowKey } from '../rows.ts'
import { Serial } from '../serial.ts'
import type { Missing, PendingCommit, StreamFrame, StreamHost } from '../session.ts'
import { Stream, type StreamParts } from '../stream.ts'
import type { SeededRandom } from './sim-clock.ts'
import type { CommitPlan, Rejoin, SimApplication, SimChange, SimGroups } from './sim-groups.ts'
import type { SimLink } from './sim-link.ts'
import type { RelayEvent, RelayWelcome } from './sim-relay.ts'
import type { SimWorld } from './sim-world.ts'

export interface Content {
  id: string
  /** The sender's own count of what it says. */
  index: number
  text: string
  receipt: Cursor & { lacks: readonly Lack[]; hash?: string }
}

/** What a device took for the frame at each place behind it, and how it took it: by `placeKey`. */
export type Passed = ReadonlyMap<string, { how: string; what: number }>

export function placeKey(inc: string, seq: number): string {
  return `applied/${inc}/${seq}`
}

export interface LogEntry {
  sender: string
  id: string
  index: number
  text: string
}

/**
 * Up to where the transcript still covers what was taken before the relay led back from one place to another. A life that is
 * another one than just now begins behind that place, with a transcript of its own: nothing before it is compared there.
 */
function coveredAfter(from: Cursor, to: Cursor): Cursor {
  return from.inc === to.inc ? to : { ...to, seq: 0 }
}

const resumePauseMs = 500
const reconnectPauseMs = 1_000
const rejoinPauseMs = 10_000

export class SimDevice<G> implements StreamHost<G, SimApplication, SimChange> {
  readonly name: string
  readonly storage: MemoryStorage
  readonly log: LogEntry[] = []
  readonly fallenOutFor: string[] = []
  /** This process has ended; whatever of it is still under way comes to nothing. */
  dead = false
  stream: Stream<G, SimApplication, SimChange> | undefined
  rejoining = false
  /** Taken out of the room: it comes back no more. */
  out = false
  readonly #world: SimWorld<G>
  readonly #groups: SimGroups<G>
  readonly #random: SeededRandom
  readonly #queue = new Serial()
  readonly #timers = new Set<string>()
  readonly #applied = new Map<string, { how: string; what: number }>()
  readonly #since = new Map<string, number>()
  readonly #receipts = new Map<string, { seq: number; lacks: readonly Lack[] }>()
  readonly #ids = new Set<string>()
  #link: SimLink | undefined
  #resuming: SimLink | undefined
  #resumeAgain = false
  #said = 0
  #receiptOwed = false
  #requests: Rejoin[] = []
  #sending: string | undefined
  #askedMs = Number.NEGATIVE_INFINITY
  #asks = 0
  /** Ends this process right after so many more writes, or right before. */
  #crashIn: { writes: number; before: boolean } | undefined

  constructor(world: SimWorld<G>, name: string, storage: MemoryStorage) {
    this.#world = world
    this.#groups = world.groups
    this.#random = world.random
    this.name = name
    this.storage = storage
  }

  // --- life ------------------------------------------------------------------------------------------------------

  /** A device that is in the room from the beginning. */
  async found(group: G, inc: Incarnation, seq: number): Promise<void> {
    const { stream, changes } = Stream.begin(this.#parts(), { group, inc, seq })
    this.stream = stream
    await this.storage.apply(changes)
  }

  async load(): Promise<void> {
    for (const { value } of await this.storage.list('log/')) this.#remember(parse<LogEntry>(value))
    for (const { key, value } of await this.storage.list('applied/')) {
      const [how, what] = fromUtf8(value)!.split(' ')
      this.#applied.set(key, { how: how!, what: Number(what) })
      if (how === 'adopted') this.#world.adopted(Number(what))
    }
    for (const { key, value } of await this.storage.list('since/')) this.#since.set(key.slice(6), parse(value))
    this.#said = Math.max(-1, ...this.log.filter(({ sender }) => sender === this.name).map(({ index }) => index)) + 1
    this.stream = await Stream.load(this.#parts(), this.#groups.decode).catch((error: unknown) => {
      this.#world.violation(`${this.name}: its storage is of several moments (${String(error)})`)
      return undefined
    })
    this.rejoining = this.stream?.blocked ?? false
    if (!this.stream) this.#world.violation(`${this.name}: its storage has no stream any more`)
  }

  crashAfter(writes: number, before: boolean): void {
    this.#crashIn = { writes, before }
  }

  /** Ends the process: what is stored stays. */
  end(): void {
    this.dead = true
    this.stream?.close()
    this.disconnect()
  }

  // --- connection ------------------------------------------------------------------------------------------------

  get connected(): boolean {
    return this.#link?.open ?? false
  }

  connect(): void {
    if (this.dead || this.connected || !this.stream) return
    this.#link = this.#world.link(this.name)
    this.#resume()
  }

  /** Nothing comes or goes for a while, and nobody is told. */
  stall(forMs: number): void {
    this.#link?.stall(forMs)
  }

  disconnect(): void {
    if (!this.connected) return
    this.#link!.cut()
    this.#link!.relay.leave(this.name)
    this.stream?.disconnected()
    this.#sending = undefined
  }

  #resume(): void {
    const link = this.#link
    const stream = this.stream
    if (!link?.open || !stream) return
    // One at a time, so that an answer is never about a place before the last one.
    if (this.#resuming === link) {
      this.#resumeAgain = true
      return
    }
    this.#resuming = link
    this.#resumeAgain = false
    const { inc, seq } = stream.cursor
    if (this.out) return
    const listen = (event: RelayEvent) =>
      link.deliver(() => this.#run(() => this.#onEvent(this.#world.asTold(this.name, event))), event.type === 'frame')
    void link
      .request(() => link.relay.join(this.name, inc, seq, listen))
      .then((answer) => {
        if (link !== this.#link || !link.open) return
        this.#resuming = undefined
        if (answer?.ok === false && answer.code === 'no-access') {
          this.out = true
          return
        }
        if (!answer?.ok) return this.#timer('resume', reconnectPauseMs, () => this.#resume())
        this.#run(async () => {
          if (!link.open) return
          const from = stream.cursor
          // Noted before, for a crash can come in between.
          if (from.inc !== answer.inc) {
            this.#world.jumped(this.name, from, { inc: answer.inc, seq: answer.firstSeq - 1 })
          }
          const losses = await stream.resumed(answer)
          this.#world.trace(`${this.name} resumed ${JSON.stringify({ from, answer, losses, to: stream.cursor })}`)
          if (losses.rewound) {
            this.#world.lost(this.name, { rewound: true })
            await this.storage.apply(this.#forgetBeyond(coveredAfter(from, stream.cursor)))
          }
          if (this.rejoining) this.#ask()
          this.#sending = undefined
          this.#sendCommit()
          if (this.#resumeAgain) this.#resume()
        })
      })
  }

  async #onEvent(event: RelayEvent): Promise<void> {
    const stream = this.stream!
    if (this.#world.endsHere(this)) return
    this.#world.trace(`${this.name} hears ${told(event)}`)
    switch (event.type) {
      case 'frame':
        return stream.receive({ ...event.frame, ct: this.#groups.read(event.frame.ct) })
      case 'stands':
        return stream.stands(event.seq)
      case 'withdrawn':
        if (!(await stream.withdrawn(event.seq))) this.#relieve(stream.epoch)
        return
      case 'welcome':
        return this.#onWelcome(event.welcome)
      case 'requests':
        this.#requests = event.requests
        this.#considerCommit()
    }
  }

  // --- saying things ---------------------------------------------------------------------------------------------

  say(text: string, until: 'ordered' | 'confirmed' = 'confirmed'): void {
    this.#run(async () => {
      const { stream } = this
      if (!stream) return
      const id = `${this.name}-${this.#world.nextId()}`
      const seen = stream.transcript
      const content: Content = {
        id,
        index: this.#said++,
        text,
        receipt: {
          ...stream.cursor,
          lacks: stream.lacks,
          ...(seen ? { hash: toBase64Url(seen.hash) } : {}),
        },
      }
      this.#receiptOwed = false
      const entry = { sender: this.name, id, index: content.index, text }
      const own = text === '' ? [] : this.#logChange(entry)
      this.#world.said(this, content, until)
      await stream.enqueue('message', id as MessageId, utf8(JSON.stringify(content)), until, own)
    })
  }

  retryRefused(): void {
    this.#run(async () => {
      for (const { id, refused } of this.stream?.rows ?? []) {
        if (refused !== 'bad-request') continue
        this.#world.retried(id)
        await this.stream!.retry(id)
      }
    })
  }

  // --- commits ---------------------------------------------------------------------------------------------------

  /** Commits something if nothing is under way. */
  commit(plan: Pick<CommitPlan, 'refusedBy' | 'needs' | 'removes'> = {}): void {
    this.#run(() => this.#make({ ...plan }))
  }

  async #make(plan: Omit<CommitPlan, 'nonce'>): Promise<void> {
    const { stream } = this
    if (!stream || this.rejoining || stream.pending || stream.unsettled || stream.mayBeOver || stream.blocked) return
    const made = await this.#groups.commit(stream.group, { nonce: this.#world.nextId(), ...plan })
    if (!made) return
    const { frame, next, welcomes } = made
    const rejoined = (plan.rejoins ?? []).map(({ device }) => device)
    const note = JSON.stringify({ rejoined, removed: plan.removes ?? [], welcomes })
    const id = `commit-${this.#world.nextId()}`
    await stream.holdPending({ epoch: stream.epoch, id, frame, next, note })
    this.#sendCommit()
  }

  /** Whose commit was withdrawn can make no other in this epoch: another begins the next one. */
  #relieve(epoch: number): void {
    this.#timer('relieve', 1_000 + this.#random() * 9_000, () =>
      this.#run(async () => {
        if (this.stream?.epoch !== epoch) return
        await this.#make({})
        if (!this.stream.pending) this.#relieve(epoch)
      }),
    )
  }

  #considerCommit(): void {
    const wanted = () =>
      this.#requests.filter(({ device }) => device !== this.name && !this.#world.relay.gone.has(device))
    if (wanted().length === 0) return
    this.#timer('commit', 300 + this.#random() * 2_000, () =>
      this.#run(async () => {
        if (wanted().length > 0) await this.#make({ rejoins: wanted() })
        this.#considerCommit()
      }),
    )
  }

  #sendCommit(): void {
    const stream = this.stream!
    const pending = stream.pending
    if (!pending || this.rejoining || this.#sending === pending.id || !this.connected) return
    this.#sending = pending.id
    const { welcomes, removed } = JSON.parse(pending.note)
    const { id, epoch } = pending
    const ct = this.#groups.spell(pending.frame)
    this.#world.commitSent(this.name, ct)
    void this.#link!.request(() => this.#link!.relay.commit(this.name, { id, epoch, ct, welcomes, removed })).then(
      (answer) =>
        this.#run(async () => {
          this.#world.trace(`${this.name} commits ${id} in ${epoch}: ${JSON.stringify(answer)}`)
          this.#sending = undefined
          if (answer?.ok) return stream.accepted(id, { inc: answer.inc, seq: answer.seq })
          const again = !answer || !losesCommit(answer, pending)
          if (again) this.#timer('commit-again', 1_000, () => this.#sendCommit())
          else await stream.dropPending(id, answer)
        }),
    )
  }

  // --- falling out and coming back -------------------------------------------------------------------------------

  onFallenOut(reason: string): void {
    this.#world.trace(`${this.name} fell out: ${reason}`)
    this.fallenOutFor.push(reason)
    this.rejoining = true
    this.#run(() => this.#ask())
  }

  onUnproven(): void {
    this.#world.trace(`${this.name} cannot know whether its state is the newest`)
    this.#timer('prove', 300 + this.#random() * 2_000, () =>
      this.#run(async () => {
        if (!this.stream?.unproven) return
        await this.#make({})
        this.onUnproven()
      }),
    )
  }

  #ask(): void {
    if (!this.rejoining || this.out) return
    this.#timer('ask', rejoinPauseMs, () => this.#run(() => this.#ask()))
    const nowMs = this.#world.clock.nowMs()
    if (nowMs - this.#askedMs < rejoinPauseMs || !this.connected) return
    this.#askedMs = nowMs
    this.#run(async () => {
      // The same request for a while: the Welcome for it may be on its way, or for the one before it. Then a fresh one, for its
      // Welcome can have gone down with the relay when the others had taken it in already.
      const stored = await this.storage.get('request')
      const before = stored && readRequest(stored)
      const anew = !before || this.#asks++ % 3 === 2
      const asked = anew ? await this.#groups.ask(this.name, this.#world.nextId()) : before
      const value = writeRequest({ ...asked, ...(before ? { earlier: before.kept } : {}) })
      if (anew) await this.storage.apply([{ type: 'put', key: 'request', value }])
      void this.#link?.request(() => this.#link!.relay.ask(this.name, asked.request))
    })
  }

  async #onWelcome({ ct, inc, seq }: RelayWelcome): Promise<void> {
    const stream = this.stream!
    const stored = await this.storage.get('request')
    if (!stored) return
    const { kept, earlier = kept } = readRequest(stored)
    const enter = (secret: Uint8Array) => this.#groups.enter(this.name, secret, ct)
    const group = (await enter(kept)) ?? (await enter(earlier))
    if (!group) return
    const from = stream.cursor
    this.rejoining = false
    this.#world.jumped(this.name, from, { inc, seq })
    // What it took for the commit that added it is not behind it: it begins with that commit's group.
    const over = this.#forgetBeyond({ inc, seq: seq - 1 })
    await stream.replaceGroup({ group, inc, seq }, [...over, { type: 'delete', key: 'request' }])
    this.#world.trace(`${this.name} came back at ${inc} ${seq}, epoch ${stream.epoch}`)
    void this.#link?.request(() => this.#link!.relay.hasWelcome(this.name))
    this.#resume()
  }

  // --- what the stream says --------------------------------------------------------------------------------------

  async onContent(frame: StreamFrame, { sender, content }: SimApplication, group: G): Promise<StorageChange[]> {
    const said = parse<Content>(content)
    const stream = this.stream!
    this.#world.heard(this.name, frame, group, sender, said)
    const { receipt } = said
    const agrees = receipt.hash === undefined ? undefined : stream.agrees(receipt.seq, fromBase64Url(receipt.hash)!)
    this.#world.compared(this, sender, said, agrees)
    if (agrees !== false && receipt.seq < frame.seq) {
      const { seq, lacks } = receipt
      this.#receipts.set(sender, { seq, lacks })
      this.#run(() => stream.confirmed(Math.min(seq, stream.cursor.seq), this.#since.get(sender) ?? 0, lacks))
    }
    const changes = this.#mark(frame, 'content')
    if (said.text === '' || this.#ids.has(said.id)) return changes
    this.#receiptOwed = true
    this.#timer('receipt', 300, () => {
      if (this.#receiptOwed && !this.rejoining) this.say('', 'ordered')
    })
    return [...changes, ...this.#logChange({ sender, id: said.id, index: said.index, text: said.text })]
  }

  async onCommit(
    frame: StreamFrame,
    change: SimChange | undefined,
    _group: G,
    own: PendingCommit<G> | undefined,
  ): Promise<StorageChange[]> {
    const rejoined: readonly string[] = own ? JSON.parse(own.note).rejoined : change!.rejoined
    const changes = rejoined.map((device): StorageChange => {
      this.#since.set(device, frame.seq)
      this.#receipts.delete(device)
      return { type: 'put', key: `since/${device}`, value: utf8(JSON.stringify(frame.seq)) }
    })
    if (rejoined.includes(this.name)) {
      this.rejoining = true
      this.#run(() => this.#ask())
    }
    if (change?.removed.includes(this.name)) {
      // As whoever had copied its storage before would hold it.
      this.#world.takenOut(this.name, this.storage.clone())
      this.out = true
    }
    return [...changes, ...this.#mark(frame, own ? 'committed' : 'adopted')]
  }

  onOwn(frame: StreamFrame): StorageChange[] {
    return this.#mark(frame, 'own')
  }

  onRefused(frame: StreamFrame, reason: string): StorageChange[] {
    const sealed = this.#groups.told(this.#groups.spell(frame.ct))
    const said = sealed?.type === 'application' ? parse<Content>(sealed.content) : undefined
    const known = said ? said.text === '' || this.#ids.has(said.id) || reason === 'own-frame' : sealed !== undefined
    if (!known) this.#world.refusedFrame(this.name, said?.id ?? 'nothing', frame.seq, reason)
    return this.#mark(frame, reason)
  }

  onLost(lost: { fromSeq: number; toSeq: number }): StorageChange[] {
    this.#world.lost(this.name, { lost })
    return []
  }

  onStored(): void {
    this.#considerCommit()
  }

  onAdopted(frame: StreamFrame): void {
    this.#world.adopted(this.#world.numberOf(this.#groups.spell(frame.ct)))
    void this.#link?.request(() => this.#link!.relay.acknowledge(this.name, frame.seq))
  }

  onInvalidCommit(frame: StreamFrame): void {
    void this.#link?.request(() => this.#link!.relay.refuse(this.name, frame.seq))
  }

  onMissing(what: Missing): void {
    if (what.type !== 'psk') return
    this.#timer('missing', 700, () => this.#run(() => this.stream!.retryBlocked()))
  }

  onGap(): void {
    this.#timer('gap', resumePauseMs, () => this.#resume())
  }

  onFailed(error: unknown): void {
    if (!this.dead) this.#world.failed(this.name, error)
  }

  // --- insides ---------------------------------------------------------------------------------------------------

  #run(job: () => Promise<void> | void): void {
    if (this.dead) return
    this.#queue.run(job).catch((error: unknown) => {
      if (!this.dead) this.#world.failed(this.name, error)
    })
  }

  /** Sets a timer unless one of that name runs. */
  #timer(name: string, delayMs: number, run: () => void): void {
    if (this.#timers.has(name)) return
    this.#timers.add(name)
    this.#world.clock.after(delayMs, () => {
      this.#timers.delete(name)
      if (!this.dead) run()
    })
  }

  #remember(entry: LogEntry): void {
    this.log.push(entry)
    this.#ids.add(entry.id)
  }

  #logChange(entry: LogEntry): StorageChange[] {
    const key = `log/${String(this.log.length).padStart(8, '0')}`
    this.#remember(entry)
    return [{ type: 'put', key, value: utf8(JSON.stringify(entry)) }]
  }

  #mark(frame: StreamFrame, how: string): StorageChange[] {
    const key = placeKey(frame.inc, frame.seq)
    if (this.#applied.has(key)) this.#world.twice(this.name, key)
    const what = this.#world.numberOf(this.#groups.spell(frame.ct))
    this.#applied.set(key, { how, what })
    return [{ type: 'put', key, value: utf8(`${how} ${what}`) }]
  }

  /** Whether `device` has told this one that it has what stands at `seq`. */
  countsAsDelivered(device: string, seq: number): boolean {
    const receipt = this.#receipts.get(device)
    const since = this.#since.get(device) ?? 0
    return receipt !== undefined && since < seq && seq <= receipt.seq && !isLacked(receipt.lacks, seq)
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  get timers(): number {
    return this.#timers.size
  }

  /** What this device took for the frame there, as a number, and how it took it. */
  applied(inc: string, seq: number): { how: string; what: number } | undefined {
    return this.#applied.get(placeKey(inc, seq))
  }

  /** A copy of all of it. */
  passed(): Passed {
    return new Map(this.#applied)
  }

  /** The relay has led this device back: what it took behind that place is not behind it any more. What to delete. */
  #forgetBeyond({ inc, seq }: Cursor): StorageChange[] {
    if (!this.#world.isLiedTo) return []
    const before = placeKey(inc, 0).slice(0, -1)
    const beyond = [...this.#applied.keys()].filter(
      (key) => key.startsWith(before) && Number(key.slice(before.length)) > seq,
    )
    for (const key of beyond) this.#applied.delete(key)
    return beyond.map((key) => ({ type: 'delete', key }))
  }

  #parts(): StreamParts<G, SimApplication, SimChange> {
    return {
      prefix: 'room',
      storage: this.#crashing(),
      clock: {
        nowMs: () => this.#world.clock.nowMs() + this.#world.jumpedMs(this.name),
        after: (delayMs, run) => this.#world.clock.after(delayMs, () => this.#ifAlive(run)),
      },
      queue: this.#queue,
      ops: this.#groups.ops(this.name, (what) => this.#world.has(this.name, what)),
      host: this,
      wire: {
        send: (kind, id, epoch, n, frame) => {
          if (this.dead || this.#world.endsHere(this)) return new Promise(() => undefined)
          void this.#checkStored(id, frame)
          const ct = this.#groups.spell(frame)
          this.#world.frameSent(this.name, ct)
          const send = () => {
            const answer = this.#link!.relay.send(this.name, kind, id, epoch, n, ct)
            this.#world.trace(`${this.name} sends ${id} n=${n} epoch=${epoch}: ${JSON.stringify(answer)}`)
            return answer
          }
          const answer = this.#link?.request(send) ?? Promise.resolve(undefined)
          return answer.then((given) => (this.#world.endsHere(this) ? new Promise(() => undefined) : given))
        },
      },
    }
  }

  #ifAlive(run: () => void): void {
    if (!this.dead) run()
  }

  /** A frame that leaves is stored, and so is the ratchet that has moved past it. */
  async #checkStored(id: string, frame: Uint8Array): Promise<void> {
    const sealed = this.#groups.told(this.#groups.spell(frame))
    const { order } = this.stream!.rows.find((one) => one.id === id)!
    const [next, rowBytes] = await Promise.all([this.#sealsNext(), this.storage.get(rowKey('room', order))])
    const row = rowBytes && decodeRow(rowBytes)
    const same = row?.sealed && equalBytes(row.sealed.frame, frame)
    const past = sealed?.type === 'application' && next?.secret === sealed.secret && next.generation > sealed.generation
    if (!same || !past) this.#world.violation(`${this.name}: sent ${id} without having stored it`)
  }

  async #sealsNext(): Promise<{ secret: string; generation: number } | undefined> {
    const head = await this.storage.get('room/group')
    const group = head && (await readGroup(this.storage, 'room', head, this.#groups.decode))
    return group && this.#groups.sealsAt(group)
  }

  /** A row that waits for another device goes once one has it, and not before. */
  async #checkLettingGo(changes: readonly StorageChange[]): Promise<void> {
    for (const change of changes) {
      if (change.type !== 'delete' || !change.key.startsWith('room/out/')) continue
      const stored = await this.storage.get(change.key)
      const row = stored && decodeRow(stored)
      if (row?.until === 'confirmed' && !row.refused) this.#world.letGo(this.name, row.id)
    }
  }

  #crashing(): Storage {
    const inner = this.storage
    const gone = () => new Promise<never>(() => undefined)
    return {
      get: (key) => inner.get(key),
      list: (prefix) => inner.list(prefix),
      keys: (prefix) => inner.keys(prefix),
      close: () => inner.close(),
      apply: async (given) => {
        if (this.dead) return gone()
        const changes = given
        await this.#checkLettingGo(changes)
        if (this.#world.endsHere(this)) return gone()
        if (this.#world.storeFails()) {
          this.#world.trace(`${this.name}: its storage fails`)
          this.#world.crash(this)
          throw new StorageError('failed', 'storage: a fault of the simulation')
        }
        const crash = this.#crashIn
        if (crash && --crash.writes <= 0) {
          this.#crashIn = undefined
          if (!crash.before) await inner.apply(changes)
          this.#world.crash(this)
          return gone()
        }
        await inner.apply(changes)
        return this.#world.endsHere(this) ? gone() : undefined
      },
    }
  }
}

function told(event: RelayEvent): string {
  if (event.type === 'frame') {
    const { kind, inc, seq, epoch, id } = event.frame
    return `${kind} ${inc}/${seq} epoch=${epoch} ${id}`
  }
  return JSON.stringify(event.type === 'welcome' ? { ...event.welcome, ct: '' } : event)
}

interface StoredRequest {
  request: string
  kept: Uint8Array<ArrayBuffer>
  /** Of the request before this one. */
  earlier?: Uint8Array<ArrayBuffer>
}

function readRequest(bytes: Uint8Array): StoredRequest {
  const { request, kept, earlier } = parse<{ request: string; kept: string; earlier?: string }>(bytes)
  return { request, kept: fromBase64Url(kept)!, ...(earlier ? { earlier: fromBase64Url(earlier)! } : {}) }
}

function writeRequest({ request, kept, earlier }: StoredRequest): Uint8Array<ArrayBuffer> {
  const before = earlier ? { earlier: toBase64Url(earlier) } : {}
  return utf8(JSON.stringify({ request, kept: toBase64Url(kept), ...before }))
}

function parse<T>(bytes: Uint8Array): T {
  return JSON.parse(fromUtf8(bytes)!) as T
}
