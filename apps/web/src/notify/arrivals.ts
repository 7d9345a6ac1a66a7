/** Which messages are new, and of which of them a person wants to hear. Pure. */
import type { MessageView, NotifyChoice, TimelineItem } from '../client-gate.ts'
import { isYou } from '../words/people.ts'

/** What others said behind the one of that key, the oldest first; without a key, everything that they said. */
export function receivedAfter(items: readonly TimelineItem[], key: string | undefined): MessageView[] {
  const at = key === undefined ? -1 : items.findLastIndex((item) => item.key === key)
  // Then it is not held any more, and nothing says what came after it.
  if (key !== undefined && at < 0) return []
  return items.slice(at + 1).filter(isReceived)
}

export function lastReceived(items: readonly TimelineItem[]): string | undefined {
  return items.findLast(isReceived)?.key
}

/** What stays where it is: an own message that is on its way can still move, or go. */
export function lastSettled(items: readonly TimelineItem[]): string | undefined {
  return items.findLast((item) => item.kind === 'system' || !item.author.self)?.key
}

function isReceived(item: TimelineItem): item is MessageView {
  return item.kind === 'message' && item.state === 'received' && !isYou(item.author)
}

/** What is said to one person alone means that person: it calls as a mention does. */
export function isWanted({ mentionsYou, privately, deleted }: MessageView, { about }: NotifyChoice): boolean {
  if (deleted) return false
  switch (about) {
    case 'all':
      return true
    case 'mentions':
      return mentionsYou === true || privately !== undefined
    case 'none':
      return false
  }
}
