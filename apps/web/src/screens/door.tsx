/** Before a room that this browser does not know: what kind of room it is, a name, and in. */
import type { JSX } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { cleanName, kindOf, shortAddress } from '../address.ts'
import type { Ticket } from '../journey.ts'
import { suggestName } from '../names.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icon.tsx'
import { Notice } from '../parts/notice.tsx'
import { askingWords } from '../words/asking.ts'
import { doorWords } from '../words/door.ts'

interface Props {
  ticket: Ticket
  onEnter(ticket: Ticket): void
  onHome(): void
}

export function Door({ ticket, onEnter, onHome }: Props): JSX.Element {
  const [asking, setAsking] = useState(true)
  return (
    <>
      <Notice title={doorWords.paused} help={doorWords.pausedHelp}>
        <button type="button" class="button primary" onClick={() => setAsking(true)}>
          {doorWords.chooseName}
        </button>
        <button type="button" class="button" onClick={onHome}>
          {doorWords.home}
        </button>
      </Notice>
      {asking && <NameDialog ticket={ticket} onEnter={onEnter} onClose={() => setAsking(false)} />}
    </>
  )
}

function NameDialog({
  ticket,
  onEnter,
  onClose,
}: {
  ticket: Ticket
  onEnter(ticket: Ticket): void
  onClose(): void
}): JSX.Element {
  const [name, setName] = useState(() => ticket.name ?? suggestName())
  const [error, setError] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  const kind = kindOf(ticket.address)
  // Focused and selected: Enter takes the suggestion, typing replaces it.
  useLayoutEffect(() => field.current?.select(), [])
  return (
    <Dialog title={ticket.knocks ? askingWords.ask : doorWords.title} onClose={onClose} light={false}>
      <div class="preview">
        <Icon name={kind === 'open' ? 'open' : 'lock'} />
        <div>
          <p class="preview-title">
            {ticket.knocks
              ? askingWords.preview(shortAddress(ticket.address))
              : doorWords.preview(kind, shortAddress(ticket.address))}
          </p>
          <p>{ticket.knocks ? askingWords.previewHelp : doorWords.previewHelp(kind)}</p>
        </div>
      </div>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const cleaned = cleanName(name)
          if (cleaned !== '') onEnter({ ...ticket, name: cleaned })
          else {
            setError(doorWords.nameMissing)
            field.current?.focus()
          }
        }}
      >
        <Field
          label={doorWords.name}
          value={name}
          onInput={setName}
          hint={doorWords.nameHint}
          error={error}
          field={field}
        />
        <div class="actions">
          <button type="submit" class="button primary">
            {ticket.knocks ? askingWords.ask : doorWords.join}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {doorWords.notNow}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
