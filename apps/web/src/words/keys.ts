/** The keys of a room and what they do. */
import { type Translatable, translatable } from './translatable.ts'

const keyEnglish = {
  title: 'Keyboard',
  close: 'Close',
  open: 'Keyboard shortcuts',
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
