/** What the keyboard does in a room. */
import type { JSX } from 'preact'
import { keyWords } from '../words/keys.ts'
import { Dialog } from './dialog.tsx'

export function KeysDialog({ onClose }: { onClose(): void }): JSX.Element {
  return (
    <Dialog title={keyWords.title} onClose={onClose}>
      <dl class="keys">
        {keyWords.keys.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <button type="button" class="button" autofocus onClick={onClose}>
          {keyWords.close}
        </button>
      </div>
    </Dialog>
  )
}
