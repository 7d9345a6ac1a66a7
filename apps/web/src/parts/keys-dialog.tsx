/** What the keyboard does in a room. */

import { commandNames } from '@qsec/client/commands'
import type { JSX } from 'preact'
import { enterSends } from '../commands/enter.ts'
import { keysOf, type ShortcutId } from '../commands/shortcuts.ts'
import { commandWords, shortcutWords, slashWords } from '../words/commands.ts'
import { keyName, keyWords } from '../words/keys.ts'
import { Dialog } from './dialog.tsx'

export function KeysDialog({ onClose }: { onClose(): void }): JSX.Element {
  return (
    <Dialog title={keyWords.title} onClose={onClose}>
      <dl class="keys">
        {[...everywhere(), ...keyWords.keys].map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{keyName(key)}</kbd>
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
              <code dir="ltr">/{name}</code>
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

type Keys = readonly [readonly string[], string]

/** The keys of the whole room, from the list by which the page listens, and those of the message field as they are set. */
function everywhere(): Keys[] {
  const ids: ShortcutId[] = ['keys', 'search', 'palette']
  const mod = keysOf('search')[0]!
  const [send, newLine] = enterSends() ? [['Enter'], ['Shift', 'Enter']] : [[mod, 'Enter'], ['Enter']]
  return [
    ...ids.map((id): Keys => [keysOf(id), shortcutWords[id]]),
    [send, shortcutWords.send],
    [newLine, shortcutWords.newLine],
    [['/'], shortcutWords.slash],
  ]
}
