/** Asks once more before everything goes. */
import type { JSX } from 'preact'
import { letPageGo } from '../hold-page.ts'
import type { Keeper } from '../keeper.ts'
import { deviceWords } from '../words/device.ts'
import { Confirm } from './confirm.tsx'

export function EraseDialog({ keeper, onClose }: { keeper: Keeper; onClose(): void }): JSX.Element {
  return (
    <Confirm
      title={deviceWords.eraseTitle}
      help={[deviceWords.eraseHelp, deviceWords.eraseWarning]}
      yes={deviceWords.eraseYes}
      no={deviceWords.cancel}
      failed={deviceWords.eraseFailed}
      work={() => keeper.eraseEverything()}
      // A new page: nothing of the old one's memory stays.
      onDone={() => {
        letPageGo()
        location.replace('/')
      }}
      onClose={onClose}
    />
  )
}
