/**
 * What is begun, and for whom: one text for everyone, and one for each person. What was begun for one person stays with
 * that person, whatever is chosen afterwards; what was begun for everyone goes along to the person who is chosen.
 */
import type { Draft } from '../../client-gate.ts'

/** Fingerprint of a person, or everyone. */
export type Addressee = string | undefined

export interface Begun {
  to: Addressee
  texts: ReadonlyMap<Addressee, string>
  /** The text as it came along from everyone: unchanged it may go back there. */
  carried?: string
}

export function begunIn(drafts: readonly Draft[], newest: Draft | undefined): Begun {
  return { to: newest?.to, texts: new Map(drafts.map(({ to, text }) => [to, text])) }
}

export function textFor({ texts }: Begun, to: Addressee): string {
  return texts.get(to) ?? ''
}

export function withText(begun: Begun, to: Addressee, text: string): Begun {
  return { ...begun, texts: new Map(begun.texts).set(to, text) }
}

export function withAddressee(begun: Begun, to: Addressee): Begun {
  const { to: from, texts, carried } = begun
  if (to === from) return begun
  const text = textFor(begun, from)
  const moved = new Map(texts).set(from, '').set(to, text)
  const free = text !== '' && textFor(begun, to) === ''
  if (free && from === undefined) return { to, texts: moved, carried: text }
  if (free && to === undefined && text === carried) return { to, texts: moved }
  return { to, texts }
}
