/** What of a message stands nowhere else for who has no mouse to point: its whole times, and how far it came. */
import type { JSX } from 'preact'
import type { MessageView, TimelineItem } from '../../client-gate.ts'
import { detailsWords } from '../../words/details.ts'
import { roomWords, stateWords } from '../../words/room.ts'
import { fullTime, isoTime } from '../../words/time.ts'
import { Dialog } from '../dialog.tsx'

interface Props {
  message: MessageView
  /** In which it stands as it is now. */
  items: readonly TimelineItem[]
  onClose(): void
}

export function MessageDetails({ message, items, onClose }: Props): JSX.Element {
  const now = items.find((item): item is MessageView => item.kind === 'message' && item.key === message.key) ?? message
  const { atMs, doubtfulTime, editedMs, state, deliveredTo, meantFor } = now
  const reached = stateWords(state)
  return (
    <Dialog title={detailsWords.title} onClose={onClose}>
      <dl class="about">
        <div>
          <dt>{detailsWords.written}</dt>
          <dd>
            <Time atMs={atMs} />
            {doubtfulTime && <span>{roomWords.oddTimeHelp}</span>}
          </dd>
        </div>
        {editedMs !== undefined && (
          <div>
            <dt>{detailsWords.edited}</dt>
            <dd>
              <Time atMs={editedMs} />
            </dd>
          </div>
        )}
        {reached !== undefined && (
          <div>
            <dt>{detailsWords.delivery}</dt>
            <dd>
              <span>{reached}</span>
              {meantFor > 0 && <span>{roomWords.delivered(deliveredTo, meantFor)}</span>}
            </dd>
          </div>
        )}
      </dl>
      <div class="actions">
        <button type="button" class="button" autofocus onClick={onClose}>
          {detailsWords.close}
        </button>
      </div>
    </Dialog>
  )
}

function Time({ atMs }: { atMs: number }): JSX.Element {
  return <time dateTime={isoTime(atMs)}>{fullTime(atMs)}</time>
}
