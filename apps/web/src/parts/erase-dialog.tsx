/** Asks once more before everything goes. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Keeper } from '../keeper.ts'
import { reasonOf } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import { Dialog } from './dialog.tsx'

export function EraseDialog({ keeper, onClose }: { keeper: Keeper; onClose(): void }): JSX.Element {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')

  async function erase(): Promise<void> {
    setBusy(true)
    setFailure('')
    try {
      await keeper.eraseEverything()
      // A new page: nothing of the old one's memory stays.
      location.replace('/')
    } catch (error) {
      setBusy(false)
      setFailure(`${deviceWords.eraseFailed} ${reasonOf(error)}`.trim())
    }
  }

  return (
    <Dialog title={deviceWords.eraseTitle} onClose={onClose}>
      <p>{deviceWords.eraseHelp}</p>
      <p>{deviceWords.eraseWarning}</p>
      {failure !== '' && (
        <p class="form-failure" role="alert">
          {failure}
        </p>
      )}
      <div class="actions">
        <button type="button" class="button primary" onClick={onClose}>
          {deviceWords.cancel}
        </button>
        <button type="button" class="button danger" aria-busy={busy} onClick={() => void erase()}>
          {deviceWords.eraseYes}
        </button>
      </div>
    </Dialog>
  )
}
