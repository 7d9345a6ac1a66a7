/** What a person in a terminal is told of a room: lines for each change between two snapshots, each once. */
import type { MessageView, RoomSnapshot, SystemEvent, TimelineItem } from '@qsec/client'
import {
  companyLine,
  comparisonLines,
  connectionLine,
  entryLines,
  holdLine,
  knockLines,
  labelLine,
  phaseLine,
  trustLines,
} from './around.ts'
import { clock, forTerminal, type Line, note, short } from './lines.ts'
import { dayKey, dayName, failureWords, namerOf, problemOf, roomWords, systemWords, toneOf } from './page.ts'
import { changeLines, type Known, knownOf, messageLine } from './said.ts'

/** A name comes a moment after its person, and a door that opens at once needs no words: so long a line waits for that. */
export const patienceMs = 2_500
/** Of what this device had before, so much is shown again. */
const shownAgain = 20

export class Story {
  /** Something waits to be told: the same snapshot has more to tell after `patienceMs`. */
  waiting = false
  readonly #known = new Map<string, Known | 'told'>()
  readonly #last = new Map<string, string>()
  readonly #where: string
  readonly #echoes: boolean
  /** What this device had when the program began, and the first of it that nobody has seen yet. */
  readonly #before = new Set<string>()
  readonly #unread: string | undefined
  #day: string
  #label: string | undefined
  #entered = false
  #company = false
  /** Since when a line waits, by what it is about. */
  readonly #since = new Map<string, number>()

  /**
   * Takes what a device that came back had shown before as told, but for the newest.
   *
   * @param how.where - the address of the relay
   * @param how.echoes - what is typed here stands on the screen already
   */
  constructor(start: RoomSnapshot, how: { where: string; echoes: boolean; nowMs: number }) {
    this.#where = how.where
    this.#echoes = how.echoes
    this.#day = dayKey(how.nowMs)
    const { timeline } = start
    const seen = timeline.findIndex(({ key }) => key === start.reading.seen)
    const from = Math.min(seen + 1, Math.max(0, timeline.length - shownAgain))
    for (const item of timeline.slice(0, from)) this.#known.set(item.key, knownItem(item))
    for (const { key } of timeline) this.#before.add(key)
    this.#unread = seen < 0 ? undefined : timeline[seen + 1]?.key
  }

  /** @param nowMs - to name days */
  take(snapshot: RoomSnapshot, nowMs: number): Line[] {
    this.waiting = false
    const nameOf = namerOf(snapshot.people)
    return [
      ...this.#once('connection', snapshot.connection, () => connectionLine(snapshot, this.#entered)),
      ...snapshot.timeline.flatMap((item) => this.#item(item, snapshot, nowMs)),
      ...this.#files(snapshot),
      ...this.#phase(snapshot, nowMs),
      ...this.#entry(snapshot, nowMs),
      ...this.#keys(snapshot),
      ...this.#once('hold', JSON.stringify(snapshot.quantum.hold ?? null), (first) =>
        holdLine(snapshot, nameOf, first),
      ),
      ...this.#once('blocked', snapshot.trust.blockedBy.map(({ device }) => device).join(), () =>
        trustLines(snapshot, nameOf),
      ),
      ...this.#once('comparison', JSON.stringify(snapshot.trust.comparison?.state ?? null), () =>
        comparisonLines(snapshot, nameOf),
      ),
      ...(snapshot.agreement?.knocks ?? []).flatMap((knock) =>
        this.#once(`knock ${knock.device}`, knock.code, () => knockLines(knock, snapshot)),
      ),
    ]
  }

  #item(item: TimelineItem, snapshot: RoomSnapshot, nowMs: number): Line[] {
    const before = this.#known.get(item.key)
    if (before === undefined && nameless(item) && this.#waits(item.key, nowMs)) return []
    this.#known.set(item.key, knownItem(item))
    const nameOf = namerOf(snapshot.people)
    if (before === undefined) {
      const unread = item.key === this.#unread ? [note(`${roomWords.unread}:`)] : []
      return [...this.#dayOf(item, nowMs), ...unread, ...this.#fresh(item, snapshot)]
    }
    if (item.kind === 'system' || before === 'told') return []
    const failed = item.state === 'not-sent' && before.state !== 'not-sent' ? [notSentLine(item)] : []
    return [...changeLines(before, item, nameOf), ...failed]
  }

  #fresh(item: TimelineItem, snapshot: RoomSnapshot): Line[] {
    if (item.kind === 'system') return [systemLine(item.event, item.atMs, snapshot)]
    const echoed = this.#echoes && item.author.self && !this.#before.has(item.key)
    const said = echoed ? [] : [messageLine(item, namerOf(snapshot.people))]
    return [...said, ...(item.state === 'not-sent' ? [notSentLine(item)] : [])]
  }

  /** Before the first item of another day. */
  #dayOf({ atMs }: TimelineItem, nowMs: number): Line[] {
    const day = dayKey(atMs)
    if (day === this.#day) return []
    this.#day = day
    return [note(`${dayName(atMs, nowMs)}:`)]
  }

  #files({ timeline, files }: RoomSnapshot): Line[] {
    return timeline.flatMap((item) => {
      if (item.kind !== 'message') return []
      return (item.files ?? []).flatMap(({ id, name }) => {
        const state = files.states.get(id)
        if (state?.at !== 'failed') return []
        return this.#once(`file ${id}`, state.reason, () => [note(`${name}: ${failureWords(state)}`, 'warning')])
      })
    })
  }

  #phase(snapshot: RoomSnapshot, nowMs: number): Line[] {
    const { phase } = snapshot
    const alone = 'anyoneHere' in phase && !phase.anyoneHere
    if (!alone) this.#since.delete('alone')
    else if (this.#waits('alone', nowMs)) return []
    return this.#once('phase', JSON.stringify(phase), () => phaseLine(snapshot))
  }

  #entry(snapshot: RoomSnapshot, nowMs: number): Line[] {
    if (snapshot.phase.at !== 'member') return []
    const entry = this.#entered ? [] : entryLines(snapshot, this.#where)
    this.#entered = true
    const named = snapshot.people.every(({ name }) => name !== '')
    if (this.#company || (!named && this.#waits('company', nowMs))) return entry
    this.#company = true
    return [...entry, companyLine(snapshot)]
  }

  /** Whether that line waits, which it does for `patienceMs` at most. */
  #waits(what: string, nowMs: number): boolean {
    const since = this.#since.get(what) ?? nowMs
    this.#since.set(what, since)
    const waits = nowMs - since < patienceMs
    if (waits) this.waiting = true
    return waits
  }

  /** Where the label changes without a line of its own in the conversation: after somebody came or went. */
  #keys({ quantum: { label } }: RoomSnapshot): Line[] {
    const before = this.#label
    this.#label = label
    return before === undefined || before === label || label !== 'post-quantum' ? [] : [labelLine(label)]
  }

  #once(what: string, now: string, lines: (first: boolean) => Line[]): Line[] {
    const before = this.#last.get(what)
    this.#last.set(what, now)
    return before === now ? [] : lines(before === undefined)
  }
}

function knownItem(item: TimelineItem): Known | 'told' {
  return item.kind === 'message' ? knownOf(item) : 'told'
}

/** It is about somebody whose name has not arrived. */
function nameless(item: TimelineItem): boolean {
  if (item.kind === 'message') return item.author.name === ''
  return 'people' in item.event && item.event.people.some(({ name }) => name === '')
}

function systemLine(event: SystemEvent, atMs: number, { people }: RoomSnapshot): Line {
  const text = forTerminal(systemWords(event, namerOf(people)))
  return { head: `${clock(atMs)} -- `, text, tone: toneOf(event) }
}

function notSentLine({ text, problem = '' }: MessageView): Line {
  const what = `Not sent: “${short(text)}”. ${problemOf(problem)}`
  return note(`${what} /retry sends it again, /discard drops it.`, 'warning')
}
