/** A field for a passphrase, hidden unless its owner wants to see it. */
import type { JSX, Ref } from 'preact'
import { useId, useState } from 'preact/hooks'
import { lockWords } from '../words/device.ts'

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
  const id = useId()
  const [shown, setShown] = useState(false)
  const described = error !== undefined ? `${id}-error` : hint !== undefined ? `${id}-hint` : undefined
  return (
    <div class="field">
      <div class="field-label">
        <label for={id}>{label}</label>
      </div>
      <div class="secret-field">
        <input
          id={id}
          {...(field !== undefined && { ref: field })}
          {...(shown ? asText : hidden)}
          value={value}
          autocomplete={use}
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={error !== undefined}
          aria-describedby={described}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        <button type="button" class="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? lockWords.hide : lockWords.show}
        </button>
      </div>
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && error === undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
