/** Under a person's name: their role, whether it is you, and whether they are here. */
import type { JSX } from 'preact'
import type { PersonView } from '../../client-gate.ts'
import { peopleWords } from '../../words/people.ts'

export function Standing({ person, shared }: { person: PersonView; shared: boolean }): JSX.Element {
  const { role, self, silentDays } = person
  const presence = person.present ? peopleWords.present : peopleWords.away
  return (
    <span class="person-facts">
      {shared && person.name !== '' && <code class="short-id">{person.shortId}</code>}
      {role !== 'member' && <span class="tag role">{peopleWords.role(role)}</span>}
      {self && <span class="tag">{peopleWords.you}</span>}
      <span>{silentDays === undefined ? presence : peopleWords.silent(silentDays)}</span>
    </span>
  )
}
