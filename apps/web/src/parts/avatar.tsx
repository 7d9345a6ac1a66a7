/** A person's round sign: initials on the hue of the fingerprint. Decoration beside the name. */
import type { JSX } from 'preact'
import type { PersonView } from '../client-gate.ts'

export function Avatar({ person, present }: { person: PersonView; present?: boolean }): JSX.Element {
  return (
    <span class="avatar" style={{ '--hue': String(person.hue) }} aria-hidden="true">
      {initials(person.name)}
      {present !== undefined && <span class={present ? 'presence here' : 'presence'} />}
    </span>
  )
}

/** The first letters of the first and the last word; a question mark for nobody. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== '')
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => firstLetter(word ?? ''))
  return letters.join('').toLocaleUpperCase() || '?'
}

/** What a reader takes for one sign, such as a flag of two code points. */
function firstLetter(word: string): string {
  return new Intl.Segmenter().segment(word)[Symbol.iterator]().next().value?.segment ?? ''
}
