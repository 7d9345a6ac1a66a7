/** Words for what somebody asked of the room and waits for. */
import type { WishView } from '../client-gate.ts'
import { type Translatable, translatable } from './translatable.ts'

/** What was asked for, by its kind. */
const wishNamesEnglish: Record<WishView['kind'], string> = {
  invite: 'Make a link',
  'end-link': 'End a link',
  'let-in': 'Let somebody in',
  'put-out': 'Put somebody out',
  'remove-device': 'Remove a device of yours',
  settings: 'Change the room',
  admin: 'Change who is an admin',
  owner: 'Hand the room over',
  end: 'End the room',
}

export const wishNames: Translatable<typeof wishNamesEnglish> = translatable('wishNames', wishNamesEnglish)

const wishEnglish = {
  title: 'What waits for the connection',
  waits: (what: string): string => `${what}: waits for the connection.`,
  help: 'This goes out by itself once the connection is back, for a day at most and while this page stays open.',
  cancel: 'Cancel',
  cancelLabel: (what: string): string => `Cancel: ${what}`,
  onItsWay: 'It may be on its way already and cannot be taken back.',
} as const

export const wishWords: Translatable<typeof wishEnglish> = translatable('wishWords', wishEnglish)
