/** How a person stands, by a picture and a word: never by colour alone. */
import type { JSX } from 'preact'
import type { PersonView } from '../client-gate.ts'
import { standingTag } from '../words/trust.ts'
import { Icon, type IconName } from './icon.tsx'

const icons: Record<Exclude<PersonView['standing']['trust'], 'self'>, IconName> = {
  new: 'person',
  seen: 'clock',
  verified: 'shield',
  changed: 'warning',
}

export function StandingTag({ person }: { person: PersonView }): JSX.Element | null {
  const { trust } = person.standing
  if (trust === 'self') return null
  return (
    <span class={`standing ${trust}`}>
      <Icon name={icons[trust]} />
      {standingTag(person.standing)}
    </span>
  )
}
