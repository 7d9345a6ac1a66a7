/** Whether this device still has to say what fingers do with a message: until a person has read it here. */
import { type Signal, signal } from '@preact/signals'
import type { TimelineItem } from '../../client-gate.ts'
import { touch } from '../compose/typing.ts'
import { isSaid } from './actions.ts'

const place = 'qsec:touch-hint'

const isRead: Signal<boolean> = signal(typeof localStorage !== 'undefined' && localStorage.getItem(place) === 'read')

/** Only where there is something to touch. */
export function isTouchHintDue(timeline: readonly TimelineItem[]): boolean {
  return !isRead.value && touch() && timeline.some((item) => item.kind === 'message' && isSaid(item))
}

export function putAwayTouchHint(): void {
  isRead.value = true
  localStorage.setItem(place, 'read')
}
