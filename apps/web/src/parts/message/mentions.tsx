/** Text in which the names of those it mentions stand out. */
import type { ComponentChildren, JSX } from 'preact'
import type { PersonView } from '../../client-gate.ts'
import { mentionName } from '../../words/messages.ts'
import { isYou } from '../../words/people.ts'

export function withMentions(text: string, people: readonly PersonView[] | undefined): ComponentChildren {
  const named = people?.filter(({ name }) => name !== '') ?? []
  if (named.length === 0 || !text.includes('@')) return text
  // The longest first: of `@Ben` and `@Ben Adler`, what stands there counts.
  const byName = new Map(named.map((person) => [mentionName(person), person]))
  const names = [...byName.keys()].sort((a, b) => b.length - a.length)
  const parts: (string | JSX.Element)[] = []
  let from = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const name = names.find((one) => text.startsWith(one, at))
    if (name === undefined) continue
    const you = isYou(byName.get(name)!)
    parts.push(
      text.slice(from, at),
      <bdi key={at} class={you ? 'mention you' : 'mention'}>
        {name}
      </bdi>,
    )
    from = at + name.length
    at = from - 1
  }
  return [...parts, text.slice(from)]
}
