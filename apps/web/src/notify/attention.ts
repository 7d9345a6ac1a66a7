/**
 * Calls somebody back to the room who looks elsewhere: by a number in the title and on the icon, and by notifications where
 * they chose them. What comes while the room is looked at calls nobody.
 */
import type { MessageView, RoomClient, TimelineItem } from '../client-gate.ts'
import { unreadAfter } from '../parts/timeline/unread.ts'
import { attempt } from '../problems.ts'
import { noticeWords } from '../words/notify.ts'
import { namerOf } from '../words/people.ts'
import { problemWords } from '../words/problems.ts'
import { isWanted, lastReceived, lastSettled, receivedAfter } from './arrivals.ts'
import { badge } from './badge.ts'
import { closeNotices, onNoticeClicked, showNotice } from './notices.ts'
import { unreadCount } from './unread-count.ts'

/** What comes within this time is one notification. */
const gatherMs = 400

/**
 * @param jump - brings a message into view
 * @param since - when the room was opened: whether it was looked at, and what stood there
 * @returns what ends it
 */
export function callBack(
  client: RoomClient,
  jump: (key: string) => void,
  { wasSeen, before }: { wasSeen: boolean; before: readonly TimelineItem[] },
): () => void {
  const ended = new AbortController()
  const { signal } = ended
  const { timeline, reading } = client.snapshot
  // Where nothing stood there yet, the history was still on its way.
  const known = before.length > 0 ? before : timeline
  let received = lastReceived(known)
  let seen = wasSeen || isLookedAt() ? lastSettled(known) : (reading.seen ?? lastSettled(timeline))
  let waiting: MessageView[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const { address, self } = client.snapshot
  const tag = `qsec ${address} ${self.device}`

  const look = (): void => {
    const { timeline: items, reading: now } = client.snapshot
    const arrived = receivedAfter(items, received)
    received = lastReceived(items)
    if (isLookedAt()) {
      if (unreadCount.value > 0 || waiting.length > 0) void closeNotices(tag)
      seen = lastSettled(items) ?? seen
      waiting = []
    } else waiting.push(...arrived.filter((message) => isWanted(message, now.notify)))
    unreadCount.value = unreadAfter(items, seen)?.count ?? 0
    if (waiting.length > 0) timer ??= setTimeout(call, gatherMs)
  }

  const call = (): void => {
    timer = undefined
    const newest = waiting.at(-1)
    const { people, reading: now } = client.snapshot
    if (newest === undefined || isLookedAt()) return
    const words = noticeWords(newest, waiting.length, now.notify.content, namerOf(people))
    void showNotice({
      ...words,
      tag,
      room: address,
      key: waiting[0]!.key,
      silent: !now.notify.sound,
    })
  }

  const stopBadge = badge(unreadCount)
  const stopPush = keepPushFor(client)
  const stopHearing = client.subscribe(look)
  onNoticeClicked(({ tag: clicked, key }) => {
    if (clicked !== tag) return
    // They come: what was to call them calls no more.
    clearTimeout(timer)
    timer = undefined
    waiting = []
    jump(key)
  }, signal)
  for (const [target, name] of [
    [document, 'visibilitychange'],
    [window, 'focus'],
    [window, 'blur'],
  ] as const) {
    target.addEventListener(name, look, { signal })
  }
  look()
  return () => {
    ended.abort()
    clearTimeout(timer)
    stopHearing()
    unreadCount.value = 0
    stopBadge()
    stopPush()
    void closeNotices(tag)
  }
}

/** Its part is fetched for a room that is called for, or whose server says that it calls this device. */
function keepPushFor(client: RoomClient): () => void {
  let stop: (() => void) | undefined
  let ended = false
  let fetching = false
  const look = (): void => {
    const { push, reading } = client.snapshot
    if (fetching || push === undefined || (!push.on && reading.notify.push !== true)) return
    fetching = true
    stopHearing()
    attempt(
      import('./push.ts').then(({ keepPush }) => {
        stop = keepPush(client)
        if (ended) stop()
      }),
      problemWords.noPart,
    )
  }
  const stopHearing = client.subscribe(look)
  look()
  return () => {
    ended = true
    stopHearing()
    stop?.()
  }
}

function isLookedAt(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}
