/** Sentences by the type of what they tell, so that a forgotten one does not compile. For the translations. */
import type { Namer } from './people.ts'
import type { ToldEvent } from './system.ts'

export type Sentences = {
  readonly [T in ToldEvent['type']]: (event: Extract<ToldEvent, { type: T }>, nameOf: Namer) => string
}

export function tellBy(sentences: Sentences): (event: ToldEvent, nameOf: Namer) => string {
  return (event, nameOf) => (sentences[event.type] as (event: ToldEvent, nameOf: Namer) => string)(event, nameOf)
}
