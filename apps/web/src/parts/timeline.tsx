/**
 * The conversation. Follows at the bottom only; whoever reads above is not disturbed and hears what is new by a count. Of
 * a long history only what is near the window is drawn, and the newest messages always.
 */
import type { ComponentChildren, JSX, VNode } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ReadingView, TimelineItem } from '../client-gate.ts'
import { type Row, Rows, tailStart } from '../timeline-rows.ts'
import { messageWords } from '../words/messages.ts'
import { isYou, listPeople, type Namer } from '../words/people.ts'
import { roomWords } from '../words/room.ts'
import { systemWords, toneOf } from '../words/system.ts'
import { clockTime, dayName, fullTime, isoTime } from '../words/time.ts'
import { Icon } from './icon.tsx'
import type { MessageActions } from './message/actions.ts'
import { Message } from './message.tsx'
import { useActive } from './timeline/active.ts'
import { Place } from './timeline/place.ts'
import { type Unread, unreadAfter } from './timeline/unread.ts'
import { useSwipe } from './timeline/use-swipe.ts'
import type { Wanted } from './use-messages.ts'

export interface TimelineProps {
  items: readonly TimelineItem[]
  /** How many more there are before them. */
  earlierItems?: number
  nameOf: Namer
  /** Stands above the first item. */
  above?: ComponentChildren
  actions?: MessageActions | undefined
  /** Key of the last item that this person has seen, as it was when they came. */
  seen?: string | undefined
  /** Who tells that they have read up to which message. */
  readers?: ReadingView['readers']
  wanted?: Wanted | undefined
  /** A press on the name of a day. The same function always. */
  onDay?(atMs: number): void
  onEarlier?(): Promise<void>
  /** All up to that item is seen. */
  onSeen?(key: string): void
  /** The newest messages are enough again. */
  onLatest?(): void
}

/** So many messages stand on the page always. */
const tailMessages = 100
/** What moves while rows are drawn anew is not read out; so long afterwards, what comes is. */
const quietMs = 1_000
const flashMs = 1_600
/** What was written before they came and comes within this time was missed. */
const arrivingMs = 20_000

export function Timeline(props: TimelineProps): JSX.Element {
  const { items, earlierItems = 0, nameOf, above, actions, seen, readers, wanted } = props
  const { onDay, onEarlier, onSeen, onLatest } = props
  const log = useRef<HTMLDivElement>(null)
  const maker = useMemo(() => new Rows(), [])
  const place = useMemo(() => new Place(), [])
  useSwipe(log, items, actions)
  const [, redraw] = useState(0)
  const [known, setKnown] = useState<string>()
  const [unread, setUnread] = useState<Unread | undefined>(() => unreadAfter(items, seen))
  const [flash, setFlash] = useState<string>()
  const active = useActive(log, place, redraw)
  const comesMs = useMemo(() => Date.now(), [])
  /** The message that gets the focus once it is drawn. */
  const toFocus = useRef<string | undefined>(undefined)
  /** They have said that all is read. */
  const settled = useRef(false)
  const newest = items.at(-1)
  const justWritten = newest?.kind === 'message' && (newest.state === 'sending' || newest.state === 'held')

  const rows = maker.of(items, unread?.key)
  place.take(rows)
  const tail = useMemo(() => tailStart(rows, tailMessages), [rows])
  const unseen = place.atBottom ? 0 : (unreadAfter(items, known)?.count ?? 0)

  const quiet = useQuiet(log)
  function again(): void {
    quiet()
    redraw((n) => n + 1)
  }

  function scrolled(): void {
    const before = place.atBottom
    const other = place.scrolled()
    if (place.atBottom) saw()
    if (other) again()
    else if (before !== place.atBottom) redraw((n) => n + 1)
    if (earlierItems > 0 && place.range.from === 0) void earlier()
  }

  /** What stands at the end is seen, while the page is looked at. */
  function saw(): void {
    const last = items.findLast(({ kind }) => kind === 'message') ?? newest
    if (last === undefined || document.visibilityState !== 'visible' || last.key === known) return
    setKnown(last.key)
    onSeen?.(last.key)
  }

  function allRead(): void {
    settled.current = true
    setUnread(undefined)
  }

  const loading = useRef(false)
  async function earlier(): Promise<void> {
    if (loading.current || !onEarlier) return
    loading.current = true
    quiet()
    await onEarlier()
    loading.current = false
  }

  useLayoutEffect(() => {
    place.log = log.current!
    const drawn = log.current!.querySelectorAll<HTMLElement>('.row')
    if (place.drawn(drawn)) again()
    if (place.atBottom) saw()
    if (toFocus.current !== undefined && focusOn(log.current!, toFocus.current)) toFocus.current = undefined
  })

  // What was said while they were away comes a moment after they do.
  useLayoutEffect(() => {
    if (unread || settled.current || Date.now() - comesMs > arrivingMs) return
    setUnread(unreadAfter(items, seen, comesMs))
  }, [items])

  // What this person has just written is always seen, wherever they were reading.
  useLayoutEffect(() => {
    if (!justWritten) return
    place.toBottom()
    allRead()
    again()
  }, [justWritten ? newest?.key : undefined])

  // A window or a row of another height: the place stays. The first call comes of observing and says nothing new.
  useEffect(() => {
    // Effects come after the page has drawn: by then the room may have given way to another screen.
    const element = log.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      if (place.drawn(element.querySelectorAll<HTMLElement>('.row'))) again()
    })
    observer.observe(element)
    for (const part of element.querySelectorAll('.drawn, .above')) observer.observe(part)
    return () => observer.disconnect()
  }, [Boolean(above)])

  // Who comes back to the page finds what came meanwhile behind a divider; Esc says that all is read.
  useEffect(() => {
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') setUnread(unreadAfter(items, known))
      if (document.visibilityState === 'visible' && place.atBottom) saw()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => document.removeEventListener('visibilitychange', onVisible)
  })

  useEffect(() => {
    if (wanted === undefined) return
    if (wanted.key === 'end') return toBottom()
    if (wanted.focus) toFocus.current = wanted.key
    jump(wanted.key)
  }, [wanted?.wish])

  function jump(key: string): void {
    quiet()
    if (!place.show(key)) return
    setFlash(key)
    redraw((n) => n + 1)
    setTimeout(() => {
      setFlash((now) => (now === key ? undefined : now))
      if (toFocus.current === key) toFocus.current = undefined
    }, flashMs)
  }

  function toBottom(): void {
    place.toBottom()
    allRead()
    onLatest?.()
    again()
  }

  const nowMs = Date.now()
  const drawRow = useDrawn(nameOf, actions, nowMs, onDay)
  const { from, to } = place.range
  const end = Math.min(to, tail)
  const { heights } = place
  // What a scroll brings is nothing new, whoever draws it first: the pointer may, before the scroll is heard of.
  const before = useRef({ from, end, count: rows.length })
  useLayoutEffect(() => {
    const { current } = before
    if (from < current.from || (end > current.end && rows.length === current.count)) quiet()
    before.current = { from, end, count: rows.length }
  })
  const row = (index: number): JSX.Element => {
    const one = rows[index]!
    const isActive = one.key === active.key
    const isFlashing = one.key === flash
    return drawRow(one, isActive, isFlashing, index === newestMessage, readBy.get(one.key) ?? '')
  }
  const readBy = useMemo(() => readersByKey(readers ?? [], nameOf), [readers, nameOf])
  let newestMessage = rows.length - 1
  while (newestMessage > tail && rows[newestMessage]!.row !== 'message') newestMessage--
  // One list, so that a row which leaves the newest ones and is near the window stays the element that it is.
  const drawn: JSX.Element[] = [<Space key="space above" px={heights.topOf(Math.min(from, end))} />]
  for (let index = Math.min(from, end); index < end; index++) drawn.push(row(index))
  drawn.push(<Space key="space below" px={heights.topOf(tail) - heights.topOf(end)} />)
  for (let index = tail; index < rows.length; index++) drawn.push(row(index))
  const unreadSide = unread === undefined ? undefined : place.sideOf('unread')
  return (
    <div class="timeline">
      <div
        class="log"
        role="log"
        aria-label={roomWords.messages}
        aria-description={messageWords.logHelp}
        aria-live="polite"
        aria-relevant="additions"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keyboard
        tabIndex={0}
        ref={log}
        onScroll={scrolled}
        onKeyDown={(event) => {
          active.onKey(event)
          if (event.key !== 'Escape') return
          // The same press does not close the details, too.
          if (unread) event.stopPropagation()
          allRead()
        }}
        onPointerOver={active.onPointerOver}
        onPointerLeave={active.onPointerLeave}
        onPointerDown={active.onPointerDown}
        onPointerUp={active.onPointerEnd}
        onPointerCancel={active.onPointerEnd}
        onPointerMove={active.onPointerMove}
        onContextMenu={active.onContextMenu}
        onFocusIn={active.onFocus}
        onFocusOut={active.onBlur}
      >
        <div class="rows">
          {earlierItems > 0 && (
            <button type="button" class="button small earlier" onClick={() => void earlier()}>
              {roomWords.earlier}
            </button>
          )}
          {earlierItems === 0 && above && <div class="above">{above}</div>}
          <div class="drawn">{drawn}</div>
        </div>
      </div>
      <div class="jumps">
        {unreadSide === 'above' && (
          <button type="button" class="latest" onClick={() => jump('unread')}>
            <Icon name="up" />
            <span>{roomWords.toUnread}</span>
          </button>
        )}
        {!place.atBottom && (
          <button type="button" class="latest" onClick={toBottom}>
            <Icon name="down" />
            <span>{roomWords.latest}</span>
            {unseen > 0 && <span class="count">{roomWords.newMessages(unseen)}</span>}
          </button>
        )}
      </div>
    </div>
  )
}

/** The names of those who have read up to a message, by its key. */
function readersByKey(readers: ReadingView['readers'], nameOf: Namer): Map<string, string> {
  const byKey = Map.groupBy(
    readers.filter(({ person }) => !isYou(person)),
    ({ key }) => key,
  )
  const names = (list: ReadingView['readers']): string =>
    listPeople(
      list.map(({ person }) => person),
      nameOf,
    )
  return new Map(Array.from(byKey, ([key, list]) => [key, names(list)]))
}

function focusOn(log: HTMLElement, key: string): boolean {
  const article = log.querySelector<HTMLElement>(`article[data-key="${CSS.escape(key)}"]`)
  article?.focus({ preventScroll: true })
  // Under a dialog that is still open nothing takes the focus.
  return article !== null && document.activeElement === article
}

/** What is not drawn takes its room. */
function Space({ px }: { px: number }): JSX.Element {
  return <div class="space" style={{ height: `${px}px` }} />
}

/** Lets the log be silent for a moment: what is drawn because somebody scrolls is nothing new. */
function useQuiet(log: { current: HTMLElement | null }): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return () => {
    log.current?.setAttribute('aria-live', 'off')
    clearTimeout(timer.current)
    timer.current = setTimeout(() => log.current?.setAttribute('aria-live', 'polite'), quietMs)
  }
}

/** Draws rows; one that is drawn as before is the very same, which Preact then leaves alone. */
function useDrawn(
  nameOf: Namer,
  actions: MessageActions | undefined,
  nowMs: number,
  onDay: TimelineProps['onDay'],
): (row: Row, active: boolean, flash: boolean, newest: boolean, readBy: string) => VNode {
  const today = new Date(nowMs).toDateString()
  const kept = useMemo(() => new WeakMap<Row, { look: string; node: VNode }>(), [nameOf, actions, today, onDay])
  return (row, active, flash, newest, readBy) => {
    const look = `${active} ${flash} ${newest} ${readBy}`
    const known = kept.get(row)
    if (known?.look === look) return known.node
    const node = (
      <div key={row.key} class={flash ? 'row flash' : 'row'} data-key={row.key}>
        <RowOf
          row={row}
          nameOf={nameOf}
          actions={actions}
          nowMs={nowMs}
          active={active}
          newest={newest}
          onDay={onDay}
        />
        {readBy !== '' && (
          <p class="read-by" aria-live="off">
            {messageWords.readBy(readBy)}
          </p>
        )}
      </div>
    )
    kept.set(row, { look, node })
    return node
  }
}

interface RowProps {
  row: Row
  nameOf: Namer
  actions: MessageActions | undefined
  nowMs: number
  active: boolean
  newest: boolean
  onDay: TimelineProps['onDay']
}

function RowOf({ row, nameOf, actions, nowMs, active, newest, onDay }: RowProps): JSX.Element {
  switch (row.row) {
    case 'day':
      return (
        <p class="day">
          {onDay ? (
            // By keyboard there is the command of the same name: a stop at every day would be in the way.
            <button type="button" tabIndex={-1} title={roomWords.toDay} onClick={() => onDay(row.atMs)}>
              {dayName(row.atMs, nowMs)}
            </button>
          ) : (
            <span>{dayName(row.atMs, nowMs)}</span>
          )}
        </p>
      )
    case 'unread':
      return (
        <p class="unread">
          <span>{roomWords.unread}</span>
        </p>
      )
    case 'message':
      return <Message {...row} nameOf={nameOf} actions={actions} active={active} newest={newest} />
    case 'system':
      return (
        <p class={`system ${toneOf(row.event)}`}>
          <bdi>{systemWords(row.event, nameOf, row.times)}</bdi>{' '}
          <time dateTime={isoTime(row.atMs)} title={fullTime(row.atMs)}>
            {clockTime(row.atMs)}
          </time>
        </p>
      )
  }
}
