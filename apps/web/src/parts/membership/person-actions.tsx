/** What this person may do about another: put them out, name them admin, hand them the room. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { AgreementView, PersonView, RoomClient } from '../../client-gate.ts'
import { personWords } from '../../words/membership.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { Confirm } from '../confirm.tsx'
import { useAsk } from '../use-ask.ts'
import { RemovePerson } from './remove-person.tsx'

interface Props {
  person: PersonView
  /** As they are called in sentences. */
  name: string
  agreement: AgreementView
  client: RoomClient
  /** Their removal is offered elsewhere already. */
  proposed?: boolean
  /** The person is no longer in the room. */
  onGone(): void
}

export function PersonActions({ person, name, agreement, client, proposed = false, onGone }: Props): JSX.Element {
  const [handing, setHanding] = useState(false)
  const ask = useAsk()
  const { device, role } = person
  return (
    <div class="person-actions">
      {mayName(agreement, person) && (
        <>
          <AskButton
            ask={ask}
            look="button small"
            onPress={() => void ask.put(() => client.setAdmin(device, role !== 'admin'))}
          >
            {role === 'admin' ? personWords.noAdmin(name) : personWords.makeAdmin(name)}
          </AskButton>
          <button type="button" class="button small" onClick={() => setHanding(true)}>
            {personWords.handOver(name)}
          </button>
        </>
      )}
      {person.mayPutOut && !proposed && <RemovePerson person={person} name={name} client={client} onGone={onGone} />}
      <Refusal ask={ask} />
      {handing && (
        <Confirm
          title={personWords.handOverTitle(name)}
          help={personWords.handOverHelp(name)}
          yes={personWords.handOverYes}
          no={personWords.cancel}
          work={() => client.handOver(device)}
          onClose={() => setHanding(false)}
        />
      )}
    </div>
  )
}

function mayName({ may }: AgreementView, { self, role }: PersonView): boolean {
  return may.lead && !self && role !== 'owner'
}
