/** Lets a finger answer a message by drawing it aside, where there are fingers. */
import { useEffect, useRef } from 'preact/hooks'
import type { MessageView, TimelineItem } from '../../client-gate.ts'
import { isSaid, type MessageActions } from '../message/actions.ts'

export function useSwipe(
  log: { current: HTMLElement | null },
  items: readonly TimelineItem[],
  actions: MessageActions | undefined,
): void {
  const newest = useRef({ items, actions })
  newest.current = { items, actions }
  useEffect(() => {
    if (navigator.maxTouchPoints === 0) return
    const find = (key: string): MessageView | undefined => {
      const item = newest.current.items.find((one) => one.key === key)
      return item?.kind === 'message' && isSaid(item) && newest.current.actions ? item : undefined
    }
    const ending = new AbortController()
    import('./swipe.ts')
      .then(({ replyBySwipe }) => {
        if (log.current && !ending.signal.aborted) {
          replyBySwipe(log.current, ending.signal, find, (message) => newest.current.actions?.reply(message))
        }
      })
      // Without it a long press still leads to the same answer, and the next page that is opened asks again.
      .catch(() => undefined)
    return () => ending.abort()
  }, [])
}
