/** What clients did and saw, one entry an event, and what must be true of it whatever went wrong on the way. */

/** `ok`: the screen says *sent* or more. `fail`: it says *not sent*. Neither: nobody knows. */
export type SendPhase = 'invoke' | 'ok' | 'fail'

export type Entry =
  /** `id` is the text, `<client> <n>`: different for every message. */
  | { op: 'send'; client: string; id: string; phase: SendPhase }
  /** A frame that came from the relay, or an own one that it has ordered; `id` is the frame's. */
  | { op: 'place'; client: string; inc: string; seq: number; id: string }
  /** What the client shows at the end. */
  | ({ op: 'screen'; client: string } & Screen)

export interface Screen {
  /** Messages in the order of the screen. */
  ids: readonly string[]
  /** Where a gap is shown, in words: frames from the first to the second number. */
  gaps: readonly (readonly [number, number])[]
  epoch: number
  /** Derived from the epoch's authenticator: alike on two devices only where they followed the same commits. */
  roomCode: string | undefined
  /** Came in late, or anew: nothing is promised of what stood before its first message. */
  late: boolean
}

export interface Violation {
  rule: 'lost' | 'twice' | 'invented' | 'order' | 'sender-order' | 'place' | 'fork'
  client: string
  what: string
}

type Seen = Screen & { client: string }

/** Every promise that the history breaks; none of them is a matter of time once all is at rest. */
export function checkHistory(history: readonly Entry[]): Violation[] {
  const screens = history.filter((entry) => entry.op === 'screen')
  const sends = history.filter((entry) => entry.op === 'send')
  const invoked = new Map<string, number>()
  for (const { id, phase } of sends) if (phase === 'invoke' && !invoked.has(id)) invoked.set(id, invoked.size)
  const confirmed = new Set(sends.filter(({ phase }) => phase === 'ok').map(({ id }) => id))
  return [
    ...screens.flatMap((screen) => [
      ...lostOn(screen, confirmed, screens),
      ...repeatedOn(screen),
      ...screen.ids.filter((id) => !invoked.has(id)).map((id) => violation('invented', screen, id)),
      ...disorderOfSenders(screen, invoked),
    ]),
    ...disorderBetween(screens),
    ...sharedPlaces(history),
    ...forks(screens),
  ]
}

function violation(rule: Violation['rule'], { client }: { client: string }, what: string): Violation {
  return { rule, client, what }
}

/** A gap that is shown is no silent loss: whoever sees it knows that something is missing. */
function lostOn(screen: Seen, confirmed: ReadonlySet<string>, all: readonly Seen[]): Violation[] {
  if (screen.gaps.length > 0) return []
  const has = new Set(screen.ids)
  return [...promisedTo(screen, confirmed, all)].filter((id) => !has.has(id)).map((id) => violation('lost', screen, id))
}

/** To a late one: what stands behind its first message on a screen that was there from the beginning. */
function promisedTo(screen: Seen, confirmed: ReadonlySet<string>, all: readonly Seen[]): ReadonlySet<string> {
  if (!screen.late) return confirmed
  const whole = all.find(({ late, gaps }) => !late && gaps.length === 0)
  const from = whole?.ids.indexOf(screen.ids[0] ?? '') ?? -1
  return new Set(from < 0 ? [] : whole!.ids.slice(from).filter((id) => confirmed.has(id)))
}

function repeatedOn(screen: Seen): Violation[] {
  const seen = new Set<string>()
  return screen.ids.flatMap((id) => {
    if (seen.has(id)) return violation('twice', screen, id)
    seen.add(id)
    return []
  })
}

function disorderOfSenders(screen: Seen, invoked: ReadonlyMap<string, number>): Violation[] {
  const last = new Map<string, string>()
  return screen.ids.flatMap((id) => {
    const sender = id.slice(0, id.lastIndexOf(' '))
    const before = last.get(sender)
    last.set(sender, id)
    const wrong = before !== undefined && (invoked.get(before) ?? -1) > (invoked.get(id) ?? Number.POSITIVE_INFINITY)
    return wrong ? violation('sender-order', screen, `${id} after ${before}`) : []
  })
}

/** Any two screens show what both have in the same order; the first difference of each pair is told. */
function disorderBetween(screens: readonly Seen[]): Violation[] {
  return screens.flatMap((a, i) =>
    screens.slice(i + 1).flatMap((b) => {
      const [inA, inB] = [new Set(a.ids), new Set(b.ids)]
      const [onA, onB] = [a.ids.filter((id) => inB.has(id)), b.ids.filter((id) => inA.has(id))]
      const at = onA.findIndex((id, k) => id !== onB[k])
      return at < 0 ? [] : violation('order', a, `${onA[at]} where ${b.client} has ${onB[at]}`)
    }),
  )
}

/** One place in the relay's order, one frame: else two devices were told different histories. */
function sharedPlaces(history: readonly Entry[]): Violation[] {
  const taken = new Map<string, string>()
  return history.flatMap((entry) => {
    if (entry.op !== 'place') return []
    const place = `${entry.inc}/${entry.seq}`
    const first = taken.get(place) ?? entry.id
    taken.set(place, first)
    return first === entry.id ? [] : violation('place', entry, `${place} is ${first} and ${entry.id}`)
  })
}

/** At rest all are in one epoch, and by the same commits. */
function forks(screens: readonly Seen[]): Violation[] {
  const [first, ...others] = screens
  return others
    .filter(({ epoch, roomCode }) => epoch !== first!.epoch || roomCode !== first!.roomCode || roomCode === undefined)
    .map((screen) => violation('fork', screen, `epoch ${screen.epoch}, not as ${first!.client} in ${first!.epoch}`))
}
