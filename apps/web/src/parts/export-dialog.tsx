/** Saves the history of one room as a file that anybody can read. */
import type { JSX } from 'preact'
import { save } from '../download.ts'
import type { Keeper, Kept } from '../keeper.ts'
import { deviceWords } from '../words/device.ts'
import { AskButton, Refusal } from './ask-button.tsx'
import { Dialog } from './dialog.tsx'
import { useAsk } from './use-ask.ts'

interface Props {
  keeper: Keeper
  which: Pick<Kept, 'room' | 'device' | 'restored'>
  onClose(): void
}

export function ExportDialog({ keeper, which, onClose }: Props): JSX.Element {
  const ask = useAsk(deviceWords.exportFailed)

  async function run(form: 'html' | 'json'): Promise<void> {
    if (await ask.put(async () => save(await keeper.exported(which, form)))) onClose()
  }

  return (
    <Dialog title={deviceWords.exportTitle} onClose={onClose}>
      <p>{deviceWords.exportHelp}</p>
      <Refusal ask={ask} />
      <div class="actions">
        <AskButton ask={ask} look="button primary" onPress={() => void run('html')}>
          {deviceWords.exportHtml}
        </AskButton>
        <AskButton ask={ask} onPress={() => void run('json')}>
          {deviceWords.exportJson}
        </AskButton>
        <button type="button" class="button" onClick={onClose}>
          {deviceWords.cancel}
        </button>
      </div>
    </Dialog>
  )
}
