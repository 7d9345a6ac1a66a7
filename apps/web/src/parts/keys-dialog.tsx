/** What the keyboard does in a room. */

import { commandNames } from '@qsec/client/commands'
import type { JSX } from 'preact'
import { keysOf, type ShortcutId } from '../commands/shortcuts.ts'
import { commandWords, shortcutWords, slashWords } from '../words/commands.ts'
import { keyWords } from '../words/keys.ts'
import { Dialog } from './dialog.tsx'

export function KeysDialog({ onClose }: { onClose(): void }): JSX.Element {
  return (
    <Dialog title={keyWords.title} onClose={onClose}>
      <dl class="keys">
        {[...everywhere(), ...keyWords.keys].map(([keys, does]) => (
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
      <h3>{commandWords.slashes}</h3>
      <dl class="keys">
        {commandNames.map((name) => (
          <div key={name}>
            <dt>
              <code>/{name}</code>
            </dt>
            <dd>{slashWords.does[name]}</dd>
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

/** The keys of the whole room, from the list by which the page listens. */
function everywhere(): [readonly string[], string][] {
  const ids: ShortcutId[] = ['search', 'palette']
  return ids.map((id) => [keysOf(id), shortcutWords[id]])
}
