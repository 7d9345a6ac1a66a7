/** Who is in the room. */
import type { JSX } from 'preact'
import type { RoomSnapshot } from '../client-gate.ts'
import { isShared, peopleWords } from '../words/people.ts'
import { Avatar } from './avatar.tsx'

export function People({ snapshot }: { snapshot: RoomSnapshot }): JSX.Element {
  const { people, expected, waiting } = snapshot
  return (
    <section class="panel people" aria-labelledby="people-title">
      <h2 id="people-title">
        {peopleWords.title} <span class="count">{peopleWords.count(people.length, expected)}</span>
      </h2>
      {waiting > 0 && <p class="asks">{peopleWords.waiting(waiting)}</p>}
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets */}
      <ul role="list" aria-label={peopleWords.title}>
        {people.map((person) => (
          <li key={person.device} class={person.present ? 'person' : 'person away'}>
            <Avatar person={person} present={person.present} />
            <span class="person-name" title={person.shortId}>
              <bdi>{person.name === '' ? person.shortId : person.name}</bdi>
            </span>
            {isShared(person, people) && person.name !== '' && <code class="short-id">{person.shortId}</code>}
            {person.self && <span class="tag">{peopleWords.you}</span>}
            <span class="presence-words">{person.present ? peopleWords.present : peopleWords.away}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
