/** Above the messages: where this open room goes on, and the way there. It stays when the room has ended. */
import type { JSX } from 'preact'
import { useContext } from 'preact/hooks'
import type { RoomSnapshot } from '../../client-gate.ts'
import { SuccessorContext } from '../../successor-context.ts'
import type { Namer } from '../../words/people.ts'
import { successorSentence, successorWords } from '../../words/successor.ts'
import { Icon } from '../icon.tsx'

interface Props {
  snapshot: RoomSnapshot
  nameOf: Namer
}

export function Successor({ snapshot, nameOf }: Props): JSX.Element {
  const access = useContext(SuccessorContext)
  const { successor, self } = snapshot
  // It stands there while it is empty: a screen reader hears what is put into it later.
  return (
    <div aria-live="polite">
      {successor && (
        <section class="alert calm" aria-label={successorWords.region}>
          <Icon name="lock" />
          <strong class="alert-words">{successorSentence(successor, nameOf)}</strong>
          {access && (
            <button type="button" class="button small primary" onClick={() => access.follow(successor.path, self.name)}>
              {successor.by.self ? successorWords.enter : successorWords.join}
            </button>
          )}
        </section>
      )}
    </div>
  )
}
