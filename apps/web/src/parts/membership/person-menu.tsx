/** Beside a person in the list: what may be done about them, folded away; a device long silent is proposed for removal. */
import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { AgreementView, PersonView, RoomClient } from '../../client-gate.ts'
import { peopleWords, removalProposedAfterDays } from '../../words/people.ts'
import { PersonActions, RemovePerson } from '../fetched.ts'
import { Icon } from '../icon.tsx'

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
  const proposed = mayPutOut && silentDays >= removalProposedAfterDays
  const mayLead = agreement.may.lead && role !== 'owner'
  const actions = mayLead || (mayPutOut && !proposed)
  if (self || (!actions && !proposed)) return null
  const about = { person, name, client, onGone: toPeople }
  return (
    <>
      {actions && (
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
      )}
      {proposed && (
        <div class="person-proposal">
          <p>{peopleWords.propose(silentDays)}</p>
          <RemovePerson {...about} short />
        </div>
      )}
      <div id={id} hidden={!open} class="person-menu">
        {open && <PersonActions {...about} agreement={agreement} proposed={proposed} />}
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
