/** In the place of the composer once the room was ended: by whom, and the way to be rid of it here too. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PersonView, RoomClient, TimelineItem } from '../../client-gate.ts'
import { endedWords } from '../../words/asking.ts'
import type { Namer } from '../../words/people.ts'
import { Confirm } from '../confirm.tsx'

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
        <Confirm
          title={endedWords.eraseTitle}
          help={[endedWords.eraseHelp]}
          yes={endedWords.eraseYes}
          no={endedWords.keep}
          failed={endedWords.noErase}
          work={() => client.leave()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}

function endedBy(timeline: readonly TimelineItem[]): PersonView | undefined {
  const last = timeline.findLast((item) => item.kind === 'system' && item.event.type === 'room-ended')
  return last?.kind === 'system' && last.event.type === 'room-ended' ? last.event.by : undefined
}
