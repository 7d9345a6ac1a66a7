/** Chooses files for the next message, or records what is said. How large they may be stands here, before anybody chooses. */
import type { JSX } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { fileWords } from '../../words/files.ts'
import { sizeWords } from '../../words/sizes.ts'
import { Icon } from '../icon.tsx'
import type { PickedFiles } from './picked.ts'

export function AttachButton({ picked }: { picked: PickedFiles }): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const limit = fileWords.limit(sizeWords(picked.bytesAtMost))
  return (
    <>
      <button
        type="button"
        class="attach"
        aria-label={fileWords.attach}
        aria-describedby={id}
        title={`${fileWords.attach}. ${limit}`}
        onClick={() => input.current!.click()}
      >
        <Icon name="clip" />
      </button>
      <span id={id} class="unseen">
        {limit}
      </span>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          picked.add(currentTarget.files ?? [])
          currentTarget.value = '' // the same file may be chosen again
        }}
      />
    </>
  )
}

/** Absent where this browser cannot record. */
export function RecordButton({ onPress }: { onPress(): void }): JSX.Element | null {
  if (typeof MediaRecorder === 'undefined' || !navigator.mediaDevices) return null
  return (
    <button type="button" class="attach" aria-label={fileWords.record} title={fileWords.record} onClick={onPress}>
      <Icon name="microphone" />
    </button>
  )
}
