/** Chooses files for the next message. How large they may be stands here, before anybody chooses. */
import type { JSX } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { fileWords, sizeWords } from '../../words/files.ts'
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
