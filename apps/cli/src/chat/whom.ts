/** Whom a name in a command means. What is not clear is said, with what tells people of one name apart. */
import type { PersonView, RoomSnapshot } from '@qsec/client'
import { splitLongest } from '../room/named.ts'
import { byPerson, isYou, slashWords } from './page.ts'

/** `rest`: what stands behind the name. */
export type Meant = { ok: true; person: PersonView; rest: string } | { ok: false; why: string }

/** Each other person once. */
export function othersIn({ people }: Pick<RoomSnapshot, 'people'>): PersonView[] {
  return byPerson(people)
    .map(({ person }) => person)
    .filter((person) => !isYou(person))
}

/** @param words - `Ben`, `@Ben`, `Ben (3f9a2c)` or `3f9a2c`, the short id, and perhaps more behind it */
export function whomIn(words: string, snapshot: Pick<RoomSnapshot, 'people'>): Meant {
  const typed = words.replace(/^@/u, '')
  const labels = othersIn(snapshot).flatMap((person) => {
    const { name, shortId } = person
    return [name, shortId, `${name} (${shortId})`].map((label) => ({ label, person }))
  })
  const { named, rest } = splitLongest(typed, labels, ({ label }) => label)
  const [first, second] = named
  if (!first) return { ok: false, why: slashWords.verifyNobody(typed.split(/\s/u, 1)[0] ?? '') }
  if (!second) return { ok: true, person: first.person, rest }
  const ids = named.map(({ person }) => person.shortId).join(', ')
  return { ok: false, why: `Several people here are called ${first.person.name}. Name one by the short id: ${ids}.` }
}
