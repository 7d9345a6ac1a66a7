/** In the place of the composer once the room was ended, for all or for this person: by whom, and the way to be rid of it here too. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PersonView, RoomClient, TimelineItem } from '../../client-gate.ts'
import { endedWords } from '../../words/asking.ts'
import type { Namer } from '../../words/people.ts'
import { Confirm } from '../confirm.tsx'

interface Props {
  /** For this person alone, who was taken out. */
  removed: boolean
  timeline: readonly TimelineItem[]
  nameOf: Namer
  client: RoomClient
}

export function Ended({ removed, timeline, nameOf, client }: Props): JSX.Element {
  const by = endedBy(timeline)
  return (
    <div class="no-composer" aria-live="polite">
      <h2>{removed ? endedWords.removed : endedWords.ended(by, by === undefined ? '' : nameOf(by))}</h2>
      <p>{removed ? endedWords.removedHelp : endedWords.help}</p>
      <EraseRoom client={client} />
    </div>
  )
}

/** Erases what this device has of a room in which it is no more, once the person says so twice. */
export function EraseRoom({ client }: Pick<Props, 'client'>): JSX.Element {
  const [asking, setAsking] = useState(false)
  return (
    <>
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
    </>
  )
}

function endedBy(timeline: readonly TimelineItem[]): PersonView | undefined {
  const last = timeline.findLast((item) => item.kind === 'system' && item.event.type === 'room-ended')
  return last?.kind === 'system' && last.event.type === 'room-ended' ? last.event.by : undefined
}
