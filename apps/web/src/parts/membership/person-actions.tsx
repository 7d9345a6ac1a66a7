/** What this person may do about another: put them out, name them admin, hand them the room. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { AgreementView, PersonView, RoomClient } from '../../client-gate.ts'
import { personWords } from '../../words/membership.ts'
import { AskButton, Refusal } from './ask-button.tsx'
import { Confirm } from './confirm.tsx'
import { useAsk } from './use-ask.ts'

interface Props {
  person: PersonView
  /** As they are called in sentences. */
  name: string
  agreement: AgreementView
  client: RoomClient
  /** The person is no longer in the room. */
  onGone(): void
}

export function PersonActions({ person, name, agreement, client, onGone }: Props): JSX.Element {
  const [asking, setAsking] = useState<'remove' | 'hand-over'>()
  const ask = useAsk()
  const { device, role } = person
  const leads = agreement.may.lead && !person.self && role !== 'owner'
  const close = (): void => setAsking(undefined)
  return (
    <div class="person-actions">
      {leads && (
        <>
          <AskButton
            ask={ask}
            look="button small"
            onPress={() => void ask.put(() => client.setAdmin(device, role !== 'admin'))}
          >
            {role === 'admin' ? personWords.noAdmin(name) : personWords.makeAdmin(name)}
          </AskButton>
          <button type="button" class="button small" onClick={() => setAsking('hand-over')}>
            {personWords.handOver(name)}
          </button>
        </>
      )}
      {person.mayPutOut && (
        <button type="button" class="button small danger" onClick={() => setAsking('remove')}>
          {personWords.remove(name)}
        </button>
      )}
      <Refusal ask={ask} />
      {asking === 'remove' && (
        <Confirm
          title={personWords.removeTitle(name)}
          help={personWords.removeHelp(name)}
          yes={personWords.removeYes}
          no={personWords.cancel}
          work={() => client.putOut(device)}
          onClose={close}
          onDone={onGone}
        />
      )}
      {asking === 'hand-over' && (
        <Confirm
          title={personWords.handOverTitle(name)}
          help={personWords.handOverHelp(name)}
          yes={personWords.handOverYes}
          no={personWords.cancel}
          work={() => client.handOver(device)}
          onClose={close}
        />
      )}
    </div>
  )
}
