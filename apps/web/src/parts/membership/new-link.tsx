/** Makes a link besides those that live: for whom, and for how long. */
import type { JSX } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import type { RoomClient } from '../../client-gate.ts'
import { lifetimes, linkLifetimeWords, linkWords } from '../../words/membership.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'
import { Choice } from './choice.tsx'

interface Props {
  client: RoomClient
  onMade(): void
}

type Who = 'anyone' | 'one' | 'asked'

function whos(): readonly { value: Who; words: string }[] {
  return [
    { value: 'anyone', words: linkWords.anyone },
    { value: 'one', words: linkWords.one },
    { value: 'asked', words: linkWords.asked },
  ]
}

export function NewLink({ client, onMade }: Props): JSX.Element {
  const [open, setOpen] = useState(false)
  const [who, setWho] = useState<Who>('one')
  const [lifetimeMs, setLifetimeMs] = useState(lifetimes[1].ms as number)
  const ask = useAsk()
  const opener = useRef<HTMLButtonElement>(null)
  const endsId = useId()
  const formId = useId()

  function close(): void {
    setOpen(false)
    opener.current?.focus()
  }

  async function make(): Promise<void> {
    const mode = who === 'asked' ? 'approve' : 'link'
    const made = await ask.put(() => client.makeInvite({ mode, lifetimeMs, ...(who === 'one' && { uses: 1 }) }))
    if (!made) return
    close()
    onMade()
  }

  return (
    <div class="new-link">
      <button
        type="button"
        class="button small"
        ref={opener}
        aria-expanded={open}
        aria-controls={formId}
        onClick={() => setOpen(!open)}
      >
        {linkWords.newLink}
      </button>
      <div id={formId} hidden={!open} class="new-link-form">
        <Choice legend={linkWords.who} value={who} choices={whos()} onChoose={(value) => setWho(value)} />
        <div class="field">
          <label class="field-label" for={endsId}>
            {linkWords.ends}
          </label>
          <select id={endsId} value={lifetimeMs} onChange={(event) => setLifetimeMs(Number(event.currentTarget.value))}>
            {lifetimes.map(({ name, ms }) => (
              <option key={ms} value={ms}>
                {linkLifetimeWords[name]}
              </option>
            ))}
          </select>
        </div>
        <Refusal ask={ask} />
        <div class="actions">
          <AskButton ask={ask} look="button small primary" onPress={() => void make()}>
            {linkWords.make}
          </AskButton>
          <button type="button" class="button small" onClick={close}>
            {linkWords.cancel}
          </button>
        </div>
      </div>
    </div>
  )
}
