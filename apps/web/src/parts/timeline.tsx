/** The conversation. Follows at the bottom only; whoever reads above is not disturbed and hears what is new by a count. */
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { TimelineItem } from '../client-gate.ts'
import { type Row, rowsOf, tailStart } from '../timeline-rows.ts'
import type { Namer } from '../words/people.ts'
import { roomWords } from '../words/room.ts'
import { systemWords, toneOf } from '../words/system.ts'
import { clockTime, dayName, fullTime, isoTime } from '../words/time.ts'
import { Icon } from './icon.tsx'
import { Message } from './message.tsx'

interface Props {
  items: readonly TimelineItem[]
  nameOf: Namer
  /** Stands above the first item. */
  above?: ComponentChildren
  onRetry(key: string): void
  onDelete(key: string): void
}

/** So many messages stand on the page at least, and so many more come with each *Show earlier*. */
const pageMessages = 100
/** As near to the end as this still counts as reading the end. */
const bottomPx = 60

export function Timeline({ items, nameOf, above, onRetry, onDelete }: Props): JSX.Element {
  const log = useRef<HTMLDivElement>(null)
  const [oldest, setOldest] = useState<string>()
  const [atBottom, setAtBottom] = useState(true)
  const [seen, setSeen] = useState(items.length)
  const [silent, setSilent] = useState(false)
  // Height above the reader's place before earlier messages were added.
  const heightBefore = useRef<number | undefined>(undefined)

  const from = shownFrom(items, oldest)
  const rows = useMemo(() => rowsOf(items.slice(from)), [items, from])
  const unseen = atBottom ? 0 : items.slice(seen).filter((item) => item.kind === 'message' && !item.author.self).length
  const newest = items.at(-1)
  const justWritten = newest?.kind === 'message' && (newest.state === 'sending' || newest.state === 'held')

  function toBottom(): void {
    const element = log.current
    if (element !== null) element.scrollTop = element.scrollHeight
  }

  function place(): void {
    const element = log.current
    if (element === null) return
    const near = element.scrollHeight - element.scrollTop - element.clientHeight < bottomPx
    setAtBottom(near)
    if (near) {
      setSeen(items.length)
      setOldest(undefined)
    } else if (oldest === undefined) setOldest(items[from]?.key)
  }

  // What grows above the first item must not move what somebody reads below it.
  const aboveBefore = useRef<number | undefined>(undefined)
  useLayoutEffect(() => {
    const element = log.current
    const height = element?.querySelector<HTMLElement>('.above')?.offsetHeight ?? 0
    const grown = height - (aboveBefore.current ?? height)
    aboveBefore.current = height
    if (element === null || grown === 0) return
    if (atBottom) toBottom()
    else if (element.scrollTop > height - grown) element.scrollTop += grown
  }, [above])

  useLayoutEffect(() => {
    const element = log.current
    if (element === null) return
    if (heightBefore.current !== undefined) {
      element.scrollTop += element.scrollHeight - heightBefore.current
      heightBefore.current = undefined
    } else if (atBottom) toBottom()
    if (atBottom) setSeen(items.length)
  }, [items, from, atBottom])

  // What this person has just written is always seen, wherever they were reading.
  useLayoutEffect(() => {
    if (justWritten) toBottom()
  }, [newest?.key])

  // A keyboard that opens, or a window made smaller, must not push the last message out of sight.
  useEffect(() => {
    const element = log.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      if (atBottom) toBottom()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [atBottom])

  useEffect(() => {
    if (!silent) return
    const timer = setTimeout(() => setSilent(false), 1_000)
    return () => clearTimeout(timer)
  }, [silent])

  function showEarlier(): void {
    heightBefore.current = log.current?.scrollHeight
    setSilent(true)
    setAtBottom(false)
    setOldest(items[earlierThan(items, from)]?.key)
    log.current?.focus({ preventScroll: true })
  }

  const nowMs = Date.now()
  return (
    <div class="timeline">
      <div
        class="log"
        role="log"
        aria-label={roomWords.messages}
        aria-live={silent ? 'off' : 'polite'}
        aria-relevant="additions"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keyboard
        tabIndex={0}
        ref={log}
        onScroll={place}
      >
        <div class="rows">
          {from > 0 && (
            <button type="button" class="button small earlier" onClick={showEarlier}>
              {roomWords.earlier}
            </button>
          )}
          {from === 0 && above !== undefined && <div class="above">{above}</div>}
          {rows.map((row) => (
            <RowOf key={row.key} row={row} nameOf={nameOf} nowMs={nowMs} onRetry={onRetry} onDelete={onDelete} />
          ))}
        </div>
      </div>
      {!atBottom && (
        <button type="button" class="latest" onClick={toBottom}>
          <Icon name="down" />
          <span>{roomWords.latest}</span>
          {unseen > 0 && <span class="count">{roomWords.newMessages(unseen)}</span>}
        </button>
      )}
    </div>
  )
}

interface RowProps extends Omit<Props, 'items' | 'above'> {
  row: Row
  nowMs: number
}

function RowOf({ row, nameOf, nowMs, onRetry, onDelete }: RowProps): JSX.Element {
  switch (row.row) {
    case 'day':
      return (
        <p class="day">
          <span>{dayName(row.atMs, nowMs)}</span>
        </p>
      )
    case 'message':
      return <Message {...row} nameOf={nameOf} onRetry={onRetry} onDelete={onDelete} />
    case 'system':
      return (
        <p class={`system ${toneOf(row.event)}`}>
          {systemWords(row.event, nameOf, row.times)}{' '}
          <time dateTime={isoTime(row.atMs)} title={fullTime(row.atMs)}>
            {clockTime(row.atMs)}
          </time>
        </p>
      )
  }
}

/** The reader's own oldest message stays where it is while new ones come; at the bottom the newest page suffices. */
function shownFrom(items: readonly TimelineItem[], oldest: string | undefined): number {
  const least = tailStart(items, pageMessages)
  if (oldest === undefined) return least
  const kept = items.findIndex((item) => item.key === oldest)
  return kept === -1 ? least : Math.min(kept, least)
}

function earlierThan(items: readonly TimelineItem[], from: number): number {
  return tailStart(items.slice(0, from), pageMessages)
}
