/** A labelled text field. */
import type { JSX, Ref } from 'preact'
import { mostPeople } from '../address.ts'
import { Labelled } from './labelled.tsx'

interface Props {
  label: string
  value: string
  onInput(value: string): void
  note?: string
  hint?: string
  error?: string | undefined
  numeric?: boolean
  /** Characters. */
  most?: number
  field?: Ref<HTMLInputElement>
}

const words = { type: 'text' } as const
const wholeNumbers = { type: 'number', inputMode: 'numeric', min: 1, max: mostPeople } as const

export function Field({ label, value, onInput, note, hint, error, numeric, most, field }: Props): JSX.Element {
  return (
    <Labelled label={label} note={note} hint={hint} error={error}>
      {(ties) => (
        <input
          {...ties}
          {...(field !== undefined && { ref: field })}
          {...(numeric ? wholeNumbers : words)}
          maxLength={most}
          value={value}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Labelled>
  )
}
