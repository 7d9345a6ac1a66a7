/** Where the server lets this device in no more: what was written and went nowhere. Its words are still its author's. */
import type { JSX } from 'preact'
import type { MessageView, RoomSnapshot } from '../../client-gate.ts'
import { stateWords } from '../../words/room.ts'

export function NotSent({ timeline }: Pick<RoomSnapshot, 'timeline'>): JSX.Element | null {
  const unsent = timeline.flatMap((item) => (item.kind === 'message' && isUnsent(item) ? item : []))
  if (unsent.length === 0) return null
  return (
    <>
      <p>{stateWords('not-sent')}</p>
      {unsent.map(({ key, text }) => (
        <p key={key} class="notice-detail" dir="auto">
          {text}
        </p>
      ))}
    </>
  )
}

function isUnsent({ state }: MessageView): boolean {
  return state === 'sending' || state === 'held' || state === 'not-sent'
}
