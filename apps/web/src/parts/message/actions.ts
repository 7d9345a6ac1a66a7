/** What can be done with a message. The conversation makes these once, so that what was drawn stays as it is. */
import type { MessageView } from '../../client-gate.ts'

export interface MessageActions {
  retry(key: string): void
  discard(key: string): void
  react(message: MessageView, sign: string, on: boolean): void
  /** Opens what asks first, or tells more: all emoji, who reacted, its times, whether it is to be deleted. */
  ask(what: 'react' | 'reactions' | 'details' | 'remove', message: MessageView): void
  reply(message: MessageView): void
  edit(message: MessageView): void
  /** Brings the message of that key into sight. */
  jump(key: string): void
}

/** Whether others know of the message, so that something can be done with it. */
export function isSaid({ state, deleted }: MessageView): boolean {
  return !deleted && state !== 'not-sent'
}
