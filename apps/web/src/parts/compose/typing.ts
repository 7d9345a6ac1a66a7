/** Keys on their way to the composer. */

/** On glass, Enter breaks the line and the button sends. */
export function touch(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(hover: none) and (pointer: coarse)').matches
}

/** Whether a key pressed anywhere on the page is the beginning of a message. */
export function startsMessage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false
  if (event.key.length !== 1 || event.key === ' ' || isQuestionMark(event)) return false
  return !isUsed(event.target)
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
