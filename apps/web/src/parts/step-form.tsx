/** Fields that are sent together, with a button that goes on and one that gives it up. While it works it says so. */
import type { ComponentChildren, JSX, Ref } from 'preact'
import { deviceWords } from '../words/device.ts'

interface Props {
  action: string
  busy: boolean
  busyWords?: string
  /** Does not come while it is busy. */
  onSubmit(): void
  onCancel?: (() => void) | undefined
  /** Other ways on, between the two buttons. */
  others?: ComponentChildren
  look?: string
  form?: Ref<HTMLFormElement>
  children: ComponentChildren
}

export function StepForm({
  action,
  busy,
  busyWords = deviceWords.wait,
  onSubmit,
  onCancel,
  others,
  look,
  form,
  children,
}: Props): JSX.Element {
  return (
    <form
      class={look}
      {...(form !== undefined && { ref: form })}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) onSubmit()
      }}
    >
      {children}
      <p class="busy" role="status">
        {busy && busyWords}
      </p>
      <div class="actions">
        <button type="submit" class="button primary" aria-busy={busy}>
          {action}
        </button>
        {others}
        {onCancel && (
          <button type="button" class="button" onClick={onCancel}>
            {deviceWords.cancel}
          </button>
        )}
      </div>
    </form>
  )
}
