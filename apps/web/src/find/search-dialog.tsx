/** Search in what this device has of the room. The keys stay in the text field, which points at the chosen message. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FoundMessage, RoomClient } from '../client-gate.ts'
import { isComposing } from '../parts/compose/typing.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { reasonOf } from '../problems.ts'
import { findWords, longDate } from '../words/find.ts'
import type { Namer } from '../words/people.ts'
import { privateWords } from '../words/private.ts'
import { clockTime, fullTime, isoTime } from '../words/time.ts'
import { Snippet } from './snippet.tsx'
import { type Looking, useSearch } from './use-search.ts'

interface Props {
  client: RoomClient
  nameOf: Namer
  /** What was looked for the last time. */
  first: string
  /** There are messages that others shared, which the search does not reach. */
  quoted: boolean
  onQuery(query: string): void
  /** Resolves to whether the message is still there. */
  onPick(key: string): Promise<boolean>
  onClose(): void
}

/** What became of the message that was chosen. */
type Picking = 'no' | 'coming' | 'gone' | { failed: string }

const shownAtFirst = 50

export function SearchDialog({ client, nameOf, first, quoted, onQuery, onPick, onClose }: Props): JSX.Element {
  const [query, setQuery] = useState(first)
  const [choice, setChoice] = useState<string>()
  const [most, setMost] = useState(shownAtFirst)
  const [picking, setPicking] = useState<Picking>('no')
  /** Enter was pressed before anything was found for what stands there: the first that comes is meant. */
  const [eager, setEager] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const { looking, scope, stop, again } = useSearch(client, query)
  const { found } = looking
  const isFresh = looking.words === query.trim()
  const shown = found.slice(0, most)
  const chosen = choice === undefined ? -1 : shown.findIndex(({ key }) => key === choice)

  useEffect(() => field.current?.select(), [])
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])

  useEffect(() => {
    if (!eager || !isFresh || (found.length === 0 && looking.at === 'looking')) return
    setEager(false)
    void pick(found[0])
  }, [eager, isFresh, looking])

  async function pick(message: FoundMessage | undefined): Promise<void> {
    if (!message || picking === 'coming') return
    setPicking('coming')
    try {
      if (await onPick(message.key)) return onClose()
      setPicking('gone')
    } catch (error) {
      setPicking({ failed: reasonOf(error) })
    }
  }

  function onKey(event: KeyboardEvent): void {
    if (isComposing(event)) return
    const { key } = event
    if (key === 'Enter' && !isFresh) setEager(true)
    else if (key === 'Enter') void pick(shown[Math.max(0, chosen)])
    else if (key === 'ArrowDown') {
      if (chosen + 1 >= most) setMost(most + shownAtFirst)
      setChoice(found[Math.min(chosen + 1, found.length - 1)]?.key)
    } else if (key === 'ArrowUp') setChoice(found[chosen - 1]?.key)
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={findWords.title} onClose={onClose}>
      <div class="finder">
        <input
          ref={field}
          type="text"
          inputMode="search"
          class="input"
          autofocus
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          role="combobox"
          aria-label={findWords.field}
          aria-expanded={shown.length > 0}
          aria-controls="found"
          aria-autocomplete="list"
          aria-describedby="search-scope"
          {...(chosen >= 0 ? { 'aria-activedescendant': `found-${chosen}` } : {})}
          placeholder={findWords.field}
          maxLength={300}
          value={query}
          dir="auto"
          onInput={({ currentTarget: { value } }) => {
            setQuery(value)
            onQuery(value)
            setChoice(undefined)
            setEager(false)
            setMost(shownAtFirst)
            setPicking('no')
          }}
          onKeyDown={onKey}
        />
        <p class="panel-help" id="search-scope">
          {scope && (scope.sinceMs === undefined ? findWords.sinceNothing : findWords.since(longDate(scope.sinceMs)))}{' '}
          {findWords.stays} {quoted && findWords.quotedToo}
        </p>
        <State looking={looking} picking={picking} onStop={stop} onAgain={again} />
        <div
          ref={list}
          id="found"
          class={`found-list${isFresh ? '' : ' stale'}`}
          role="listbox"
          aria-label={findWords.results}
        >
          {shown.map((message, i) => (
            <Found
              key={message.key}
              message={message}
              at={i}
              chosen={i === chosen}
              nameOf={nameOf}
              onPick={() => void pick(message)}
            />
          ))}
        </div>
        <div class="actions">
          {found.length > most && (
            <button type="button" class="button" onClick={() => setMost(most + shownAtFirst)}>
              {findWords.more}
            </button>
          )}
          <button type="button" class="button" onClick={onClose}>
            {findWords.close}
          </button>
        </div>
      </div>
    </Dialog>
  )
}

interface FoundProps {
  message: FoundMessage
  at: number
  chosen: boolean
  nameOf: Namer
  onPick(): void
}

function Found({ message, at, chosen, nameOf, onPick }: FoundProps): JSX.Element {
  const { author, atMs, text, places, privately } = message
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are in the text field, which points here
    <div id={`found-${at}`} class="found" role="option" tabIndex={-1} aria-selected={chosen} onClick={onPick}>
      <p class="found-head">
        <strong class="author" style={{ '--hue': String(author.hue) }}>
          <bdi>{nameOf(author)}</bdi>
        </strong>{' '}
        <time dateTime={isoTime(atMs)} title={fullTime(atMs)}>
          {longDate(atMs)} {clockTime(atMs)}
        </time>
      </p>
      {privately && <p class="found-private">{privateWords.only(nameOf(privately))}</p>}
      <p class="found-text" dir="auto">
        <Snippet text={text} places={places} />
      </p>
    </div>
  )
}

interface StateProps {
  looking: Looking
  picking: Picking
  onStop(): void
  onAgain(): void
}

/** How far the search is. The end of it is read out, and nothing on the way. */
function State({ looking, picking, onStop, onAgain }: StateProps): JSX.Element {
  const { at, found, looked, of } = looking
  return (
    <div class="search-state">
      <p role="status">
        {picking === 'coming' && findWords.coming}
        {picking === 'gone' && findWords.gone}
        {typeof picking === 'object' && `${findWords.failed} ${picking.failed}`}
        {picking === 'no' && at === 'done' && (found.length > 0 ? findWords.found(found.length) : findWords.nothing)}
        {picking === 'no' && at === 'stopped' && findWords.stopped(found.length)}
      </p>
      {at === 'looking' && (
        <div class="search-progress">
          <progress aria-label={findWords.looking} max={Math.max(1, of)} value={looked} />
          <span>
            {findWords.looked(looked, Math.max(of, looked))}
            {found.length > 0 && `. ${findWords.foundSoFar(found.length)}`}
          </span>
          <button type="button" class="button small" onClick={onStop}>
            {findWords.stop}
          </button>
        </div>
      )}
      {at === 'done' && found.length === 0 && picking === 'no' && <p class="panel-help">{findWords.nothingHelp}</p>}
      {at === 'nothing-asked' && <p class="panel-help">{findWords.hint}</p>}
      {at === 'failed' && (
        <div class="hint warning" role="alert">
          <Icon name="warning" />
          <p>
            {findWords.failed} {looking.at === 'failed' && looking.reason}
          </p>
          <button type="button" class="button small" onClick={onAgain}>
            {findWords.again}
          </button>
        </div>
      )}
    </div>
  )
}
