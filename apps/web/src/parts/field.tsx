/** A labelled text field with its hint and its error, tied together for screen readers. */
import type { JSX, Ref } from 'preact'
import { useId } from 'preact/hooks'
import { mostPeople } from '../address.ts'

interface Props {
  label: string
  value: string
  onInput(value: string): void
  note?: string
  hint?: string
  error?: string | undefined
  numeric?: boolean
  field?: Ref<HTMLInputElement>
}

const words = { type: 'text' } as const
const wholeNumbers = { type: 'number', inputMode: 'numeric', min: 1, max: mostPeople } as const

export function Field({ label, value, onInput, note, hint, error, numeric, field }: Props): JSX.Element {
  const id = useId()
  const described = error !== undefined ? `${id}-error` : hint !== undefined ? `${id}-hint` : undefined
  return (
    <div class="field">
      <div class="field-label">
        <label for={id}>{label}</label>
        {note !== undefined && <span class="field-note">{note}</span>}
      </div>
      <input
        id={id}
        {...(field !== undefined && { ref: field })}
        {...(numeric ? wholeNumbers : words)}
        value={value}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={error !== undefined}
        aria-describedby={described}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
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
