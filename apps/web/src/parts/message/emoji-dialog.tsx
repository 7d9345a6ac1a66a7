/** Emoji to react with, to be looked for by name. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { messageWords } from '../../words/messages.ts'
import { isComposing } from '../compose/typing.ts'
import { Dialog } from '../dialog.tsx'
import { emojiByName, groups } from './emoji.ts'

interface Props {
  onPick(sign: string): void
  onClose(): void
}

export function EmojiDialog({ onPick, onClose }: Props): JSX.Element {
  const [words, setWords] = useState('')
  const found = emojiByName(words)
  const shown = words.trim() === '' ? groups : [{ name: '', emoji: found }]
  return (
    <Dialog title={messageWords.react} onClose={onClose}>
      <input
        type="search"
        class="input"
        autofocus
        autocomplete="off"
        aria-label={messageWords.search}
        placeholder={messageWords.search}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !isComposing(event) && found[0]) onPick(found[0].sign)
        }}
      />
      <div class="emoji-list">
        {shown.map(({ name, emoji }) => (
          <fieldset key={name} class="emoji-group" aria-label={name || messageWords.search}>
            {name !== '' && <p aria-hidden="true">{name}</p>}
            {emoji.map(({ sign, names }) => (
              <button
                key={sign}
                type="button"
                class="tool sign"
                aria-label={names}
                title={names}
                onClick={() => onPick(sign)}
              >
                {sign}
              </button>
            ))}
          </fieldset>
        ))}
        <p role="status">{words.trim() !== '' && found.length === 0 && messageWords.nothingFound}</p>
      </div>
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          {messageWords.close}
        </button>
      </div>
    </Dialog>
  )
}
