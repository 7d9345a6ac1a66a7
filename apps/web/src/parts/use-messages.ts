/** What is under way about single messages: what is answered, changed, asked about, or to be shown. */
import { useMemo, useRef, useState } from 'preact/hooks'
import type { MessageView, RoomClient } from '../client-gate.ts'
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

interface Asked {
  what: 'react' | 'reactions' | 'remove'
  message: MessageView
}

interface Messages {
  /** Absent where nothing can be done with messages now. The same object as long as that is so. */
  actions: MessageActions | undefined
  asked: Asked | undefined
  endAsk(): void
  compose: Compose
  wanted: { key: string; wish: number } | undefined
  /** Brings a message into view. */
  jump(key: string): Promise<void>
}

export function useMessages(client: RoomClient, canWrite: boolean): Messages {
  const [replyTo, setReplyTo] = useState<MessageView | undefined>(() => begunReply(client))
  const [editing, setEditing] = useState<MessageView>()
  const [asked, setAsked] = useState<Asked>()
  const [wanted, setWanted] = useState<{ key: string; wish: number }>()
  const wishes = useRef(0)

  const actions = useMemo<MessageActions | undefined>(() => {
    if (!canWrite) return undefined
    return {
      retry: (key) => attempt(client.retry(key), problemWords.noRetry),
      discard: (key) => attempt(client.discard(key), problemWords.noDelete),
      react: ({ key }, sign, on) => attempt(client.react(key, sign, on), messageWords.noReaction),
      ask: (what, message) => setAsked({ what, message }),
      reply: setReplyTo,
      edit: setEditing,
      jump: (key) => attempt(jump(key), ''),
    }
  }, [client, canWrite])

  async function jump(key: string): Promise<void> {
    if (await client.showFrom(key)) setWanted({ key, wish: ++wishes.current })
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
    jump,
  }
}

/** The message that the kept draft answers, where it is among those that are held. */
function begunReply({ snapshot }: RoomClient): MessageView | undefined {
  const key = snapshot.reading.draft?.replyTo
  const item = key === undefined ? undefined : snapshot.timeline.find((one) => one.key === key)
  return item?.kind === 'message' ? item : undefined
}
