/** Shows a recovery code once, and goes on only when it was typed back. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { NewCode } from '../keeper.ts'
import { deviceWords } from '../words/device.ts'
import { Field } from './field.tsx'
import { StepForm } from './step-form.tsx'

interface Props {
  code: NewCode
  help: string
  action: string
  busy: boolean
  onDone(): void
  onCancel(): void
}

export function CodeCheck({ code, help, action, busy, onDone, onCancel }: Props): JSX.Element {
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const field = useRef<HTMLInputElement>(null)

  function submit(): void {
    if (code.matches(typed)) {
      setError(undefined)
      onDone()
    } else {
      setError(deviceWords.notTheCode)
      field.current?.focus()
    }
  }

  return (
    <StepForm action={action} busy={busy} onSubmit={submit} onCancel={onCancel}>
      <p>{help}</p>
      <output class="recovery-code" aria-label={deviceWords.codeLabel}>
        {code.text.split('-').map((group, i) => (
          <span key={`${i} ${group}`}>{group}</span>
        ))}
      </output>
      <Field label={deviceWords.typeBack} value={typed} onInput={setTyped} error={error} field={field} />
    </StepForm>
  )
}
