/** Emoji to react with, to be looked for by name. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { speakEmoji } from '../../language/emoji-words.ts'
import { language } from '../../language/language.ts'
import type { LanguageCode } from '../../language/languages.ts'
import { emojiWords } from '../../words/emoji.ts'
import { messageWords } from '../../words/messages.ts'
import { isComposing } from '../compose/typing.ts'
import { Dialog } from '../dialog.tsx'
import { emojiByName, emojiGroups } from './emoji.ts'

interface Props {
  onPick(sign: string): void
  onClose(): void
}

export function EmojiDialog({ onPick, onClose }: Props): JSX.Element | null {
  const [words, setWords] = useState('')
  const [named, setNamed] = useState<LanguageCode>('en')
  const code = language.value
  useEffect(() => {
    void speakEmoji(code).then(() => setNamed(code))
  }, [code])
  // Names of another language are not shown in between.
  if (named !== code) return null
  const found = emojiByName(words)
  const shown = words.trim() === '' ? emojiGroups() : [{ name: '', emoji: found }]
  return (
    <Dialog title={messageWords.react} onClose={onClose}>
      <input
        type="search"
        class="input"
        autofocus
        autocomplete="off"
        aria-label={emojiWords.search}
        placeholder={emojiWords.search}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !isComposing(event) && found[0]) onPick(found[0].sign)
        }}
      />
      <div class="emoji-list">
        {shown.map(({ name, emoji }) => (
          <fieldset key={name} class="emoji-group" aria-label={name || emojiWords.search}>
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
        <p role="status">{words.trim() !== '' && found.length === 0 && emojiWords.nothingFound}</p>
      </div>
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          {messageWords.close}
        </button>
      </div>
    </Dialog>
  )
}
