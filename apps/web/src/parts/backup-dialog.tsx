/** Makes a backup: under a passphrase, or under a recovery code that is made for it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { save } from '../download.ts'
import type { Keeper, NewCode } from '../keeper.ts'
import { deviceWords } from '../words/device.ts'
import { Refusal } from './ask-button.tsx'
import { CodeCheck } from './code-check.tsx'
import { Dialog } from './dialog.tsx'
import { NewPassphrase } from './new-passphrase.tsx'
import { useAsk } from './use-ask.ts'

interface Props {
  keeper: Keeper
  onDone(words: string): void
  onClose(): void
}

export function BackupDialog({ keeper, onDone, onClose }: Props): JSX.Element {
  const [way, setWay] = useState<'passphrase' | 'code'>('passphrase')
  const [code, setCode] = useState<NewCode>()
  const ask = useAsk(deviceWords.backupFailed)
  const coding = useAsk(deviceWords.backupFailed)

  async function make(secret: Parameters<Keeper['backup']>[0]): Promise<void> {
    save(await keeper.backup(secret))
    onDone(deviceWords.backupDone)
  }

  function choose(next: typeof way): void {
    setWay(next)
    if (next === 'code' && !code) void coding.put(async () => setCode(await keeper.newCode()))
  }

  return (
    <Dialog title={deviceWords.backupTitle} onClose={onClose} light={false}>
      <fieldset class="secret-kinds">
        <legend>{deviceWords.backupChoice}</legend>
        {(['passphrase', 'code'] as const).map((one) => (
          <label key={one}>
            <input type="radio" name="way" checked={way === one} onChange={() => choose(one)} />
            {one === 'passphrase' ? deviceWords.byPassphrase : deviceWords.byCode}
          </label>
        ))}
      </fieldset>
      <Refusal ask={coding} />
      <Refusal ask={ask} />
      {way === 'code' && code && (
        <CodeCheck
          code={code}
          help={deviceWords.backupCodeHelp}
          action={deviceWords.makeIt}
          busy={ask.busy}
          onCancel={onClose}
          onDone={() => void ask.put(() => make({ code }))}
        />
      )}
      {way === 'passphrase' && (
        <NewPassphrase
          keeper={keeper}
          hint={deviceWords.backupPassphraseHelp}
          action={deviceWords.makeIt}
          busy={ask.busy}
          onCancel={onClose}
          onDone={(passphrase) => void ask.put(() => make({ passphrase }))}
        />
      )}
    </Dialog>
  )
}
