/**
 * How the people of a room stand to the person at this screen. A pure function of what was met and verified: it decides
 * what is shown, and whether this device speaks; never what it accepts.
 */
import type { Book, Verification } from './book.ts'
import { skeleton } from './names.ts'

/**
 * `new`: first met in this visit. `seen`: the same keys as in an earlier one. `verified`: the person here compared codes
 * for these keys. `changed`: the name of somebody known, under other keys.
 */
export type TrustState = 'self' | 'new' | 'seen' | 'verified' | 'changed'

export interface Standing {
  trust: TrustState
  /** With `verified`. */
  verification?: Verification
  /** With `seen`: since when. */
  sinceMs?: number
  /** With `changed`: the one known under that name was verified, so this device says nothing until the person decides. */
  wasVerified?: boolean
  /** Somebody else here has a name that looks like this one. */
  lookalike: boolean
}

export interface PersonHere {
  /** Fingerprint of the person keys. */
  person: string
  name: string
  /** In the group now. */
  here: boolean
}

/** @param own - fingerprints of this person, and of this storage's profile */
export function standings(
  people: readonly PersonHere[],
  book: Book,
  own: { person: string; profile?: string | undefined },
): Map<string, Standing> {
  const here = new Set(people.filter((one) => one.here).map(({ person }) => person))
  const namesakes = bySkeleton(people.map(({ person, name }) => [person, name]))
  const metNamesakes = bySkeleton([...book.met].map(([person, { name }]) => [person, name]))
  const standing = ({ person, name }: PersonHere): Standing => {
    const others = (known: Map<string, Set<string>>) =>
      [...(known.get(skeleton(name)) ?? [])].filter((other) => name !== '' && other !== person)
    const lookalike = others(namesakes).length > 0
    const told = book.profileOf(person)
    const verification = book.verification(person)
    if (person === own.person) return { trust: 'self', lookalike }
    if (verification) return { trust: 'verified', verification, lookalike }
    if (told && told.profile === own.profile) return { trust: 'verified', lookalike }
    const former = book.accepted(person) ? undefined : formerOf(person, others(metNamesakes), book, here)
    if (former) return { trust: 'changed', wasVerified: former === 'verified', lookalike }
    const sinceMs = book.metBefore(person)
    return sinceMs === undefined ? { trust: 'new', lookalike } : { trust: 'seen', sinceMs, lookalike }
  }
  return new Map(people.map((one) => [one.person, standing(one)]))
}

function bySkeleton(named: readonly (readonly [string, string])[]): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>()
  for (const [person, name] of named) {
    const like = result.get(skeleton(name))
    if (like) like.add(person)
    else result.set(skeleton(name), new Set([person]))
  }
  return result
}

/** Whether somebody else was known here, and verified perhaps, under a name that looks like this one. */
function formerOf(
  person: string,
  namesakes: readonly string[],
  book: Book,
  here: ReadonlySet<string>,
): 'verified' | 'seen' | undefined {
  if (namesakes.some((other) => book.verification(other))) return 'verified'
  // Two people may well have one name at the same time. One who comes under the name of somebody who is gone may be the
  // same with new keys, or somebody else: that is for people to find out.
  const met = book.meeting(person)?.firstMs ?? Number.POSITIVE_INFINITY
  return namesakes.some((other) => !here.has(other) && book.meeting(other)!.firstMs < met) ? 'seen' : undefined
}
