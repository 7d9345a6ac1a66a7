/** A control under its label, with its hint or its error below, tied together for screen readers. */
import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface Props {
  label: string
  note?: string | undefined
  hint?: string | undefined
  /** Stands in the place of the hint. */
  error?: string | undefined
  children(ties: Ties): ComponentChildren
}

/** What the control has to carry. */
interface Ties {
  id: string
  'aria-invalid': boolean
  'aria-describedby': string | undefined
}

export function Labelled({ label, note, hint, error, children }: Props): JSX.Element {
  const id = useId()
  const below = error ?? hint
  return (
    <div class="field">
      <div class="field-label">
        <label for={id}>{label}</label>
        {note !== undefined && <span class="field-note">{note}</span>}
      </div>
      {children({
        id,
        'aria-invalid': error !== undefined,
        'aria-describedby': below === undefined ? undefined : `${id}-below`,
      })}
      {below !== undefined && (
        <p class={error === undefined ? 'field-hint' : 'field-error'} id={`${id}-below`}>
          {below}
        </p>
      )}
    </div>
  )
}
