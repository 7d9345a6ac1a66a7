/** Words as they stand. */
import type { JSX } from 'preact'
import type { PersonView } from '../../client-gate.ts'
import { withMentions } from './mentions.tsx'

interface Props {
  text: string
  mentions: readonly PersonView[] | undefined
  /** Of an action: who does it. */
  does?: string
}

export function Plain({ text, mentions, does }: Props): JSX.Element {
  return (
    <p class={does === undefined ? 'text' : 'text action'} dir="auto">
      {does !== undefined && (
        <>
          * <bdi>{does}</bdi>{' '}
        </>
      )}
      {withMentions(text, mentions)}
    </p>
  )
}
