/** In the place of the composer once the room was ended: by whom, and the way to be rid of it here too. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PersonView, RoomClient, TimelineItem } from '../../client-gate.ts'
import { attempt } from '../../problems.ts'
import { endedWords } from '../../words/asking.ts'
import type { Namer } from '../../words/people.ts'
import { Dialog } from '../dialog.tsx'

interface Props {
  timeline: readonly TimelineItem[]
  nameOf: Namer
  client: RoomClient
}

export function Ended({ timeline, nameOf, client }: Props): JSX.Element {
  const [asking, setAsking] = useState(false)
  const by = endedBy(timeline)
  return (
    <div class="no-composer" aria-live="polite">
      <strong>{endedWords.ended(by, by === undefined ? '' : nameOf(by))}</strong>
      <p>{endedWords.help}</p>
      <button type="button" class="button danger" onClick={() => setAsking(true)}>
        {endedWords.erase}
      </button>
      {asking && (
        <Dialog title={endedWords.eraseTitle} onClose={() => setAsking(false)}>
          <p>{endedWords.eraseHelp}</p>
          <div class="actions">
            <button type="button" class="button primary" onClick={() => setAsking(false)}>
              {endedWords.keep}
            </button>
            <button type="button" class="button danger" onClick={() => attempt(client.leave(), endedWords.noErase)}>
              {endedWords.eraseYes}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  )
}

function endedBy(timeline: readonly TimelineItem[]): PersonView | undefined {
  const last = timeline.findLast((item) => item.kind === 'system' && item.event.type === 'room-ended')
  return last?.kind === 'system' && last.event.type === 'room-ended' ? last.event.by : undefined
}
