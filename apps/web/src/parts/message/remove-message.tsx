/** Asks before a message is taken back, and says what that can do and what not. */
import type { JSX } from 'preact'
import { messageWords } from '../../words/messages.ts'
import { Confirm } from '../confirm.tsx'

interface Props {
  work(): Promise<void>
  onClose(): void
}

export function RemoveMessage({ work, onClose }: Props): JSX.Element {
  return (
    <Confirm
      title={messageWords.removeTitle}
      help={[messageWords.removeHelp]}
      yes={messageWords.removeYes}
      no={messageWords.removeNo}
      failed={messageWords.noMessage}
      work={work}
      onClose={onClose}
    />
  )
}
