/** The start of a browser whose storage a passphrase protects. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Keeper } from '../keeper.ts'
import { EraseDialog } from '../parts/erase-dialog.tsx'
import { Mark } from '../parts/mark.tsx'
import { Opener } from '../parts/opener.tsx'
import { reasonOf } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import { lockWords } from '../words/lock.ts'

export function Locked({ keeper, onOpen }: { keeper: Keeper; onOpen(): void }): JSX.Element {
  const [erasing, setErasing] = useState(false)
  useEffect(() => {
    let gone = false
    // Another tab may have taken the passphrase away. A storage that does not open says so when it is tried.
    keeper.state().then(
      (state) => {
        if (!gone && state !== 'locked') onOpen()
      },
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [keeper])
  return (
    <main class="notice locked">
      <Mark />
      <h1>{lockWords.title}</h1>
      <p>{lockWords.help}</p>
      <Opener
        action={lockWords.unlock}
        busyWords={lockWords.unlocking}
        focusFirst
        onTry={async (typed) => {
          try {
            const opening = await keeper.unlock(typed)
            if (opening !== 'opened') return opening === 'wrong' ? lockWords.wrong : lockWords.noCode
          } catch (error) {
            return reasonOf(error)
          }
          onOpen()
          return undefined
        }}
      />
      <p class="locked-lost">{lockWords.lost}</p>
      <button type="button" class="button danger small" onClick={() => setErasing(true)}>
        {deviceWords.erase}
      </button>
      {erasing && <EraseDialog keeper={keeper} onClose={() => setErasing(false)} />}
    </main>
  )
}
