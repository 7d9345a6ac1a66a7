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
  self: boolean
  /** In the group now. */
  here: boolean
}

/** @param own - fingerprints of this person, and of this storage's profile */
export function standings(
  people: readonly PersonHere[],
  book: Book,
  own: { person: string; profile?: string | undefined },
): Map<string, Standing> {
  const result = new Map<string, Standing>()
  const here = new Set(people.filter((one) => one.here).map(({ person }) => person))
  for (const one of people) {
    const { person, name } = one
    const lookalike = name !== '' && people.some((other) => other.person !== person && isLike(other.name, name))
    const told = book.profileOf(person)
    const verification = book.verification(person)
    if (person === own.person) result.set(person, { trust: 'self', lookalike })
    else if (verification) result.set(person, { trust: 'verified', verification, lookalike })
    else if (told && told.profile === own.profile) result.set(person, { trust: 'verified', lookalike })
    else {
      const former = book.accepted(person) ? undefined : formerOf(one, book, here)
      const sinceMs = book.metBefore(person)
      if (former) result.set(person, { trust: 'changed', wasVerified: former === 'verified', lookalike })
      else if (sinceMs !== undefined) result.set(person, { trust: 'seen', sinceMs, lookalike })
      else result.set(person, { trust: 'new', lookalike })
    }
  }
  return result
}

function isLike(one: string, other: string): boolean {
  return one !== '' && skeleton(one) === skeleton(other)
}

/** Whether somebody else was known here, and verified perhaps, under a name that looks like this one. */
function formerOf(
  { person, name }: PersonHere,
  book: Book,
  here: ReadonlySet<string>,
): 'verified' | 'seen' | undefined {
  if (name === '') return undefined
  const like = [...book.met].filter(([id, meeting]) => id !== person && isLike(meeting.name, name))
  if (like.some(([id]) => book.verification(id))) return 'verified'
  // Two people may well have one name at the same time. One who comes under the name of somebody who is gone may be the
  // same with new keys, or somebody else: that is for people to find out.
  const met = book.meeting(person)
  const earlier = like.some(([id, { firstMs }]) => !here.has(id) && (met === undefined || firstMs < met.firstMs))
  return earlier ? 'seen' : undefined
}
