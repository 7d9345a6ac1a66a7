/** Says once, on glass, what fingers do with a message: nothing on the screen shows it before. */
import type { JSX } from 'preact'
import { messageWords } from '../../words/messages.ts'
import { Icon } from '../icon.tsx'

export function TouchHint({ onRead }: { onRead(): void }): JSX.Element {
  return (
    <aside class="touch-hint" aria-label={messageWords.touchHintTitle}>
      <Icon name="smile" />
      <p>{messageWords.touchHint}</p>
      <button type="button" class="button small" onClick={onRead}>
        {messageWords.touchHintRead}
      </button>
    </aside>
  )
}
