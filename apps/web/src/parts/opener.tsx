/** Asks for what opens something: a passphrase, or the recovery code in its place. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Typed } from '../keeper.ts'
import { lockWords } from '../words/device.ts'
import { Field } from './field.tsx'
import { SecretField } from './secret-field.tsx'

interface Props {
  action: string
  busyWords: string
  /** Resolves with what to tell the person, or with undefined where it worked. */
  onTry(typed: Typed): Promise<string | undefined>
  focusFirst?: boolean
  onCancel?(): void
  cancel?: string
}

export function Opener({ action, busyWords, onTry, focusFirst = false, onCancel, cancel }: Props): JSX.Element {
  const [byCode, setByCode] = useState(false)
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focusFirst) field.current?.focus()
  }, [byCode])

  async function attempt(): Promise<void> {
    if (busy || text === '') {
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
    <form
      class="opener"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void attempt()
      }}
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
      <p class="busy" role="status">
        {busy && busyWords}
      </p>
      <div class="actions">
        <button type="submit" class="button primary" aria-busy={busy}>
          {action}
        </button>
        <button type="button" class="button" onClick={swap}>
          {byCode ? lockWords.usePassphrase : lockWords.useCode}
        </button>
        {onCancel && (
          <button type="button" class="button" onClick={onCancel}>
            {cancel}
          </button>
        )}
      </div>
    </form>
  )
}
