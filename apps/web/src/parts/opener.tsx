/** Asks for what opens something: a passphrase, or the recovery code in its place. */
import type { JSX } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Typed } from '../keeper.ts'
import { lockWords } from '../words/lock.ts'
import { Field } from './field.tsx'
import { SecretField } from './secret-field.tsx'
import { StepForm } from './step-form.tsx'

interface Props {
  action: string
  busyWords: string
  /** Resolves with what to tell the person, or with undefined where it worked. */
  onTry(typed: Typed): Promise<string | undefined>
  focusFirst?: boolean
  onCancel?(): void
}

export function Opener({ action, busyWords, onTry, focusFirst = false, onCancel }: Props): JSX.Element {
  const [byCode, setByCode] = useState(false)
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (focusFirst) field.current?.focus()
  }, [byCode])

  async function attempt(): Promise<void> {
    if (text === '') {
      field.current?.focus()
      return
    }
    setBusy(true)
    setError(undefined)
    const problem = await onTry(byCode ? { code: text } : { passphrase: text })
    if (problem === undefined) return
    setBusy(false)
    setError(problem)
    field.current?.select()
  }

  function swap(): void {
    setByCode(!byCode)
    setText('')
    setError(undefined)
  }

  return (
    <StepForm
      look="opener"
      action={action}
      busy={busy}
      busyWords={busyWords}
      onSubmit={() => void attempt()}
      onCancel={onCancel}
      others={
        <button type="button" class="button" onClick={swap}>
          {byCode ? lockWords.usePassphrase : lockWords.useCode}
        </button>
      }
    >
      {byCode ? (
        <Field
          key="code"
          label={lockWords.code}
          value={text}
          onInput={setText}
          hint={lockWords.codeHint}
          error={error}
          field={field}
        />
      ) : (
        <SecretField
          key="passphrase"
          label={lockWords.passphrase}
          value={text}
          onInput={setText}
          use="current-password"
          error={error}
          field={field}
        />
      )}
    </StepForm>
  )
}
