/** A device of a simulation: around a Stream, as much of a room as decides about the stream's fate. */
import { fromBase64Url, fromUtf8, type Incarnation, type MessageId, toBase64Url, utf8 } from '@qsec/protocol'
import type { Storage, StorageChange } from '../../ports.ts'
import type { MemoryStorage } from '../../storage/memory.ts'
import { decodeRow, rowKey } from '../rows.ts'
import { Serial } from '../serial.ts'
import type { Missing, PendingCommit, StreamFrame, StreamHost } from '../session.ts'
import { Stream, type StreamParts } from '../stream.ts'
import {
  commitOf,
  decodeFakeGroup,
  decodeFakeHead,
  type FakeApplication,
  type FakeChange,
  type FakeGroup,
  fakeOps,
  foundGroup,
  parseFrame,
  welcomed,
} from './fake-groups.ts'
import type { SeededRandom } from './sim-clock.ts'
import type { SimLink } from './sim-link.ts'
import type { Rejoin, RelayEvent, RelayWelcome } from './sim-relay.ts'
import type { SimWorld } from './sim-world.ts'

export interface Content {
  id: string
  /** The sender's own count of what it says. */
  index: number
  text: string
  receipt: { seq: number; hash?: string }
}

export interface LogEntry {
  sender: string
  id: string
  index: number
  text: string
}

const resumePauseMs = 500
const reconnectPauseMs = 1_000
const rejoinPauseMs = 10_000

export class SimDevice implements StreamHost<FakeGroup, FakeApplication, FakeChange> {
  readonly name: string
  readonly storage: MemoryStorage
  readonly log: LogEntry[] = []
  readonly fallenOutFor: string[] = []
  /** This process has ended; whatever of it is still under way comes to nothing. */
  dead = false
  stream: Stream<FakeGroup, FakeApplication, FakeChange> | undefined
  rejoining = false
  readonly #world: SimWorld
  readonly #random: SeededRandom
  readonly #queue = new Serial()
  readonly #timers = new Set<string>()
  readonly #applied = new Set<string>()
  readonly #since = new Map<string, number>()
  readonly #ids = new Set<string>()
  #link: SimLink | undefined
  #said = 0
  #receiptOwed = false
  #requests: Rejoin[] = []
  #sending: string | undefined
  #askedMs = Number.NEGATIVE_INFINITY
  /** Ends this process right after so many more writes, or right before. */
  #crashIn: { writes: number; before: boolean } | undefined

  constructor(world: SimWorld, name: string, storage: MemoryStorage) {
    this.#world = world
    this.#random = world.random
    this.name = name
    this.storage = storage
  }

  // --- life ------------------------------------------------------------------------------------------------------

  /** A device that is in the room from the beginning. */
  async found(group: FakeGroup, inc: Incarnation, seq: number): Promise<void> {
    const { stream, changes } = Stream.begin(this.#parts(), { group, inc, seq })
    this.stream = stream
    await this.storage.apply(changes)
  }

  async load(): Promise<void> {
    for (const { value } of await this.storage.list('log/')) this.#remember(parse<LogEntry>(value))
    for (const { key } of await this.storage.list('applied/')) this.#applied.add(key)
    for (const { key, value } of await this.storage.list('since/')) this.#since.set(key.slice(6), parse(value))
    this.#said = Math.max(-1, ...this.log.filter(({ sender }) => sender === this.name).map(({ index }) => index)) + 1
    this.stream = await Stream.load(this.#parts(), decodeFakeGroup).catch((error: unknown) => {
      this.#world.violation(`${this.name}: its storage is of several moments (${String(error)})`)
      return undefined
    })
    this.rejoining = this.stream?.group.over ?? false
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
    this.#link = this.#world.link()
    this.#resume()
  }

  disconnect(): void {
    if (!this.connected) return
    this.#link!.cut()
    this.#world.relay.leave(this.name)
    this.stream?.disconnected()
    this.#sending = undefined
  }

  #resume(): void {
    const link = this.#link
    const stream = this.stream
    if (!link?.open || !stream) return
    const { inc, seq } = stream.cursor
    const listen = (event: RelayEvent) => link.deliver(() => this.#run(() => this.#onEvent(event)))
    void link
      .request(() => this.#world.relay.join(this.name, inc, seq, listen))
      .then((answer) => {
        if (link !== this.#link || !link.open) return
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
          if (losses.lost || losses.rewound) this.#world.violation(`${this.name}: ${JSON.stringify(losses)}`)
          if (this.rejoining) this.#ask()
          this.#sending = undefined
          this.#sendCommit()
        })
      })
  }

  async #onEvent(event: RelayEvent): Promise<void> {
    const stream = this.stream!
    this.#world.trace(`${this.name} hears ${told(event)}`)
    switch (event.type) {
      case 'frame':
        return stream.receive({ ...event.frame, ct: utf8(event.frame.ct) })
      case 'stands':
        return stream.stands(event.seq)
      case 'withdrawn':
        await stream.withdrawn(event.seq)
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
        receipt: seen ? { seq: seen.seq, hash: toBase64Url(seen.hash) } : { seq: stream.cursor.seq },
      }
      this.#receiptOwed = false
      const entry = { sender: this.name, id, index: content.index, text }
      const own = text === '' ? [] : this.#logChange(entry)
      if (text !== '') this.#world.said(this.name, id, until)
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
  commit(parts: { refusedBy?: string[]; needs?: string } = {}): void {
    this.#run(() => this.#make({ ...parts }))
  }

  async #make(parts: { refusedBy?: string[]; needs?: string }, rejoins: Rejoin[] = []): Promise<void> {
    const { stream } = this
    if (!stream || this.rejoining || stream.pending || stream.unsettled || stream.blocked) return
    const rejoined = rejoins.map(({ device }) => device)
    const { frame, next } = commitOf(stream.group, { nonce: this.#world.nextId(), rejoined, ...parts })
    const welcomes = rejoins.map(({ device, request }) => ({
      to: device,
      ct: JSON.stringify({ request, group: welcomed(next, device) }),
    }))
    const note = JSON.stringify({ rejoined, welcomes })
    const id = `commit-${this.#world.nextId()}`
    await stream.holdPending({ epoch: stream.epoch, id, frame, next, note })
    this.#sendCommit()
  }

  #considerCommit(): void {
    const wanted = () => this.#requests.filter(({ device }) => device !== this.name)
    if (wanted().length === 0) return
    this.#timer('commit', 300 + this.#random() * 2_000, () =>
      this.#run(async () => {
        if (wanted().length > 0) await this.#make({}, wanted())
        this.#considerCommit()
      }),
    )
  }

  #sendCommit(): void {
    const stream = this.stream!
    const pending = stream.pending
    if (!pending || this.rejoining || this.#sending === pending.id || !this.connected) return
    this.#sending = pending.id
    const { welcomes } = JSON.parse(pending.note)
    const { id, epoch } = pending
    const ct = fromUtf8(pending.frame)!
    this.#world.commitSent(this.name, ct)
    void this.#link!.request(() => this.#world.relay.commit(this.name, { id, epoch, ct, welcomes })).then((answer) =>
      this.#run(async () => {
        this.#world.trace(`${this.name} commits ${id} in ${epoch}: ${JSON.stringify(answer)}`)
        this.#sending = undefined
        if (answer?.ok) return stream.accepted(id, { inc: answer.inc, seq: answer.seq })
        const again = !answer || ['unavailable', 'internal', 'rate-limited', 'not-logged-in'].includes(answer.code)
        if (again) this.#timer('commit-again', 1_000, () => this.#sendCommit())
        else await stream.dropPending(id)
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
    if (!this.rejoining) return
    this.#timer('ask', rejoinPauseMs, () => this.#run(() => this.#ask()))
    const nowMs = this.#world.clock.nowMs()
    if (nowMs - this.#askedMs < rejoinPauseMs || !this.connected) return
    this.#askedMs = nowMs
    this.#run(async () => {
      // The same request until it is answered: the Welcome for an earlier one may be on its way.
      const stored = await this.storage.get('request')
      const request = stored ? fromUtf8(stored)! : this.#world.nextId()
      if (!stored) await this.storage.apply([{ type: 'put', key: 'request', value: utf8(request) }])
      void this.#link?.request(() => this.#world.relay.ask(this.name, request))
    })
  }

  async #onWelcome({ ct, inc, seq }: RelayWelcome): Promise<void> {
    const stream = this.stream!
    const { request, group } = JSON.parse(ct) as { request: string; group: FakeGroup }
    const asked = await this.storage.get('request')
    if (!asked || fromUtf8(asked) !== request) return
    const from = stream.cursor
    this.rejoining = false
    this.#world.jumped(this.name, from, { inc, seq })
    await stream.replaceGroup({ group, inc, seq }, [{ type: 'delete', key: 'request' }])
    this.#world.trace(`${this.name} came back at ${inc} ${seq}, epoch ${group.epoch}`)
    void this.#link?.request(() => this.#world.relay.hasWelcome(this.name))
    this.#resume()
  }

  // --- what the stream says --------------------------------------------------------------------------------------

  async onContent(
    frame: StreamFrame,
    { sender, content }: FakeApplication,
    group: FakeGroup,
  ): Promise<StorageChange[]> {
    const said = parse<Content>(content)
    const stream = this.stream!
    const { secret } = group
    const sealed = parseFrame(frame.ct)
    if (frame.epoch !== group.epoch || sealed?.secret !== secret) {
      this.#world.violation(`${this.name}: a frame of epoch ${frame.epoch} was applied in ${group.epoch}`)
    }
    const { receipt } = said
    if (receipt.hash !== undefined && stream.agrees(receipt.seq, fromBase64Url(receipt.hash)!) === false) {
      this.#world.violation(`${this.name}: a false alarm about the history of ${sender} ${receipt.seq}`)
    }
    const seen = Math.min(receipt.seq, stream.cursor.seq)
    this.#run(() => stream.confirmed(seen, this.#since.get(sender) ?? 0))
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
    change: FakeChange | undefined,
    _group: FakeGroup,
    own: PendingCommit<FakeGroup> | undefined,
  ): Promise<StorageChange[]> {
    const rejoined: readonly string[] = own ? JSON.parse(own.note).rejoined : change!.rejoined
    const changes = rejoined.map((device): StorageChange => {
      this.#since.set(device, frame.seq)
      return { type: 'put', key: `since/${device}`, value: utf8(JSON.stringify(frame.seq)) }
    })
    if (rejoined.includes(this.name)) {
      this.rejoining = true
      this.#run(() => this.#ask())
    }
    return [...changes, ...this.#mark(frame, 'commit')]
  }

  onOwn(frame: StreamFrame): StorageChange[] {
    return this.#mark(frame, 'own')
  }

  onRefused(frame: StreamFrame, reason: string): StorageChange[] {
    const sealed = parseFrame(frame.ct)
    if (sealed?.type === 'application') {
      const { id } = parse<Content>(fromBase64Url(sealed.content)!)
      const known = this.#ids.has(id) || reason === 'own-frame'
      const empty = parse<Content>(fromBase64Url(sealed.content)!).text === ''
      if (!known && !empty) this.#world.violation(`${this.name}: refused ${id} at ${frame.seq} for ${reason}`)
    }
    return this.#mark(frame, reason)
  }

  onStored(): void {
    this.#considerCommit()
  }

  onAdopted(frame: StreamFrame): void {
    void this.#link?.request(() => this.#world.relay.acknowledge(this.name, frame.seq))
  }

  onInvalidCommit(frame: StreamFrame): void {
    void this.#link?.request(() => this.#world.relay.refuse(this.name, frame.seq))
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
    const key = `applied/${frame.inc}/${frame.seq}`
    if (this.#applied.has(key)) this.#world.violation(`${this.name}: ${key} was applied twice`)
    this.#applied.add(key)
    return [{ type: 'put', key, value: utf8(how) }]
  }

  hasApplied(inc: string, seq: number): boolean {
    return this.#applied.has(`applied/${inc}/${seq}`)
  }

  #parts(): StreamParts<FakeGroup, FakeApplication, FakeChange> {
    return {
      prefix: 'room',
      storage: this.#crashing(),
      clock: {
        nowMs: () => this.#world.clock.nowMs(),
        after: (delayMs, run) => this.#world.clock.after(delayMs, () => this.#ifAlive(run)),
      },
      queue: this.#queue,
      ops: fakeOps((what) => this.#world.has(this.name, what)),
      host: this,
      wire: {
        send: (kind, id, epoch, n, frame) => {
          if (this.dead) return new Promise(() => undefined)
          void this.#checkStored(id, frame)
          const ct = fromUtf8(frame)!
          this.#world.frameSent(this.name, ct)
          const send = () => {
            const answer = this.#world.relay.send(this.name, kind, id, epoch, n, ct)
            this.#world.trace(`${this.name} sends ${id} n=${n} epoch=${epoch}: ${JSON.stringify(answer)}`)
            return answer
          }
          return this.#link?.request(send) ?? Promise.resolve(undefined)
        },
      },
    }
  }

  #ifAlive(run: () => void): void {
    if (!this.dead) run()
  }

  /** A frame that leaves is stored, and so is the ratchet that has moved past it. */
  async #checkStored(id: string, frame: Uint8Array): Promise<void> {
    const sealed = parseFrame(frame)
    const { order } = this.stream!.rows.find((one) => one.id === id)!
    const [groupBytes, rowBytes] = await Promise.all([
      this.storage.get('room/group'),
      this.storage.get(rowKey('room', order)),
    ])
    const group = groupBytes && decodeFakeHead(groupBytes)
    const row = rowBytes && decodeRow(rowBytes)
    const same = row?.sealed && fromUtf8(row.sealed.frame) === fromUtf8(frame)
    const past =
      sealed?.type === 'application' && group?.secret === sealed.secret && group.generation > sealed.generation
    if (!same || !past) this.#world.violation(`${this.name}: sent ${id} without having stored it`)
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
        const changes = this.#world.kept(given)
        const crash = this.#crashIn
        if (crash && --crash.writes <= 0) {
          this.#crashIn = undefined
          if (!crash.before) await inner.apply(changes)
          this.#world.crash(this)
          return gone()
        }
        return inner.apply(changes)
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

export function newGroup(secret: string, self: string, members: readonly string[]): FakeGroup {
  return foundGroup(secret, self, members)
}

function parse<T>(bytes: Uint8Array): T {
  return JSON.parse(fromUtf8(bytes)!) as T
}
