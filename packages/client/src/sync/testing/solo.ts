/** One stream by itself, with every answer, frame and verdict given by hand: for stories that a test tells in full. */
import {
  type Answer,
  fromBase64Url,
  fromUtf8,
  type Incarnation,
  type MessageId,
  type Ordered,
  type Resumed,
  utf8,
} from '@qsec/protocol'
import { type MemoryStorage, openMemoryStorage } from '../../storage/memory.ts'
import type { FrameKind, OutboxRow } from '../outbox.ts'
import { Serial } from '../serial.ts'
import type { SessionOps, StreamFrame, StreamHost } from '../session.ts'
import { Stream, type StreamParts } from '../stream.ts'
import {
  commitOf,
  decodeFakeGroup,
  type FakeAppFrame,
  type FakeApplication,
  type FakeChange,
  type FakeGroup,
  fakeOps,
  foundGroup,
  parseFrame,
} from './fake-groups.ts'
import { SimClock, seeded } from './sim-clock.ts'

type Ops = SessionOps<FakeGroup, FakeApplication, FakeChange>
type SoloStream = Stream<FakeGroup, FakeApplication, FakeChange>

export const inc = 'life0' as Incarnation

export interface SentFrame {
  kind: FrameKind
  id: MessageId
  epoch: number
  n: number
  frame: Uint8Array
  /** What stood in storage when it left. */
  stored: MemoryStorage
  answer(answer: Answer<Ordered> | undefined): Promise<void>
}

/** Somebody else in the room, whose frames a test lets the stream hear. */
export class Peer {
  group: FakeGroup
  #ids = 0

  constructor(group: FakeGroup) {
    this.group = group
  }

  async says(text: string, at: { seq: number; inc?: Incarnation; epoch?: number }): Promise<StreamFrame> {
    const { frame, group } = await fakeOps(() => true).seal(this.group, utf8(text))
    this.group = group
    return this.#at('message', frame, at)
  }

  commits(
    at: { seq: number; inc?: Incarnation },
    parts: { rejoined?: string[]; refusedBy?: string[]; needs?: string } = {},
  ): StreamFrame {
    const { frame, next } = commitOf(this.group, { nonce: `${this.group.self} ${at.seq}`, ...parts })
    const told = this.#at('commit', frame, at)
    this.group = next
    return told
  }

  #at(kind: StreamFrame['kind'], ct: StreamFrame['ct'], at: { seq: number; inc?: Incarnation; epoch?: number }) {
    const { self, epoch } = this.group
    return { kind, inc, epoch, id: `${self}${this.#ids++}`, device: self, ct, atMs: 0, ...at }
  }
}

export class Solo {
  readonly clock: SimClock = new SimClock(seeded(1))
  readonly storage: MemoryStorage
  readonly queue: Serial = new Serial()
  readonly sent: SentFrame[] = []
  /** What the stream told its host, in order. */
  readonly calls: string[] = []
  readonly failures: unknown[] = []
  /** Things that commits need and that have come. */
  readonly present: Set<string> = new Set()
  /** Ids of rows that the host does not want sealed. */
  readonly held: Set<string> = new Set()
  /** Somebody is in the group who has to go first. */
  hasStranger = false
  stream!: SoloStream
  readonly #changes: Partial<Ops>
  /** Whether this host asks others for what the relay has lost. */
  readonly #repairs: boolean

  private constructor(storage: MemoryStorage, ops: Partial<Ops>, repairs = false) {
    this.storage = storage
    this.#changes = ops
    this.#repairs = repairs
  }

  /** Ana's stream, at the beginning of a room of which she is a member, not connected. */
  static async begin(
    members: string[] = ['ana', 'ben'],
    ops: Partial<Ops> = {},
    {
      storage = openMemoryStorage(),
      unstored = false,
      repairs = false,
    }: { storage?: MemoryStorage; unstored?: boolean; repairs?: boolean } = {},
  ): Promise<Solo> {
    const solo = new Solo(storage, ops, repairs)
    const { stream, changes } = Stream.begin(solo.#parts(), { group: foundGroup('first', 'ana', members), inc, seq: 0 })
    solo.stream = stream
    if (!unstored) await solo.storage.apply(changes)
    return solo
  }

  /** Ana's stream as it comes back from a copy of what is stored. */
  static async load(storage: MemoryStorage): Promise<Solo> {
    const solo = new Solo(storage.clone(), {})
    const stream = await Stream.load(solo.#parts(), decodeFakeGroup)
    if (!stream) throw new Error('solo: nothing is stored')
    solo.stream = stream
    return solo
  }

  /** Runs something in the device's queue, as its host does, and waits until nothing is left to do. */
  async do<T>(job: (stream: SoloStream) => Promise<T> | T): Promise<T> {
    const result = await this.queue.run(() => job(this.stream))
    await this.clock.run(0)
    return result
  }

  async says(id: string, until: OutboxRow['until'] = 'ordered', size = 1): Promise<void> {
    await this.do((stream) => stream.enqueue('message', id as MessageId, utf8(id.padEnd(size)), until))
  }

  async hears(...frames: StreamFrame[]): Promise<void> {
    for (const frame of frames) await this.do((stream) => stream.receive(frame))
  }

  async resumes(answer: Partial<Resumed> = {}): Promise<Awaited<ReturnType<SoloStream['resumed']>>> {
    const { cursor, epoch } = this.stream
    return this.do((stream) => stream.resumed({ ...cursor, epoch, firstSeq: 1, recovered: true, ...answer }))
  }

  /** A commit of this device, held and not yet sent. */
  async commits(parts: { refusedBy?: string[] } = {}): Promise<{ id: string; at(seq: number): StreamFrame }> {
    const { group, epoch } = this.stream
    const { frame, next } = commitOf(group, { nonce: 'own', ...parts })
    const id = `commit${epoch}`
    await this.do((stream) => stream.holdPending({ epoch, id, frame, next, note: '{}' }))
    return { id, at: (seq) => ({ kind: 'commit', inc, seq, epoch, id, device: 'ana', ct: frame, atMs: 0 }) }
  }

  /** The frame that `sent` comes back as. */
  echo(sent: SentFrame, seq: number, life: Incarnation = inc): StreamFrame {
    const { id, epoch, frame } = sent
    return { kind: 'message', inc: life, seq, epoch, id, device: 'ana', ct: frame.slice(), atMs: 0 }
  }

  peer(name = 'ben'): Peer {
    const { secret, members, epoch } = this.stream.group
    return new Peer(foundGroup(secret, name, members, epoch))
  }

  /** What leaves from now on. */
  forgetSent(): void {
    this.sent.length = 0
  }

  #parts(): StreamParts<FakeGroup, FakeApplication, FakeChange> {
    return {
      prefix: 'room',
      storage: this.storage,
      clock: this.clock,
      queue: this.queue,
      ops: { ...fakeOps((what) => this.present.has(what)), ...this.#changes },
      host: this.#host(),
      wire: {
        send: (kind, id, epoch, n, frame) =>
          new Promise((resolve) => {
            const answer = async (given: Answer<Ordered> | undefined) => {
              resolve(given)
              await this.clock.run(0)
            }
            this.sent.push({ kind, id, epoch, n, frame, stored: this.storage.clone(), answer })
          }),
      },
    }
  }

  #host(): StreamHost<FakeGroup, FakeApplication, FakeChange> {
    const tell = (call: string) => {
      this.calls.push(call)
      return []
    }
    return {
      hasStranger: () => this.hasStranger,
      onContent: (frame, { sender, content }) => tell(`${sender}: ${fromUtf8(content)} (${frame.seq})`),
      onCommit: (frame, _change, group, own) => tell(`${own ? 'own ' : ''}commit ${frame.seq} begins ${group.epoch}`),
      onOwn: (frame) => tell(`own ${frame.id} (${frame.seq})`),
      onRefused: (frame, reason) => tell(`refused ${frame.seq}: ${reason}`),
      onLost: ({ fromSeq, toSeq }) => tell(`lost ${fromSeq}-${toSeq}`),
      onStored: () => undefined,
      onInvalidCommit: (frame) => void tell(`invalid commit ${frame.seq}`),
      onAdopted: (frame) => void tell(`adopted ${frame.seq}`),
      onMissing: () => void tell('missing'),
      onFallenOut: (reason) => void tell(`fallen out: ${reason}`),
      holds: ({ id }) => this.held.has(id),
      onGap: () => void tell('gap'),
      ...(this.#repairs ? { onHole: () => void tell('hole') } : {}),
      onFailed: (error) => void this.failures.push(error),
    }
  }
}

export function ordered(seq: number, life: Incarnation = inc): Answer<Ordered> {
  return { ok: true, inc: life, seq }
}

export function refused(
  code: Exclude<Answer<Ordered>, { ok: true }>['code'],
  where: { n?: number; epoch?: number; seq?: number } = {},
): Answer<Ordered> {
  return { ok: false, code, message: code, inc, ...where }
}

/** The generation under which a frame of these groups was sealed. */
export function generationOf(frame: Uint8Array): number {
  return (parseFrame(frame) as FakeAppFrame).generation
}

export function contentOf(frame: Uint8Array): string {
  return fromUtf8(fromBase64Url((parseFrame(frame) as FakeAppFrame).content)!)!.trimEnd()
}
