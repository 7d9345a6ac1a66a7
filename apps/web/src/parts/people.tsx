/** Who is in the room, and how each of them stands. */
import type { JSX } from 'preact'
import type { PersonView, RoomClient, RoomSnapshot } from '../client-gate.ts'
import { byPerson, type Namer, peopleWords } from '../words/people.ts'
import { shortFingerprint, trustWords } from '../words/trust.ts'
import { Avatar } from './avatar.tsx'
import { Icon } from './icon.tsx'
import { PersonMenu } from './membership/person-menu.tsx'
import { StandingTag } from './standing.tsx'

interface Props {
  snapshot: RoomSnapshot
  client: RoomClient
  nameOf: Namer
  onPerson(person: PersonView): void
  onVerify(): void
}

export function People({ snapshot, client, nameOf, onPerson, onVerify }: Props): JSX.Element {
  const { people, expected, waiting, agreement } = snapshot
  const persons = byPerson(people).map(({ person, devices }) => ({
    person: whole(person, devices),
    devices: devices.length,
  }))
  return (
    <section class="panel people" aria-labelledby="people-title">
      <div class="panel-head">
        <h2 id="people-title" tabIndex={-1}>
          {peopleWords.title}{' '}
          <span class="count">{peopleWords.count(persons.length, agreement ? agreement.capacity : expected)}</span>
        </h2>
        <button type="button" class="button small" onClick={onVerify}>
          <Icon name="shield" />
          {trustWords.verify}
        </button>
      </div>
      {waiting > 0 && <p class="asks">{peopleWords.waiting(waiting)}</p>}
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets */}
      <ul role="list" aria-label={peopleWords.title}>
        {persons.map(({ person, devices }) => (
          <li key={person.device} class={person.present ? 'person' : 'person away'}>
            <button type="button" class="person-row" aria-haspopup="dialog" onClick={() => onPerson(person)}>
              <Avatar person={person} present={person.present} />
              <span class="person-lines">
                <span class="person-name" dir="auto" title={person.person || person.shortId}>
                  <bdi>{person.name === '' ? person.shortId : person.name}</bdi>
                </span>
                <span class="person-facts">
                  {person.standing.lookalike && person.name !== '' && (
                    <code class="short-id">{shortFingerprint(person)}</code>
                  )}
                  {person.role !== 'member' && <span class="tag role">{peopleWords.role(person.role)}</span>}
                  {person.self && <span class="tag">{peopleWords.you}</span>}
                  <StandingTag person={person} />
                  {devices > 1 && <span class="tag">{peopleWords.devices(devices)}</span>}
                  <span class="presence-words">{presenceOf(person)}</span>
                </span>
              </span>
            </button>
            {agreement && <PersonMenu person={person} name={nameOf(person)} agreement={agreement} client={client} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** As the person stands in the room: here where one of its devices is, silent where all of them are. */
function whole(person: PersonView, devices: readonly PersonView[]): PersonView {
  if (devices.length === 1) return person
  const { silentDays: _, ...rest } = person
  const silent = devices.map(({ silentDays }) => silentDays ?? 0)
  return {
    ...rest,
    present: devices.some(({ present }) => present),
    ...(silent.includes(0) ? {} : { silentDays: Math.min(...silent) }),
  }
}

function presenceOf({ present, silentDays }: PersonView): string {
  if (silentDays !== undefined) return peopleWords.silent(silentDays)
  return present ? peopleWords.present : peopleWords.away
}
