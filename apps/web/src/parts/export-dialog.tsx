/** Saves the history of one room as a file that anybody can read. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { save } from '../download.ts'
import type { Keeper, Kept } from '../keeper.ts'
import { reasonOf } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import { Dialog } from './dialog.tsx'

interface Props {
  keeper: Keeper
  which: Pick<Kept, 'room' | 'device' | 'restored'>
  onClose(): void
}

export function ExportDialog({ keeper, which, onClose }: Props): JSX.Element {
  const [failure, setFailure] = useState('')

  async function run(form: 'html' | 'json'): Promise<void> {
    setFailure('')
    try {
      save(await keeper.exported(which, form))
      onClose()
    } catch (error) {
      setFailure(`${deviceWords.exportFailed} ${reasonOf(error)}`.trim())
    }
  }

  return (
    <Dialog title={deviceWords.exportTitle} onClose={onClose}>
      <p>{deviceWords.exportHelp}</p>
      {failure !== '' && (
        <p class="form-failure" role="alert">
          {failure}
        </p>
      )}
      <div class="actions">
        <button type="button" class="button primary" onClick={() => void run('html')}>
          {deviceWords.exportHtml}
        </button>
        <button type="button" class="button" onClick={() => void run('json')}>
          {deviceWords.exportJson}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {deviceWords.cancel}
        </button>
      </div>
    </Dialog>
  )
}
