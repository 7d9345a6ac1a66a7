/** In a person's sheet: giving them messages from before they came in, if they accept. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PersonView, RoomClient } from '../../client-gate.ts'
import { earlierWords } from '../../words/earlier.ts'
import { CountForm } from './count-form.tsx'

export function EarlierOffer({ person, client }: { person: PersonView; client: RoomClient }): JSX.Element {
  const [done, setDone] = useState(false)
  return (
    <div class="earlier-offer">
      <p class="knock-help">{earlierWords.offerHelp(person.name || person.shortId)}</p>
      <CountForm
        words={earlierWords.offer}
        onAsk={async (count) => {
          setDone(false)
          await client.offerEarlier(person.device, count)
        }}
        onDone={() => setDone(true)}
      />
      <p role="status">{done && earlierWords.offerDone}</p>
    </div>
  )
}
