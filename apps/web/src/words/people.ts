/** How people are called in sentences. */
import type { PersonView } from '../client-gate.ts'

/** The client's own number, without loading the client for it. */
export const removalProposedAfterDays = 30

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
    if (person.name === '') return `Someone (${person.shortId})`
    if (isYou(person) && !person.self) return 'You (other device)'
    const equal = people.some((other) => other.name === person.name && !isSame(other, person))
    const name = isolated(person.name)
    return equal || person.standing.lookalike ? `${name} (${person.shortId})` : name
  }
}

/** A name written from right to left must not turn the sentence around it: the signs for that are invisible. */
function isolated(name: string): string {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u.test(name)
    ? `\u2068${name}\u2069`
    : name
}

const and = new Intl.ListFormat('en', { type: 'conjunction' })

/** `Ana`, `Ana and Ben`, `Ana, Ben, and 3 others`; this device's own person is *you*. */
export function listPeople(people: readonly PersonView[], nameOf: Namer, named = 4): string {
  const names = people.map((person) => (isYou(person) ? 'you' : nameOf(person)))
  if (names.length <= named) return and.format(names)
  const others = names.length - (named - 1)
  return and.format([...names.slice(0, named - 1), `${others} others`])
}

/** The same at the beginning of a sentence. */
export function startPeople(people: readonly PersonView[], nameOf: Namer): string {
  const list = listPeople(people, nameOf)
  return list.startsWith('you') && people[0] !== undefined && isYou(people[0]) ? `Y${list.slice(1)}` : list
}

export const peopleWords = {
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
