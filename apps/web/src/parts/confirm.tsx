/** Asks once more, says what will happen, and stays until it has happened or says why it cannot. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { AskButton, Refusal } from './ask-button.tsx'
import { Dialog } from './dialog.tsx'
import { useAsk } from './use-ask.ts'

interface Props {
  title: string
  help: readonly string[]
  yes: string
  no: string
  /** A line that has to be ticked before, and what is said where it was not. */
  sure?: { words: string; missing: string }
  work(): Promise<void>
  /** Said before the reason where the work fails. */
  failed?: string
  onDone?(): void
  onClose(): void
}

export function Confirm({ title, help, yes, no, sure, work, failed, onDone, onClose }: Props): JSX.Element {
  const ask = useAsk(failed)
  const [ticked, setTicked] = useState(sure === undefined)
  const [missing, setMissing] = useState(false)

  async function go(): Promise<void> {
    setMissing(!ticked)
    if (!ticked || !(await ask.put(work))) return
    onClose()
    onDone?.()
  }

  return (
    <Dialog title={title} onClose={onClose}>
      {help.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {sure !== undefined && (
        <div>
          <label class="choice">
            <input
              type="checkbox"
              checked={ticked}
              aria-invalid={missing && !ticked}
              onChange={(event) => setTicked(event.currentTarget.checked)}
            />
            <span>{sure.words}</span>
          </label>
          <p class="field-error" role="alert">
            {missing && !ticked && sure.missing}
          </p>
        </div>
      )}
      <Refusal ask={ask} />
      <div class="actions">
        <button type="button" class="button" autofocus onClick={onClose}>
          {no}
        </button>
        <AskButton ask={ask} look="button danger" onPress={() => void go()}>
          {yes}
        </AskButton>
      </div>
    </Dialog>
  )
}
