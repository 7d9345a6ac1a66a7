/** Whether Enter sends or breaks the line: as this person chose on this device, or as its keyboard suggests. */
import { type Signal, signal } from '@preact/signals'
import { isComposing, touch } from '../parts/compose/typing.ts'

const place = 'qsec:enter'

/** Undefined: nobody has chosen. */
const chosen: Signal<boolean | undefined> = signal(stored())

function stored(): boolean | undefined {
  const value = typeof localStorage === 'undefined' ? null : localStorage.getItem(place)
  return value === 'sends' ? true : value === 'breaks' ? false : undefined
}

export function enterSends(): boolean {
  // On glass there is a button beside it, and no other way to break the line.
  return chosen.value ?? !touch()
}

export function chooseEnter(sends: boolean): void {
  chosen.value = sends
  localStorage.setItem(place, sends ? 'sends' : 'breaks')
}

/** Whether that key press sends. With Ctrl or Cmd it always does, with Shift never. */
export function isSending(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return false
  return event.ctrlKey || event.metaKey || enterSends()
}
