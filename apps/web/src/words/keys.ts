/** The keys of a room and what they do. */
import { type Translatable, translatable, wordsFor } from './translatable.ts'

const keyEnglish = {
  title: 'Keyboard',
  close: 'Close',
  open: 'Keyboard shortcuts',
  /** Of keys that have a name on them. */
  names: { Ctrl: 'Ctrl', Shift: 'Shift', Enter: 'Enter' },
  keys: [
    [['↑'], 'In an empty message: change your last one'],
    [['Esc'], 'Leave a change, then an answer; in the messages: all is read'],
    [['@'], 'Mention somebody; ↑ ↓ choose, Tab takes'],
    [['↑', '↓'], 'In the messages: from one to the next'],
    [['Enter'], 'At a message: react, reply, change, more; ← → go along'],
    [['Page Up', 'Page Down'], 'In the messages: a page up or down'],
  ] as readonly (readonly [readonly string[], string])[],
} as const

export const keyWords: Translatable<typeof keyEnglish> = translatable('keyWords', keyEnglish)

/** As it is written on the keyboard of who reads this language. */
export function keyName(key: string): string {
  return wordsFor(keyWords.names, key) ?? key
}
