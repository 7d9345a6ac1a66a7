/** What the room is called. What was typed counts once it is set. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { RoomClient } from '../../client-gate.ts'
import { settingsWords } from '../../words/membership.ts'
import { Refusal } from '../ask-button.tsx'
import { Field } from '../field.tsx'
import { useAsk } from '../use-ask.ts'

export function RoomName({ title = '', client }: { title: string | undefined; client: RoomClient }): JSX.Element {
  const [typed, setTyped] = useState(title)
  const field = useRef<HTMLInputElement>(null)
  const ask = useAsk()
  // Somebody else may change it too, and what cannot be shown is left out of it.
  useEffect(() => setTyped(title), [title])

  return (
    <form
      class="capacity"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void ask.put(() => client.changeRoom({ title: typed }))
        field.current?.focus()
      }}
    >
      <Field
        label={settingsWords.name}
        note={settingsWords.nameNote}
        hint={settingsWords.nameHelp}
        value={typed}
        onInput={setTyped}
        field={field}
        most={titleCharactersAtMost}
      />
      <button type="submit" class="button small" aria-busy={ask.busy} aria-disabled={ask.busy}>
        {settingsWords.nameSet}
      </button>
      <Refusal ask={ask} />
    </form>
  )
}

/** The client cuts titles there too. */
const titleCharactersAtMost = 60
