/** Puts somebody out of the room, once it was said what that does. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PersonView, RoomClient } from '../../client-gate.ts'
import { personWords } from '../../words/membership.ts'
import { Confirm } from '../confirm.tsx'

interface Props {
  person: PersonView
  /** As they are called in sentences. */
  name: string
  client: RoomClient
  /** Where the line around it says who is meant. */
  short?: boolean
  /** The person is no longer in the room. */
  onGone(): void
}

export function RemovePerson({ person, name, client, short = false, onGone }: Props): JSX.Element {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <button
        type="button"
        class="button small danger"
        aria-label={short ? personWords.remove(name) : undefined}
        onClick={() => setAsking(true)}
      >
        {short ? personWords.removeShort : personWords.remove(name)}
      </button>
      {asking && (
        <Confirm
          title={personWords.removeTitle(name)}
          help={personWords.removeHelp(name)}
          yes={personWords.removeYes}
          no={personWords.cancel}
          work={() => client.putOut(person.device)}
          onClose={() => setAsking(false)}
          onDone={onGone}
        />
      )}
    </>
  )
}
