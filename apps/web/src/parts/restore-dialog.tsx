/** Takes a backup file and what opens it. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Keeper } from '../keeper.ts'
import { reasonOf } from '../problems.ts'
import { deviceWords, restoringWords } from '../words/device.ts'
import { Dialog } from './dialog.tsx'
import { Labelled } from './labelled.tsx'
import { Opener } from './opener.tsx'

interface Props {
  keeper: Keeper
  onDone(words: string): void
  onClose(): void
}

export function RestoreDialog({ keeper, onDone, onClose }: Props): JSX.Element {
  const file = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  return (
    <Dialog title={deviceWords.restoreTitle} onClose={onClose} light={false}>
      <p>{deviceWords.restoreHelp}</p>
      <Labelled label={deviceWords.file} error={missing ? deviceWords.fileMissing : undefined}>
        {(ties) => <input {...ties} ref={file} type="file" accept=".qsec" onChange={() => setMissing(false)} />}
      </Labelled>
      <Opener
        action={deviceWords.restore}
        busyWords={deviceWords.wait}
        onCancel={onClose}
        onTry={async (typed) => {
          const chosen = file.current?.files?.[0]
          if (!chosen) {
            setMissing(true)
            file.current?.focus()
            return deviceWords.fileMissing
          }
          try {
            const restoring = await keeper.restore(chosen, typed)
            if (!restoring.ok) return restoringWords(restoring.reason)
            onDone(deviceWords.restoredWords(restoring))
            return undefined
          } catch (error) {
            return `${deviceWords.restoreFailed} ${reasonOf(error)}`.trim()
          }
        }}
      />
    </Dialog>
  )
}
