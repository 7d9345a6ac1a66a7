/** Whom a text mentions, and whose name is being typed. */
import type { PersonView } from '@qsec/client'
import { bare } from '../../bare.ts'
import { byPerson, isYou } from '../../words/people.ts'

/** So many are offered. */
const offeredAtMost = 6
/** So many fit into one message; the client knows the same number. */
const mentionsAtMost = 32
const nameAtMost = 60

export interface MentionQuery {
  /** Where the `@` stands. */
  from: number
  people: readonly PersonView[]
}

/** What stands between the last `@` and the caret, where it begins somebody's name. */
export function mentionQuery(text: string, caret: number, people: readonly PersonView[]): MentionQuery | undefined {
  const from = caret > 0 ? text.lastIndexOf('@', caret - 1) : -1
  if (from < 0 || caret - from > nameAtMost) return undefined
  if (from > 0 && !/[\s(]/u.test(text[from - 1]!)) return undefined
  const typed = text.slice(from + 1, caret)
  const begun = bare(typed)
  const found = others(people).filter(({ name }) => {
    const known = bare(name)
    // Whole as it is spelled, nothing is left to offer.
    return (
      (known.startsWith(begun) || known.split(/\s+/u).some((word) => word.startsWith(begun))) &&
      name.toLowerCase() !== typed.toLowerCase()
    )
  })
  return found.length > 0 ? { from, people: found.slice(0, offeredAtMost) } : undefined
}

/** The persons whose names stand behind an `@`. Of equal names all are meant, for the text does not say which. */
export function mentionedIn(text: string, people: readonly PersonView[]): string[] {
  if (!text.includes('@')) return []
  const named = others(people)
    .filter(({ name, person }) => person !== '' && text.includes(`@${name}`))
    .sort((a, b) => b.name.length - a.name.length)
  // Of `@Ben Adler`, Ben is not meant unless he stands there too.
  let rest = text
  const meant: string[] = []
  for (const name of new Set(named.map((one) => one.name))) {
    if (!rest.includes(`@${name}`)) continue
    rest = rest.replaceAll(`@${name}`, ' ')
    meant.push(...named.filter((one) => one.name === name).map(({ person }) => person))
  }
  return meant.slice(0, mentionsAtMost)
}

function others(people: readonly PersonView[]): PersonView[] {
  return byPerson(people)
    .map(({ person }) => person)
    .filter((person) => !isYou(person) && person.name !== '')
}
