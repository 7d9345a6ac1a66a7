/** A field for a passphrase, hidden unless its owner wants to see it. */
import type { JSX, Ref } from 'preact'
import { useState } from 'preact/hooks'
import { lockWords } from '../words/lock.ts'
import { Labelled } from './labelled.tsx'

interface Props {
  label: string
  value: string
  onInput(value: string): void
  /** A password manager offers to keep a new one and to fill in a present one. */
  use: 'new-password' | 'current-password'
  hint?: string
  error?: string | undefined
  field?: Ref<HTMLInputElement>
}

const asText = { type: 'text' } as const
const hidden = { type: 'password' } as const

export function SecretField({ label, value, onInput, use, hint, error, field }: Props): JSX.Element {
  const [shown, setShown] = useState(false)
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(ties) => (
        <div class="secret-field">
          <input
            {...ties}
            {...(field !== undefined && { ref: field })}
            {...(shown ? asText : hidden)}
            value={value}
            autocomplete={use}
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
          <button type="button" class="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? lockWords.hide : lockWords.show}
          </button>
        </div>
      )}
    </Labelled>
  )
}
