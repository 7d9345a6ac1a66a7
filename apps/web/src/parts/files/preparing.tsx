/** Files that are read, rid of metadata and sealed now, and a way to stop that. */
import type { JSX } from 'preact'
import type { FilesView } from '../../client-gate.ts'
import { fileWords } from '../../words/files.ts'
import { percentOf } from '../../words/sizes.ts'

interface Props {
  making: FilesView['making']
  onCancel(): void
}

export function Preparing({ making, onCancel }: Props): JSX.Element {
  const newest = making.at(-1)
  return (
    <div class="preparing">
      {newest && (
        <>
          <span>{fileWords.preparing(newest.name, percentOf(newest.doneBytes, newest.size))}</span>
          <progress
            aria-label={fileWords.preparing(newest.name, percentOf(newest.doneBytes, newest.size))}
            max={newest.size || 1}
            value={newest.doneBytes}
          />
        </>
      )}
      <button type="button" class="button small" onClick={onCancel}>
        {fileWords.cancelSending}
      </button>
    </div>
  )
}
