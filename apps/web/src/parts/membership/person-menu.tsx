/** Beside a person in the list: what may be done about them, folded away; a device long silent is proposed for removal. */
import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { AgreementView, PersonView, RoomClient } from '../../client-gate.ts'
import { peopleWords, removalProposedAfterDays } from '../../words/people.ts'
import { Icon } from '../icon.tsx'
import { PersonActions } from './lazy.ts'

interface Props {
  person: PersonView
  name: string
  agreement: AgreementView
  client: RoomClient
}

export function PersonMenu({ person, name, agreement, client }: Props): JSX.Element | null {
  const [open, setOpen] = useState(false)
  const id = useId()
  const { self, role, mayPutOut, silentDays = 0 } = person
  const leads = agreement.may.lead && role !== 'owner'
  if (self || (!mayPutOut && !leads)) return null
  return (
    <>
      <button
        type="button"
        class="icon-button person-more"
        aria-expanded={open}
        aria-controls={id}
        aria-label={peopleWords.actions(name)}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </button>
      {mayPutOut && silentDays >= removalProposedAfterDays && (
        <p class="person-proposal">{peopleWords.propose(silentDays)}</p>
      )}
      <div id={id} hidden={!open} class="person-menu">
        {open && <PersonActions person={person} name={name} agreement={agreement} client={client} onGone={toPeople} />}
      </div>
    </>
  )
}

/** The line of whoever was put out is gone, and with it the focus. */
function toPeople(): void {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.getElementById('people-title')?.focus()
  })
}
