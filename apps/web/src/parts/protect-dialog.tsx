/** Sets or changes the passphrase: the passphrase twice, then the recovery code, shown once and typed back. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Keeper, NewCode } from '../keeper.ts'
import { reasonOf } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import { CodeCheck } from './code-check.tsx'
import { Dialog } from './dialog.tsx'
import { NewPassphrase } from './new-passphrase.tsx'

interface Props {
  keeper: Keeper
  title: string
  onDone(): void
  onClose(): void
}

export function ProtectDialog({ keeper, title, onDone, onClose }: Props): JSX.Element {
  const [chosen, setChosen] = useState<{ passphrase: string; code: NewCode }>()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')

  async function attempt(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    setFailure('')
    try {
      await work()
    } catch (error) {
      setFailure(`${deviceWords.protectFailed} ${reasonOf(error)}`.trim())
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog title={chosen ? deviceWords.codeTitle : title} onClose={onClose} light={false}>
      {failure !== '' && (
        <p class="form-failure" role="alert">
          {failure}
        </p>
      )}
      {chosen ? (
        <CodeCheck
          code={chosen.code}
          help={deviceWords.codeHelp}
          action={deviceWords.protect}
          busy={busy}
          onCancel={onClose}
          onDone={() =>
            void attempt(async () => {
              await keeper.protect(chosen.passphrase, chosen.code)
              onDone()
            })
          }
        />
      ) : (
        <NewPassphrase
          keeper={keeper}
          hint={deviceWords.setHelp}
          action={deviceWords.next}
          busy={busy}
          onCancel={onClose}
          onDone={(passphrase) => void attempt(async () => setChosen({ passphrase, code: await keeper.newCode() }))}
        />
      )}
    </Dialog>
  )
}
