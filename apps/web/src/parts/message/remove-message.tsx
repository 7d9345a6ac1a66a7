/** Asks before a message is taken back, and says what that can do and what not. */
import type { JSX } from 'preact'
import { removeWords } from '../../words/details.ts'
import { Confirm } from '../confirm.tsx'

interface Props {
  /** Said to one person: there are two who have it. */
  isPrivate: boolean
  work(): Promise<void>
  onClose(): void
}

export function RemoveMessage({ isPrivate, work, onClose }: Props): JSX.Element {
  return (
    <Confirm
      title={removeWords.title}
      help={[isPrivate ? removeWords.privateHelp : removeWords.help]}
      yes={isPrivate ? removeWords.privateYes : removeWords.yes}
      no={removeWords.no}
      failed={removeWords.failed}
      work={work}
      onClose={onClose}
    />
  )
}
