/** Who reacted to a message, and with what. */
import type { JSX } from 'preact'
import type { MessageView } from '../../client-gate.ts'
import { messageWords } from '../../words/messages.ts'
import { isYou, type Namer, namingWords } from '../../words/people.ts'
import { Dialog } from '../dialog.tsx'

interface Props {
  message: MessageView
  nameOf: Namer
  onClose(): void
}

export function ReactionsDialog({ message, nameOf, onClose }: Props): JSX.Element {
  return (
    <Dialog title={messageWords.whoReacted} onClose={onClose}>
      <ul class="reacted">
        {(message.reactions ?? []).flatMap(({ sign, people }) =>
          people.map((person) => (
            <li key={`${sign} ${person.device}`}>
              <span>{sign}</span>
              <bdi>{isYou(person) ? namingWords.youFirst : nameOf(person)}</bdi>
            </li>
          )),
        )}
      </ul>
      <div class="actions">
        <button type="button" class="button" autofocus onClick={onClose}>
          {messageWords.close}
        </button>
      </div>
    </Dialog>
  )
}
