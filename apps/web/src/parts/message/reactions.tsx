/** How people reacted: a press joins in, or takes one's own back. */
import type { JSX } from 'preact'
import type { MessageView } from '../../client-gate.ts'
import { messageWords, reactionWords } from '../../words/messages.ts'
import type { Namer } from '../../words/people.ts'
import type { MessageActions } from './actions.ts'

interface Props {
  message: MessageView
  nameOf: Namer
  actions: MessageActions | undefined
}

/** Different signs below one message; what is more stands in the list. */
const shownAtMost = 12

export function Reactions({ message, nameOf, actions }: Props): JSX.Element | null {
  const { reactions = [] } = message
  if (reactions.length === 0) return null
  return (
    <div class="reactions">
      {reactions.slice(0, shownAtMost).map((one) => (
        <button
          key={one.sign}
          type="button"
          class="reaction"
          aria-pressed={one.own}
          aria-label={reactionWords(one, nameOf)}
          title={reactionWords(one, nameOf)}
          disabled={actions === undefined}
          onClick={() => actions?.react(message, one.sign, !one.own)}
        >
          <span>{one.sign}</span>
          <span>{one.people.length}</span>
        </button>
      ))}
      {reactions.length > shownAtMost && (
        <button
          type="button"
          class="reaction"
          aria-label={messageWords.whoReacted}
          onClick={() => actions?.ask('reactions', message)}
        >
          +{reactions.length - shownAtMost}
        </button>
      )}
    </div>
  )
}
