/** Fetched in one piece: see `fetched-messages.ts`. */
export { Mentioning } from '../compose/mentioning.tsx'
export { EmojiDialog } from './emoji-dialog.tsx'
export { ReactionsDialog } from './reactions-dialog.tsx'
export { RemoveMessage } from './remove-message.tsx'
export { Tools } from './tools.tsx'
