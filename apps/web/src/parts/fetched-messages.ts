/** What is done with messages, fetched in one piece when it is first wanted, or a moment after the room has opened. */
import type { FunctionComponent } from 'preact'
import { lazy } from './lazy.tsx'
import { Plain } from './message/plain.tsx'

type Part = typeof import('./message/aside.ts')
type Of<K extends keyof Part> = FunctionComponent<Parameters<Part[K]>[0]>

const part = (): Promise<Part> => import('./message/aside.ts')
/** Marked text, with what reads it. Until that is here, and where it cannot be had, the words stand as they were written. */
export const Rich: FunctionComponent<Parameters<typeof Plain>[0]> = lazy(
  async () => (await import('../markup/rich.tsx')).Rich,
  { meanwhile: Plain },
)

const closing = { onFailed: ({ onClose }: { onClose(): void }) => onClose() }

export const Lifetime: Of<'Lifetime'> = lazy(async () => (await part()).Lifetime)
export const LifetimeChoice: Of<'LifetimeChoice'> = lazy(async () => (await part()).LifetimeChoice)
export const Tools: Of<'Tools'> = lazy(async () => (await part()).Tools)
export const TouchHint: Of<'TouchHint'> = lazy(async () => (await part()).TouchHint)
export const EmojiDialog: Of<'EmojiDialog'> = lazy(async () => (await part()).EmojiDialog, closing)
export const MessageDetails: Of<'MessageDetails'> = lazy(async () => (await part()).MessageDetails, closing)
export const ReactionsDialog: Of<'ReactionsDialog'> = lazy(async () => (await part()).ReactionsDialog, closing)
export const RemoveMessage: Of<'RemoveMessage'> = lazy(async () => (await part()).RemoveMessage, closing)
export const Mentioning: Of<'Mentioning'> = lazy(async () => (await part()).Mentioning)

export function fetchMessagesAhead(): void {
  // What cannot be had is said where it is wanted.
  Promise.all([part(), import('../markup/rich.tsx')]).catch(() => undefined)
}
