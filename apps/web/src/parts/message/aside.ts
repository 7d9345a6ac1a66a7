/** Fetched in one piece: see `fetched-messages.ts`. */

export { LifetimeChoice } from '../compose/lifetime-choice.tsx'
export { Mentioning } from '../compose/mentioning.tsx'
export { EmojiDialog } from './emoji-dialog.tsx'
export { Lifetime } from './lifetime.tsx'
export { MessageDetails } from './message-details.tsx'
export { ReactionsDialog } from './reactions-dialog.tsx'
export { RemoveMessage } from './remove-message.tsx'
export { Tools } from './tools.tsx'
export { TouchHint } from './touch-hint.tsx'
