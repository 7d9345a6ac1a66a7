/**
 * Where the unread divider stands. It is fixed when the person comes, or comes back to the page, and stays until they leave
 * again or say that all is read: what comes while they look moves nothing.
 */
import type { TimelineItem } from '../../client-gate.ts'
import { isYou } from '../../words/people.ts'

export interface Unread {
  /** Key of the first message that was not seen. */
  key: string
  count: number
}

/**
 * What others said behind the item of that key; without one, nothing is known and nothing is unread.
 *
 * @param beforeMs - later messages are none of those that were missed
 */
export function unreadAfter(
  items: readonly TimelineItem[],
  seen: string | undefined,
  beforeMs: number = Number.POSITIVE_INFINITY,
): Unread | undefined {
  if (seen === undefined) return undefined
  const at = items.findLastIndex(({ key }) => key === seen)
  // What was seen last is not held: it stands before everything that is.
  const missed = items
    .slice(at + 1)
    .filter((item) => item.kind === 'message' && !isYou(item.author) && !item.deleted && item.atMs < beforeMs)
  return missed[0] && { key: missed[0].key, count: missed.length }
}
