/** Makes a backup: under a passphrase, or under a recovery code that is made for it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { save } from '../download.ts'
import type { Keeper, NewCode } from '../keeper.ts'
import { reasonOf } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import { CodeCheck } from './code-check.tsx'
import { Dialog } from './dialog.tsx'
import { NewPassphrase } from './new-passphrase.tsx'

interface Props {
  keeper: Keeper
  onDone(words: string): void
  onClose(): void
}

export function BackupDialog({ keeper, onDone, onClose }: Props): JSX.Element {
  const [way, setWay] = useState<'passphrase' | 'code'>('passphrase')
  const [code, setCode] = useState<NewCode>()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')

  async function attempt(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    setFailure('')
    try {
      await work()
    } catch (error) {
      setFailure(`${deviceWords.backupFailed} ${reasonOf(error)}`.trim())
    } finally {
      setBusy(false)
    }
  }

  async function make(secret: Parameters<Keeper['backup']>[0]): Promise<void> {
    save(await keeper.backup(secret))
    onDone(deviceWords.backupDone)
  }

  function choose(next: typeof way): void {
    setWay(next)
    if (next === 'code' && !code) void attempt(async () => setCode(await keeper.newCode()))
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
      {failure !== '' && (
        <p class="form-failure" role="alert">
          {failure}
        </p>
      )}
      {way === 'code' && code && (
        <CodeCheck
          code={code}
          help={deviceWords.backupCodeHelp}
          action={deviceWords.makeIt}
          busy={busy}
          onCancel={onClose}
          onDone={() => void attempt(() => make({ code }))}
        />
      )}
      {way === 'passphrase' && (
        <NewPassphrase
          keeper={keeper}
          hint={deviceWords.backupPassphraseHelp}
          action={deviceWords.makeIt}
          busy={busy}
          onCancel={onClose}
          onDone={(passphrase) => void attempt(() => make({ passphrase }))}
        />
      )}
    </Dialog>
  )
}
