/** A new passphrase, typed twice. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Keeper } from '../keeper.ts'
import { deviceWords } from '../words/device.ts'
import { SecretField } from './secret-field.tsx'
import { StepForm } from './step-form.tsx'

interface Props {
  keeper: Pick<Keeper, 'isLongEnough'>
  hint: string
  action: string
  busy?: boolean
  onDone(passphrase: string): void
  onCancel(): void
}

export function NewPassphrase({ keeper, hint, action, busy = false, onDone, onCancel }: Props): JSX.Element {
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [errors, setErrors] = useState<{ passphrase?: string; again?: string }>({})
  const form = useRef<HTMLFormElement>(null)

  function submit(): void {
    const found: typeof errors = {}
    if (!keeper.isLongEnough(passphrase)) found.passphrase = deviceWords.tooShort
    else if (again !== passphrase) found.again = deviceWords.notSame
    setErrors(found)
    if (found.passphrase === undefined && found.again === undefined) onDone(passphrase)
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  return (
    <StepForm action={action} busy={busy} onSubmit={submit} onCancel={onCancel} form={form}>
      <SecretField
        label={deviceWords.newPassphrase}
        value={passphrase}
        onInput={setPassphrase}
        use="new-password"
        hint={hint}
        error={errors.passphrase}
      />
      <SecretField label={deviceWords.again} value={again} onInput={setAgain} use="new-password" error={errors.again} />
    </StepForm>
  )
}
