/** Asks before a message is taken back, and says what that can do and what not. */
import type { JSX } from 'preact'
import { messageWords } from '../../words/messages.ts'
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
      title={messageWords.removeTitle}
      help={[isPrivate ? messageWords.removePrivateHelp : messageWords.removeHelp]}
      yes={isPrivate ? messageWords.removePrivateYes : messageWords.removeYes}
      no={messageWords.removeNo}
      failed={messageWords.noMessage}
      work={work}
      onClose={onClose}
    />
  )
}
