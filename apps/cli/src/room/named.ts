/** Words that begin with the name of something: of a person in the room, or of a file. */

/** The longest of the names with which `words` begin, and what stands behind it; large and small letters count alike. */
export function splitLongest<T>(
  words: string,
  things: readonly T[],
  nameOf: (thing: T) => string,
): { named: T[]; rest: string } {
  const lower = words.toLocaleLowerCase()
  const fitting = things.filter((thing) => {
    const name = nameOf(thing)
    return name !== '' && `${lower} `.startsWith(`${name.toLocaleLowerCase()} `)
  })
  const longest = Math.max(0, ...fitting.map((thing) => nameOf(thing).length))
  return { named: fitting.filter((thing) => nameOf(thing).length === longest), rest: words.slice(longest).trim() }
}

/**
 * Takes `NAME TEXT` apart by the names of those who are there, the longest that fits. What fits nobody, or several persons
 * of one name, is a problem in words.
 */
export function splitNamed<T extends { name: string; person: string }>(
  words: string,
  people: readonly T[],
): { to: T; text: string } | { problem: string } {
  const { named, rest: text } = splitLongest(words, people, ({ name }) => name)
  const [to] = named
  if (!to) return { problem: 'nobody of that name is in the room' }
  if (named.some(({ person }) => person !== to.person)) return { problem: `several people are called ${to.name}` }
  return text === '' ? { problem: 'there are no words behind the name' } : { to, text }
}
