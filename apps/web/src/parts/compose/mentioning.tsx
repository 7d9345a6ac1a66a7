/** The names that fit what is typed behind an `@`. The keys stay in the text field, which points at the chosen one. */
import type { JSX } from 'preact'
import type { PersonView } from '../../client-gate.ts'
import { messageWords } from '../../words/messages.ts'
import type { Namer } from '../../words/people.ts'
import { Avatar } from '../avatar.tsx'

interface Props {
  people: readonly PersonView[]
  choice: number
  nameOf: Namer
  onPick(person: PersonView): void
}

export function Mentioning({ people, choice, nameOf, onPick }: Props): JSX.Element {
  return (
    <div class="mentioning">
      <div role="listbox" id="mentions" aria-label={messageWords.people}>
        {people.map((person, i) => (
          <div
            key={person.device}
            id={`mention-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === choice}
            // Before the text field loses the focus.
            onPointerDown={(event) => {
              event.preventDefault()
              onPick(person)
            }}
          >
            <Avatar person={person} />
            <bdi>{nameOf(person)}</bdi>
          </div>
        ))}
      </div>
      <p class="unseen" role="status">
        {messageWords.mentionHelp(people.length)}
      </p>
    </div>
  )
}
