/** Words as they stand. */
import type { JSX } from 'preact'
import type { PersonView } from '../../client-gate.ts'
import { withMentions } from './mentions.tsx'

interface Props {
  text: string
  mentions: readonly PersonView[] | undefined
}

export function Plain({ text, mentions }: Props): JSX.Element {
  return (
    <p class="text" dir="auto">
      {withMentions(text, mentions)}
    </p>
  )
}
