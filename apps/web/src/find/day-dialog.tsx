/** Goes to the first message of a day; of a day without any, says so and offers the next one. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DayStart, RoomClient } from '../client-gate.ts'
import { Dialog } from '../parts/dialog.tsx'
import { reasonOf } from '../problems.ts'
import { findWords, longDate } from '../words/find.ts'
import { dateValue, dayRange } from './day.ts'

interface Props {
  client: RoomClient
  /** A moment of the day with which to begin. */
  atMs: number
  onPick(key: string): Promise<boolean>
  onClose(): void
}

type Outcome =
  | { at: 'none' | 'missing' | 'looking' | 'nothing' | 'gone' }
  | { at: 'next'; next: DayStart }
  | { at: 'failed'; reason: string }

export function DayDialog({ client, atMs, onPick, onClose }: Props): JSX.Element {
  const [value, setValue] = useState(() => dateValue(atMs))
  const [sinceMs, setSinceMs] = useState<number>()
  const [outcome, setOutcome] = useState<Outcome>({ at: 'none' })
  const nextButton = useRef<HTMLButtonElement>(null)
  const range = dayRange(value)

  useEffect(() => {
    let wanted = true
    const search = client.openSearch(() => undefined)
    const scoped = search.then(async (one) => {
      const scope = await one.scope()
      one.close()
      if (wanted) setSinceMs(scope.sinceMs)
    })
    scoped.catch((error: unknown) => setOutcome({ at: 'failed', reason: reasonOf(error) }))
    return () => {
      wanted = false
    }
  }, [client])

  useEffect(() => {
    if (outcome.at === 'next') nextButton.current?.focus()
  }, [outcome])

  async function go(): Promise<void> {
    if (!range) return setOutcome({ at: 'missing' })
    setOutcome({ at: 'looking' })
    const first = await client.findDay(...range)
    if (first?.onDay) await show(first)
    else setOutcome(first ? { at: 'next', next: first } : { at: 'nothing' })
  }

  async function show({ key }: DayStart): Promise<void> {
    setOutcome({ at: 'looking' })
    if (await onPick(key)) onClose()
    else setOutcome({ at: 'gone' })
  }

  function run(work: Promise<void>): void {
    work.catch((error: unknown) => setOutcome({ at: 'failed', reason: reasonOf(error) }))
  }

  const wanted = range ? longDate(range[0]) : ''
  return (
    <Dialog title={findWords.day} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          run(go())
        }}
      >
        <label class="field">
          <span class="field-label">{findWords.dayField}</span>
          <input
            type="date"
            autofocus
            value={value}
            {...(sinceMs === undefined ? {} : { min: dateValue(sinceMs) })}
            max={dateValue(Date.now())}
            onInput={(event) => {
              setValue(event.currentTarget.value)
              setOutcome({ at: 'none' })
            }}
          />
        </label>
        {sinceMs !== undefined && <p class="panel-help">{findWords.since(longDate(sinceMs))}</p>}
        <p role="status">
          {outcome.at === 'missing' && findWords.dayMissing}
          {outcome.at === 'looking' && findWords.coming}
          {outcome.at === 'nothing' && findWords.dayNothing(wanted)}
          {outcome.at === 'gone' && findWords.gone}
          {outcome.at === 'next' && findWords.dayNext(wanted, longDate(outcome.next.atMs))}
          {outcome.at === 'failed' && `${findWords.failed} ${outcome.reason}`}
        </p>
        <div class="actions">
          {outcome.at === 'next' ? (
            <button type="button" class="button primary" ref={nextButton} onClick={() => run(show(outcome.next))}>
              {findWords.dayNextGo(longDate(outcome.next.atMs))}
            </button>
          ) : (
            <button type="submit" class="button primary" aria-busy={outcome.at === 'looking'}>
              {findWords.dayGo}
            </button>
          )}
          <button type="button" class="button" onClick={onClose}>
            {findWords.close}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
