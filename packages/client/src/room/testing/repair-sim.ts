/**
 * Repair by seed, in virtual time: real streams, copies and repairs around the simulated relay, which loses its ring again and
 * again while devices come and go, and one member that gives what is not so.
 */
import type { DeviceId, GapGiven, GapWant, Incarnation, MessageId } from '@qsec/protocol'
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@qsec/protocol'
import { openMemoryStorage } from '../../storage/memory.ts'
import { Copies } from '../../sync/copies.ts'
import { Serial } from '../../sync/serial.ts'
import type { StreamFrame } from '../../sync/session.ts'
import { Stream } from '../../sync/stream.ts'
import {
  commitOf,
  type FakeApplication,
  type FakeChange,
  type FakeGroup,
  fakeOps,
  foundGroup,
} from '../../sync/testing/fake-groups.ts'
import { type SeededRandom, SimClock, seeded } from '../../sync/testing/sim-clock.ts'
import { type RelayEvent, SimRelay } from '../../sync/testing/sim-relay.ts'
import { CatchUp } from '../catch-up.ts'
import type { RoomCore } from '../core.ts'
import { Timers } from '../timers.ts'

const names = ['ana', 'ben', 'cleo', 'dan']
const liar = 'dan'

interface Said {
  id: string
  by: string
  index: number
}

class Story {
  readonly random: SeededRandom
  readonly clock: SimClock
  readonly relay: SimRelay
  readonly members: Member[] = []
  readonly said = new Map<string, Said>()
  repaired = 0
  /** Of promises that can only be judged as it happens. */
  readonly faults: string[] = []

  constructor(seed: number) {
    this.random = seeded(seed)
    this.clock = new SimClock(this.random)
    this.relay = new SimRelay(this.clock, 1)
    this.relay.onRestart = () => {
      for (const member of this.members) member.cut(200 + this.random() * 3_000)
    }
  }

  get present(): Set<string> {
    return new Set(this.members.filter(({ connected }) => connected).map(({ name }) => name))
  }

  orderedAt(inc: Incarnation, seq: number): string | undefined {
    return this.relay.history.find((one) => one.inc === inc && one.seq === seq)?.ct
  }

  /** Who else is honest, and has been here for so long that whoever asks at all has asked it. */
  holders(asker: Member): Member[] {
    const nowMs = this.clock.nowMs()
    const isHere = ({ connected, connectedMs }: Member) => connected && nowMs - connectedMs >= 2_500
    return this.members.filter((one) => one !== asker && one.name !== liar && !one.fallenOut && isHere(one))
  }

  after(mostMs: number, job: () => void): void {
    this.clock.after(this.random() * mostMs, job)
  }

  /** As the real relay does it (GP10 to GP16): one member after the other, until one has something. */
  async want(asker: Member, { inc, from, to, not = [] }: GapWant): Promise<void> {
    let next: GapGiven['next']
    const others = this.members.filter((one) => one !== asker && one.connected && !not.includes(one.name as DeviceId))
    for (const giver of others.sort(() => this.random() - 0.5)) {
      const got = await giver.copies.read(inc, from, to)
      if (got.frames.length > 0) return asker.isGiven(giver, { inc, from, frames: got.frames, next: got.next })
      next ??= got.next
    }
    asker.isGiven(undefined, { inc, from, frames: [], next })
  }
}

interface Given {
  inc: Incarnation
  from: number
  frames: StreamFrame[]
  next: GapGiven['next']
}

class Member {
  readonly name: string
  readonly log: string[] = []
  /** What it was told: a gap by numbers, or that something of a sender is missing. */
  readonly told: string[] = []
  stream!: Stream<FakeGroup, FakeApplication, FakeChange>
  copies!: Copies
  connected = false
  fallenOut = false
  /** What it took for each place. */
  readonly taken = new Map<string, string>()
  /** Since when it is connected without a break. */
  connectedMs = 0
  readonly #story: Story
  readonly #queue = new Serial()
  /** By sender: the index of what it says next. All are there from the beginning, so the first one is known. */
  readonly #next = new Map<string, number>()
  /** It was told of a gap: what it hears first behind that can have any index. */
  #hasGap = false
  readonly #catchUp: CatchUp
  readonly #core: Record<string, unknown>
  #connection = 0
  #index = 0

  constructor(story: Story, name: string) {
    this.#story = story
    this.name = name
    const member = this
    this.#core = {
      timers: new Timers(story.clock),
      get stream() {
        return member.stream
      },
      get nowMs() {
        return story.clock.nowMs()
      },
      get connected() {
        return member.connected
      },
      get present() {
        return story.present
      },
      members: () => names,
      device: name,
      transport: {
        request: async (_: string, want: GapWant) => {
          const connection = this.#connection
          story.after(50, () => this.#connection === connection && void story.want(this, want))
          return { ok: true }
        },
      },
      timeline: { items: this.log, tell: () => [] },
      later: (job: () => Promise<void>) => this.#later(job),
      beside: (work: Promise<unknown>) => void work,
      store: async () => undefined,
      changed: () => undefined,
    }
    this.#catchUp = new CatchUp({
      core: this.#core as unknown as RoomCore,
      resume: () => this.#resume(),
      resend: () => this.#sendCommit(),
      waitsForShare: () => false,
    })
  }

  async open(): Promise<void> {
    const storage = openMemoryStorage()
    const { clock: exact } = this.#story
    // Whole milliseconds, as any clock of a device tells them.
    const clock = { nowMs: () => Math.floor(exact.nowMs()), after: exact.after.bind(exact) }
    this.copies = await Copies.load({ prefix: 'copies', storage, clock })
    const { stream, changes } = Stream.begin<FakeGroup, FakeApplication, FakeChange>(
      {
        prefix: 'room',
        storage,
        clock,
        queue: this.#queue,
        copies: this.copies,
        ops: fakeOps(() => true),
        wire: {
          send: (kind, id, epoch, n, frame) =>
            this.#request(() => this.#story.relay.send(this.name, kind, id, epoch, n, toBase64Url(frame))),
        },
        host: {
          onContent: (frame, { sender, content }) => {
            this.#took(frame)
            this.#hears(sender, JSON.parse(fromUtf8(content)!) as Said)
            return []
          },
          onCommit: (frame) => this.#took(frame),
          onOwn: (frame) => this.#took(frame),
          onRefused: (frame) => this.#took(frame),
          onStored: () => undefined,
          onInvalidCommit: () => undefined,
          onAdopted: ({ seq }) => void this.#request(() => this.#story.relay.acknowledge(this.name, seq)),
          onMissing: () => undefined,
          onFallenOut: () => {
            this.fallenOut = true
          },
          onLost: ({ fromSeq, toSeq }) => {
            this.told.push(`lost ${fromSeq}-${toSeq}`)
            this.#next.clear()
            this.#hasGap = true
            return []
          },
          onFailed: (error) => {
            throw error
          },
          onGap: () => (this.#core.timers as Timers).setOnce('gap', 500, () => this.#resume()),
          onHole: () => this.#catchUp.begin(),
        },
      },
      { group: foundGroup('first', this.name, names), inc: this.#story.relay.position.inc, seq: 0 },
    )
    this.stream = stream
    await storage.apply(changes)
    this.#watchGivingUp()
  }

  /** What it takes for a place is what the relay had ordered there, where an honest member here has just that. */
  #took({ inc, seq, ct }: StreamFrame): [] {
    const place = `${inc}/${seq}`
    const ordered = this.#story.orderedAt(inc, seq)
    this.taken.set(place, toBase64Url(ct))
    const holder = this.#story.holders(this).find(({ taken }) => taken.get(place) === ordered)
    if (toBase64Url(ct) !== ordered && holder) {
      this.#story.faults.push(
        `${this.name} took for ${place} what the relay never ordered there, and ${holder.name} has it`,
      )
    }
    return []
  }

  /** Whoever gives up what is missing has asked all who could have it, and they had none of it. */
  #watchGivingUp(): void {
    const { stream } = this
    const endRepair = stream.endRepair.bind(stream)
    stream.endRepair = async () => {
      const { hole } = stream
      if (hole) {
        const place = `${hole.inc}/${hole.from}`
        const holder = this.#story.holders(this).find(({ taken }) => taken.has(place))
        if (holder) this.#story.faults.push(`${this.name} gave up ${place}, which ${holder.name} has`)
      }
      return endRepair()
    }
  }

  connect(): void {
    if (this.connected) return
    this.connected = true
    this.connectedMs = this.#story.clock.nowMs()
    this.#connection++
    this.#resume()
    // The relay tells everybody who is here.
    for (const member of this.#story.members)
      if (member.connected) void member.#later(async () => member.#catchUp.onUserList())
  }

  cut(backInMs?: number): void {
    if (this.connected) {
      this.connected = false
      this.#connection++
      this.#story.relay.leave(this.name)
      void this.#later(async () => {
        this.stream.disconnected()
        this.#catchUp.disconnected()
      })
    }
    if (backInMs !== undefined) this.#story.clock.after(backInMs, () => this.connect())
  }

  say(): void {
    void this.#later(async () => {
      const said: Said = { id: `${this.name}${this.#index}`, by: this.name, index: this.#index++ }
      this.#story.said.set(said.id, said)
      this.log.push(said.id)
      const content = utf8(JSON.stringify(said))
      await this.stream.enqueue('message', said.id as MessageId, content, 'confirmed')
    })
  }

  commit(): void {
    void this.#later(async () => {
      const { stream } = this
      if (stream.pending || stream.unsettled || stream.blocked || !stream.inStep) return
      const { epoch } = stream
      const id = `${this.name} commit ${epoch} ${this.#story.random()}`
      const { frame, next } = commitOf(stream.group, { nonce: id })
      await stream.holdPending({ epoch, id, frame, next, note: '{}' })
      this.#sendCommit()
    })
  }

  isGiven(giver: Member | undefined, { inc, from, frames, next }: Given): void {
    const lies = giver?.name === liar && this.#story.random() < 0.3
    const event = {
      inc,
      from,
      ...(giver ? { device: giver.name } : {}),
      frames: frames.map(({ kind, seq, epoch, id, device, ct }) => ({
        seq,
        event: kind === 'commit' ? 'commit' : 'encrypted_message',
        epoch,
        id,
        device,
        at: 0,
        ct: toBase64Url(lies ? ct.map((byte, i) => (i === ct.length - 3 ? byte ^ 1 : byte)) : ct),
      })),
      ...(next ? { next } : {}),
    }
    const connection = this.#connection
    this.#story.after(50, () => {
      if (this.#connection === connection) void this.#later(() => this.#catchUp.onGiven(event as unknown as GapGiven))
    })
    this.#story.repaired += frames.length
  }

  #hears(sender: string, said: Said): void {
    const due = this.#next.get(sender) ?? (this.#hasGap ? said.index : 0)
    if (said.index < due) return
    if (said.index > due) this.told.push(`missing of ${sender}`)
    this.#next.set(sender, said.index + 1)
    if (!this.log.includes(said.id)) this.log.push(said.id)
  }

  #resume(): void {
    const connection = this.#connection
    const { inc, seq } = this.stream.cursor
    const listen = (event: RelayEvent) => {
      const heard = () => this.#connection === connection && void this.#later(() => this.#onEvent(event))
      this.#story.clock.after(1, heard)
    }
    void this.#request(() => this.#story.relay.join(this.name, inc, seq, listen)).then((answer) => {
      if (!answer?.ok || this.#connection !== connection) return
      void this.#later(async () => {
        await this.stream.resumed(answer)
        if (this.stream.hole) return this.#catchUp.onUserList()
        this.#catchUp.resumed()
        this.#sendCommit()
      })
    })
  }

  async #onEvent(event: RelayEvent): Promise<void> {
    if (event.type === 'frame') {
      const { ct, atMs, ...frame } = event.frame
      await this.stream.receive({ ...frame, atMs: Math.floor(atMs), ct: fromBase64Url(ct as never)! })
    } else if (event.type === 'stands') await this.stream.stands(event.seq)
    else if (event.type === 'withdrawn') await this.stream.withdrawn(event.seq)
  }

  #sendCommit(): void {
    const { pending } = this.stream
    if (!pending) return
    const { id, epoch, frame } = pending
    const sent = { id, epoch, ct: toBase64Url(frame), welcomes: [], removed: [] }
    void this.#request(() => this.#story.relay.commit(this.name, sent)).then((answer) =>
      this.#later(async () => {
        if (answer?.ok) return this.stream.accepted(id, { inc: answer.inc, seq: answer.seq })
        if (answer && answer.code !== 'rate-limited' && answer.code !== 'not-logged-in')
          await this.stream.dropPending(id)
      }),
    )
  }

  /** Undefined: the connection broke meanwhile. */
  #request<T>(call: () => T): Promise<T | undefined> {
    const connection = this.#connection
    return new Promise((resolve) => {
      if (!this.connected) return resolve(undefined)
      this.#story.after(30, () => {
        const answer = this.#connection === connection ? call() : undefined
        this.#story.after(30, () => resolve(this.#connection === connection ? answer : undefined))
      })
    })
  }

  #later(job: () => Promise<void>): Promise<void> {
    return this.#queue.run(async () => {
      if (!this.fallenOut) await job()
    })
  }
}

export interface RepairOutcome {
  violations: string[]
  /** Frames that members gave. */
  repaired: number
  fallenOut: number
  /** What somebody inside never had, though it was told of the gap. */
  missed: number
}

export async function simulateRepair(seed: number): Promise<RepairOutcome> {
  const story = new Story(seed)
  const { random, clock, members } = story
  for (const name of names) members.push(new Member(story, name))
  for (const member of members) await member.open()
  for (const member of members) member.connect()
  for (let step = 0; step < 60; step++) {
    await clock.run(random() * 1_500)
    const member = members[Math.floor(random() * members.length)]!
    const dice = random()
    if (dice < 0.6) member.say()
    else if (dice < 0.68) member.commit()
    else if (dice < 0.9) member.cut(random() * (random() < 0.3 ? 30_000 : 4_000))
    else story.relay.restart()
  }
  await clock.run(200_000)
  for (const member of members) member.say()
  await clock.run(60_000)

  const faults: string[] = [...new Set(story.faults)]
  let missed = 0
  const inside = members.filter(({ fallenOut }) => !fallenOut)
  for (const { name, log, told, stream } of inside) {
    if (new Set(log).size !== log.length) faults.push(`${name} was told something twice`)
    if (log.some((id) => !story.said.has(id))) faults.push(`${name} was told what nobody said`)
    if (!stream.inStep || stream.hole) faults.push(`${name} is not in step in the end`)
    for (const { name: by } of inside) {
      const heard = log.filter((id) => story.said.get(id)!.by === by).map((id) => story.said.get(id)!.index)
      if (heard.some((index, i) => i > 0 && index <= heard[i - 1]!))
        faults.push(`${name} has ${by} out of order: ${heard}`)
      const lacking = [...story.said.values()].filter((said) => said.by === by && !log.includes(said.id))
      missed += lacking.length
      const isTold = told.some((line) => line.startsWith('lost') || line === `missing of ${by}`)
      if (lacking.length > 0 && !isTold) faults.push(`${name} lacks ${lacking.map(({ id }) => id)} without a word`)
    }
  }
  if (new Set(inside.map(({ stream }) => stream.group.secret)).size > 1) faults.push('they are in several groups')
  return { violations: faults, repaired: story.repaired, missed, fallenOut: members.length - inside.length }
}
