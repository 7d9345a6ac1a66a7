/** The keys that do something anywhere in a room: the one list that the page listens by and that `?` and the commands show. */
import { isQuestionMark, isUsed } from '../parts/compose/typing.ts'
import type { ShortcutId } from '../words/commands.ts'

export type { ShortcutId }

interface Shortcut {
  /** A small letter with `mod`, otherwise a question mark. */
  key: string
  /** With Ctrl, or Cmd on Apple's machines; otherwise alone, and only where no text is typed. */
  mod: boolean
}

const shortcuts: Readonly<Record<ShortcutId, Shortcut>> = {
  keys: { key: '?', mod: false },
  search: { key: 'f', mod: true },
  palette: { key: 'k', mod: true },
}

/** What that key asks for. In an open dialog nothing: there the browser's own search is at hand too. */
export function shortcutOf(event: KeyboardEvent): ShortcutId | undefined {
  if (event.isComposing || event.altKey || document.querySelector('dialog[open]') !== null) return undefined
  const withMod = isApple() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
  const bare = !event.ctrlKey && !event.metaKey
  const ids = Object.keys(shortcuts) as ShortcutId[]
  return ids.find((id) => {
    const { key, mod } = shortcuts[id]
    if (mod) return withMod && !event.shiftKey && isLetter(event, key)
    return isQuestionMark(event) && bare && !isUsed(event.target)
  })
}

/** By what the key writes; where that is no Latin letter, by its place on the keyboard. */
function isLetter({ key, code }: KeyboardEvent, letter: string): boolean {
  return /\p{Script=Latin}/u.test(key) ? key.toLowerCase() === letter : code === `Key${letter.toUpperCase()}`
}

/** The keys as they stand on the reader's keyboard. */
export function keysOf(id: ShortcutId): readonly string[] {
  const { key, mod } = shortcuts[id]
  return mod ? [isApple() ? '⌘' : 'Ctrl', key.toUpperCase()] : [key]
}

export function isApple(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/u.test(navigator.platform)
}
