/** Sets or changes the passphrase: the passphrase twice, then the recovery code, shown once and typed back. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Keeper, NewCode } from '../keeper.ts'
import { deviceWords } from '../words/device.ts'
import { Refusal } from './ask-button.tsx'
import { CodeCheck } from './code-check.tsx'
import { Dialog } from './dialog.tsx'
import { NewPassphrase } from './new-passphrase.tsx'
import { useAsk } from './use-ask.ts'

interface Props {
  keeper: Keeper
  title: string
  onDone(): void
  onClose(): void
}

export function ProtectDialog({ keeper, title, onDone, onClose }: Props): JSX.Element {
  const [chosen, setChosen] = useState<{ passphrase: string; code: NewCode }>()
  const ask = useAsk(deviceWords.protectFailed)

  return (
    <Dialog title={chosen ? deviceWords.codeTitle : title} onClose={onClose} light={false}>
      <Refusal ask={ask} />
      {chosen ? (
        <CodeCheck
          code={chosen.code}
          help={deviceWords.codeHelp}
          action={deviceWords.protect}
          busy={ask.busy}
          onCancel={onClose}
          onDone={() =>
            void ask.put(async () => {
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
          busy={ask.busy}
          onCancel={onClose}
          onDone={(passphrase) => void ask.put(async () => setChosen({ passphrase, code: await keeper.newCode() }))}
        />
      )}
    </Dialog>
  )
}
