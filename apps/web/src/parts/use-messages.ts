/** What is under way about single messages: what is answered, changed, asked about, or to be shown. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { MessageView, RoomClient, TimelineItem } from '../client-gate.ts'
import { attempt } from '../problems.ts'
import { messageWords } from '../words/messages.ts'
import { problemWords } from '../words/problems.ts'
import type { MessageActions } from './message/actions.ts'

export interface Compose {
  replyTo: MessageView | undefined
  editing: MessageView | undefined
  edit(message: MessageView): void
  noReply(): void
  noEdit(): void
}

/** What is to be shown, and a number that rises with each wish; `focus`: it gets that too. */
export interface Wanted {
  key: string
  wish: number
  focus?: boolean
}

interface Asked {
  what: 'react' | 'reactions' | 'details' | 'remove'
  message: MessageView
}

interface Messages {
  /** Absent where nothing can be done with messages now. The same object as long as that is so. */
  actions: MessageActions | undefined
  asked: Asked | undefined
  endAsk(): void
  compose: Compose
  wanted: Wanted | undefined
  /** Brings a message into sight and gives it the focus; `end` is the end of the conversation. False: it is not here. */
  goTo(key: string): Promise<boolean>
}

/** @param onGo - called before a message is brought into sight */
export function useMessages(
  client: RoomClient,
  canWrite: boolean,
  items: readonly TimelineItem[],
  onGo: () => void,
): Messages {
  const [replyTo, setReplyTo] = useState<MessageView | undefined>(() => begunReply(client))
  const [editing, setEditing] = useState<MessageView>()
  const [asked, setAsked] = useState<Asked>()
  const [wanted, setWanted] = useState<Wanted>()
  const wishes = useRef(0)

  // What disappears takes along what was about to be done with it.
  useLayoutEffect(() => {
    const isGone = (one: MessageView | undefined): boolean =>
      one?.lifetime !== undefined && !items.some(({ key }) => key === one.key)
    if (isGone(replyTo)) setReplyTo(undefined)
    if (isGone(editing)) setEditing(undefined)
    if (isGone(asked?.message)) setAsked(undefined)
  }, [items])

  const actions = useMemo<MessageActions | undefined>(() => {
    if (!canWrite) return undefined
    return {
      retry: (key) => attempt(client.retry(key), problemWords.noRetry),
      discard: (key) => attempt(client.discard(key), problemWords.noDelete),
      react: ({ key }, sign, on) => attempt(client.react(key, sign, on), messageWords.noReaction),
      ask: (what, message) => setAsked({ what, message }),
      reply: setReplyTo,
      edit: setEditing,
      jump: (key) => attempt(goTo(key, false), ''),
    }
  }, [client, canWrite])

  async function goTo(key: string, focus = true): Promise<boolean> {
    const there = key === 'end' || (await client.showFrom(key))
    if (there && key !== 'end') onGo()
    if (there) setWanted({ key, wish: ++wishes.current, focus })
    return there
  }

  return {
    actions,
    asked,
    endAsk: () => setAsked(undefined),
    compose: {
      replyTo,
      editing,
      edit: setEditing,
      noReply: () => setReplyTo(undefined),
      noEdit: () => setEditing(undefined),
    },
    wanted,
    goTo,
  }
}

/** The message that the kept draft answers, where it is among those that are held. */
function begunReply({ snapshot }: RoomClient): MessageView | undefined {
  const key = snapshot.reading.draft?.replyTo
  const item = key === undefined ? undefined : snapshot.timeline.find((one) => one.key === key)
  return item?.kind === 'message' ? item : undefined
}
