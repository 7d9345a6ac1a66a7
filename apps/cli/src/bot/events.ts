/** What a bot tells about its room, one event for each change between two snapshots. */
import type {
  EpochLabel,
  FileStateView,
  FileView,
  KnockView,
  LinkState,
  LinkView,
  MessageState,
  MessageView,
  PersonView,
  Phase,
  RoomSnapshot,
  SystemEvent,
  TransportState,
  TrustState,
} from '@qsec/client'
import type { ServerEvent } from './server.ts'

export interface Who {
  /** Fingerprint of the device. */
  device: string
  /** Empty while the person's signed name has not arrived. */
  name: string
}

/** A system event with `Who` in the place of everybody in it. */
type Told<E> = E extends unknown
  ? { [K in keyof E]: E[K] extends PersonView ? Who : E[K] extends PersonView[] ? Who[] : E[K] }
  : never

/** How far words for one person have come. `not-delivered`: no device of that person has them or will. */
type NoteState = 'sending' | 'sent' | 'delivered' | 'not-delivered' | 'received'

type Member = Who & { self: boolean; present: boolean; trust: TrustState }

export type BotEvent =
  | ServerEvent
  | ({ event: 'phase' } & Phase)
  | { event: 'connection'; state: TransportState }
  | {
      event: 'message'
      key: string
      from: Who
      own: boolean
      text: string
      atMs: number
      state: MessageState
      lifetimeS?: number
      files?: Pick<FileView, 'id' | 'name' | 'size' | 'kind'>[]
    }
  /** A file of a message has come further on this device; `absent`: it has to be fetched. */
  | { event: 'file'; id: string; name: string; state: FileStateView['at']; reason?: string }
  /** An order to save a file was carried out. */
  | { event: 'file-saved'; id: string; path: string }
  /** An order about a file could not be carried out. */
  | { event: 'file-refused'; problem: string }
  /** Words for one person alone, and each time that they have come further. */
  | {
      event: 'note'
      key: string
      with: Who
      from: Who
      own: boolean
      text: string
      atMs: number
      state: NoteState
      lifetimeS?: number
    }
  /** An order to say words to one person could not be taken. */
  | { event: 'note-refused'; to: string; problem: string }
  /** How far an own message has come. */
  /** A room that requires quantum keys holds back what is said until its epoch has one: for whom it waits. */
  | { event: 'hold'; waitsFor: 'others' | 'fewer' | 'away' | 'exchange' | 'nothing'; people: Who[] }
  | { event: 'state'; key: string; state: MessageState; deliveredTo: number; meantFor: number; problem?: string }
  | ({ event: 'system'; atMs: number } & Told<SystemEvent>)
  | { event: 'people'; people: Member[] }
  /** What everybody in the room sees in this epoch: for comparing by another channel. */
  | { event: 'room-code'; epoch: number; digits: string }
  | { event: 'knocks'; knocks: KnockView[] }
  /** Where an open room goes on. `path` holds the secret of a link for this device alone. */
  | { event: 'successor'; by: Who; path: string }
  | { event: 'label'; label: EpochLabel; linksCovered: number; linksInAll: number }
  | {
      event: 'link'
      between: [Who, Who]
      state: LinkState
      qber?: number
      qberInterval?: [number, number]
      reason?: string
      keyBits: number
    }

/** States of items that the timeline holds no more are forgotten beyond so many. */
const statesKept = 5_000

export class Changes {
  readonly #states = new Map<string, MessageState | 'told'>()
  readonly #last = new Map<string, string>()

  /** Takes what a device that came back had heard before as told. */
  constructor(start: RoomSnapshot) {
    for (const item of start.timeline) this.#states.set(item.key, item.kind === 'message' ? item.state : 'told')
  }

  take(snapshot: RoomSnapshot): BotEvent[] {
    const { label, linksCovered, linksInAll } = snapshot.quantum
    return [
      ...this.#ifNew('connection', { event: 'connection', state: snapshot.connection }),
      ...this.#timeline(snapshot),
      ...this.#files(snapshot),
      ...this.#ifNew('people', { event: 'people', people: snapshot.people.map(member) }),
      ...(snapshot.trust.roomCode ? this.#ifNew('room-code', { event: 'room-code', ...snapshot.trust.roomCode }) : []),
      ...this.#knocks(snapshot),
      ...this.#successor(snapshot),
      ...this.#ifNew('label', { event: 'label', label, linksCovered, linksInAll }),
      ...this.#hold(snapshot),
      ...snapshot.quantum.links.flatMap((link) => this.#link(link)),
      // Last, so that the end of a device is the end of what it tells.
      ...this.#ifNew('phase', { event: 'phase', ...snapshot.phase }),
    ]
  }

  #timeline({ timeline }: RoomSnapshot): BotEvent[] {
    if (this.#states.size > timeline.length + statesKept) {
      const held = new Set(timeline.map(({ key }) => key))
      for (const key of this.#states.keys()) if (!held.has(key)) this.#states.delete(key)
    }
    return timeline.flatMap((item): BotEvent[] => {
      const before = this.#states.get(item.key)
      const now = item.kind === 'message' ? item.state : 'told'
      if (before === now) return []
      this.#states.set(item.key, now)
      if (item.kind === 'message' && item.privately) return [note(item, item.privately)]
      if (item.kind === 'system') return [{ event: 'system', atMs: item.atMs, ...told(item.event) }]
      return [before === undefined ? message(item) : progress(item)]
    })
  }

  #files({ timeline, files }: RoomSnapshot): BotEvent[] {
    return timeline.flatMap((item) => {
      if (item.kind !== 'message') return []
      return (item.files ?? []).flatMap(({ id, name }): BotEvent[] => {
        const state = files.states.get(id) ?? { at: 'absent' as const }
        const reason = state.at === 'failed' ? { reason: state.reason } : {}
        return this.#ifNew(`file ${id}`, { event: 'file', id, name, state: state.at, ...reason })
      })
    })
  }

  #knocks({ agreement }: RoomSnapshot): BotEvent[] {
    const knocks = agreement?.knocks ?? []
    if (knocks.length === 0 && !this.#last.has('knocks')) return []
    return this.#ifNew('knocks', { event: 'knocks', knocks: [...knocks] })
  }

  /** In a room that requires quantum keys: why nothing is sent, and that it is sent again. */
  #hold({ quantum: { hold } }: RoomSnapshot): BotEvent[] {
    if (!hold && !this.#last.has('hold')) return []
    if (!hold) return this.#ifNew('hold', { event: 'hold', waitsFor: 'nothing', people: [] })
    const people = hold.for === 'away' ? hold.people.map(who) : []
    return this.#ifNew('hold', { event: 'hold', waitsFor: hold.for, people })
  }

  #successor({ successor }: RoomSnapshot): BotEvent[] {
    if (!successor || successor.by.self) return []
    return this.#ifNew('successor', { event: 'successor', by: who(successor.by), path: successor.path })
  }

  #link({ ends, state, qber, qberInterval, reason, keyBits }: LinkView): BotEvent[] {
    const between: [Who, Who] = [who(ends[0]), who(ends[1])]
    const event: BotEvent = {
      event: 'link',
      between,
      state,
      ...(qber === undefined ? {} : { qber }),
      ...(qberInterval === undefined ? {} : { qberInterval }),
      ...(reason === undefined ? {} : { reason }),
      keyBits,
    }
    const ids = ends.map(({ device }) => device).sort()
    return this.#ifNew(`link ${ids.join(' ')}`, event)
  }

  #ifNew(what: string, event: BotEvent): BotEvent[] {
    const text = JSON.stringify(event)
    if (this.#last.get(what) === text) return []
    this.#last.set(what, text)
    return [event]
  }
}

function message({ key, author, text, atMs, state, files, lifetime }: MessageView): BotEvent {
  const told = files?.map(({ id, name, size, kind }) => ({ id, name, size, kind }))
  return {
    ...{ event: 'message', key, from: who(author), own: author.self, text, atMs, state },
    ...living(lifetime),
    ...(told ? { files: told } : {}),
  }
}

function living(lifetime: MessageView['lifetime']): { lifetimeS?: number } {
  return lifetime ? { lifetimeS: lifetime.seconds } : {}
}

function note({ key, author, text, atMs, state, lifetime }: MessageView, other: PersonView): BotEvent {
  const come = state === 'not-sent' ? 'not-delivered' : state === 'held' ? 'sending' : state
  return {
    event: 'note',
    key,
    with: who(other),
    from: who(author),
    own: author.self,
    text,
    atMs,
    state: come,
    ...living(lifetime),
  }
}

function progress({ key, state, deliveredTo, meantFor, problem }: MessageView): BotEvent {
  return { event: 'state', key, state, deliveredTo, meantFor, ...(problem === undefined ? {} : { problem }) }
}

function who({ device, name }: PersonView): Who {
  return { device, name }
}

function member(person: PersonView): Member {
  return { ...who(person), self: person.self, present: person.present, trust: person.standing.trust }
}

function told(event: SystemEvent): Told<SystemEvent> {
  const entries = Object.entries(event).map(([key, value]): [string, unknown] => {
    if (Array.isArray(value)) return [key, value.map((one: PersonView) => who(one))]
    return [key, isPerson(value) ? who(value) : value]
  })
  return Object.fromEntries(entries) as Told<SystemEvent>
}

function isPerson(value: unknown): value is PersonView {
  return typeof value === 'object' && value !== null && 'device' in value
}
