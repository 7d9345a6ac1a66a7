/** How people are called in sentences. */
import type { PersonView } from '@qsec/client'
import { formatOf, isolated, locale } from './locale.ts'
import { type Translatable, translatable } from './translatable.ts'

/** The client's own number, without loading the client for it. */
export const removalProposedAfterDays = 30

/** What stands for a name in sentences. */
const namingEnglish = {
  you: 'you',
  /** Where it stands alone. */
  youFirst: 'You',
  otherDevice: 'You (other device)',
  somebody: 'Someone',
  someone: (shortId: string): string => `Someone (${shortId})`,
  others: (count: number): string => `${count} others`,
} as const

export const namingWords: Translatable<typeof namingEnglish> = translatable('namingWords', namingEnglish)

/** Says a person's name so that it is clear who is meant among the people of the room. */
export type Namer = (person: PersonView) => string

/** This person, on whichever device. */
export function isYou({ self, standing }: PersonView): boolean {
  return self || standing.trust === 'self'
}

function isSame(one: PersonView, other: PersonView): boolean {
  if (one.person === '' || other.person === '') return one.device === other.device
  return one.person === other.person
}

/** Each person once, by the first of its devices. */
export function byPerson(people: readonly PersonView[]): { person: PersonView; devices: PersonView[] }[] {
  const groups: { person: PersonView; devices: PersonView[] }[] = []
  for (const one of people) {
    const group = groups.find(({ person }) => isSame(person, one))
    if (group) group.devices.push(one)
    else groups.push({ person: one, devices: [one] })
  }
  return groups
}

/** Names that look alike get the short id after them; who has no name yet is named by the short id alone. */
export function namerOf(people: readonly PersonView[]): Namer {
  return (person) => {
    if (person.name === '') return namingWords.someone(person.shortId)
    if (isYou(person) && !person.self) return namingWords.otherDevice
    const equal = people.some((other) => other.name === person.name && !isSame(other, person))
    const name = isolated(person.name)
    return equal || person.standing.lookalike ? `${name} (${person.shortId})` : name
  }
}

const and = formatOf(Intl.ListFormat, { type: 'conjunction' })

/**
 * `Ana`, `Ana and Ben`, `Ana, Ben, and 3 others`; this device's own person is *you*.
 *
 * @param you - where the language has another form of it in this place of the sentence
 */
export function listPeople(
  people: readonly PersonView[],
  nameOf: Namer,
  named = 4,
  you: string = namingWords.you,
): string {
  const names = people.map((person) => (isYou(person) ? you : nameOf(person)))
  if (names.length <= named) return and().format(names)
  const others = names.length - (named - 1)
  return and().format([...names.slice(0, named - 1), namingWords.others(others)])
}

/** The same at the beginning of a sentence. */
export function startPeople(people: readonly PersonView[], nameOf: Namer): string {
  const list = listPeople(people, nameOf)
  if (people[0] === undefined || !isYou(people[0])) return list
  return list.slice(0, 1).toLocaleUpperCase(locale()) + list.slice(1)
}

const peopleEnglish = {
  title: 'People',
  count: (people: number, expected: number | undefined): string =>
    expected === undefined ? String(people) : `${people} of ${expected}`,
  you: 'you',
  present: 'here',
  away: 'away',
  role: (role: PersonView['role']): string => ({ owner: 'Owner', admin: 'Admin', member: 'Member' })[role],
  devices: (count: number): string => `${count} devices`,
  silent: (days: number): string => `silent for ${days} days`,
  propose: (days: number): string => `Silent for ${days} days. Remove from room?`,
  actions: (name: string): string => `Actions for ${name}`,
  waiting: (devices: number): string =>
    devices === 1 ? 'One person asks to be let in' : `${devices} people ask to be let in`,
} as const

export const peopleWords: Translatable<typeof peopleEnglish> = translatable('peopleWords', peopleEnglish)
