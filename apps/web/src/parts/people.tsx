/** Who is in the room. */
import type { JSX } from 'preact'
import type { RoomClient, RoomSnapshot } from '../client-gate.ts'
import { isShared, type Namer, peopleWords } from '../words/people.ts'
import { Avatar } from './avatar.tsx'
import { PersonMenu } from './membership/person-menu.tsx'
import { Standing } from './membership/standing.tsx'

interface Props {
  snapshot: RoomSnapshot
  client: RoomClient
  nameOf: Namer
}

export function People({ snapshot, client, nameOf }: Props): JSX.Element {
  const { people, expected, waiting, agreement } = snapshot
  return (
    <section class="panel people" aria-labelledby="people-title">
      <h2 id="people-title" tabIndex={-1}>
        {peopleWords.title}{' '}
        <span class="count">{peopleWords.count(people.length, agreement ? agreement.capacity : expected)}</span>
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
            <Standing person={person} shared={isShared(person, people)} />
            {agreement && <PersonMenu person={person} name={nameOf(person)} agreement={agreement} client={client} />}
          </li>
        ))}
      </ul>
    </section>
  )
}
