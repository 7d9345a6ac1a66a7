/** How many people the room holds. What was typed counts once it is set. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { mostPeople, parseExpected } from '../../address.ts'
import type { RoomClient } from '../../client-gate.ts'
import { settingsWords } from '../../words/membership.ts'
import { Refusal } from '../ask-button.tsx'
import { Field } from '../field.tsx'
import { useAsk } from '../use-ask.ts'

/** A room for one is none. */
const fewest = 2

export function Capacity({ capacity, client }: { capacity: number | undefined; client: RoomClient }): JSX.Element {
  const stands = capacity === undefined ? '' : String(capacity)
  const [typed, setTyped] = useState(stands)
  const [error, setError] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  const ask = useAsk()
  // Somebody else may change it too.
  useEffect(() => setTyped(stands), [stands])

  function set(): void {
    const people = parseExpected(typed)
    // What is no number at all reads as nothing, which must not lift the limit.
    const empty = typed.trim() === '' && field.current?.validity.badInput === false
    const good = empty || (people !== undefined && people >= fewest)
    setError(good ? undefined : settingsWords.capacityBad(fewest, mostPeople))
    if (good) void ask.put(() => client.changeRoom({ capacity: people }))
    field.current?.focus()
  }

  return (
    <form
      class="capacity"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        set()
      }}
    >
      <Field
        label={settingsWords.capacity}
        note={settingsWords.capacityNote}
        value={typed}
        onInput={setTyped}
        error={error}
        field={field}
        numeric
      />
      <button type="submit" class="button small" aria-busy={ask.busy} aria-disabled={ask.busy}>
        {settingsWords.capacitySet}
      </button>
      <Refusal ask={ask} />
    </form>
  )
}
