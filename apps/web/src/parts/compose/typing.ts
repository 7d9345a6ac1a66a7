/** Keys on their way to the composer. */

/** On glass, Enter breaks the line and the button sends. */
export function touch(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(hover: none) and (pointer: coarse)').matches
}

/** Whether the key belongs to a word that is still being composed. Safari says so of its last Enter by the number alone. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}

/** Whether a key pressed anywhere on the page is the beginning of a message. */
export function startsMessage(event: KeyboardEvent): boolean {
  // Windows calls AltGr Ctrl and Alt: it types `@` and `€`.
  const withMod = (event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph')
  if (withMod || event.metaKey || isComposing(event)) return false
  if (event.key.length !== 1 || event.key === ' ' || isQuestionMark(event)) return false
  return !takesText(event.target)
}

/** Whether letters mean something there. Buttons and links have Space and Enter alone. */
export function takesText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog, [role="menu"]') !== null
}

/** Of whichever keyboard: it shows the keys. */
export function isQuestionMark({ key }: KeyboardEvent): boolean {
  return key === '?' || key === '؟'
}

/** Whether something that takes keys or text itself has the focus. */
export function isUsed(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest('input, textarea, select, button, a, dialog, [role="switch"]') !== null
}

export function insertAt(text: string, from: number, to: number, words: string): { text: string; caret: number } {
  return { text: text.slice(0, from) + words + text.slice(to), caret: from + words.length }
}
