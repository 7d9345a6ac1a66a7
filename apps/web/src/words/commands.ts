/** Words about commands: the list of all that can be done, and what is typed behind a slash. */
import type { CommandName } from '@qsec/client/commands'
import { type Translatable, translatable } from './translatable.ts'

const commandEnglish = {
  title: 'Commands',
  field: 'Command',
  list: 'What can be done here',
  slashes: 'Commands in the message field',
  count: (count: number): string => (count === 1 ? '1 command' : `${count} commands`),
  none: 'No command of that name.',
  close: 'Close',
  search: 'Search messages',
  day: 'Jump to a day',
  latest: 'Jump to latest',
  invite: 'Invite people',
  editLast: 'Change my last message',
  openDetails: 'Open room details and settings',
  closeDetails: 'Close room details',
  verify: 'Verify who is here',
  verifyPerson: (name: string): string => `Verify ${name}`,
  person: (name: string): string => `Who is ${name}`,
  keys: 'Keyboard shortcuts',
  enterSends: 'Let Enter send the message',
  enterBreaks: 'Let Enter break the line',
  clear: 'Clear the view',
  unclear: 'Show the cleared messages again',
  lock: 'Lock the room',
  unlock: 'Unlock the room',
  exchange: 'Run key exchange',
  eavesdropperOn: 'Simulate eavesdropper',
  eavesdropperOff: 'Stop simulating the eavesdropper',
  typingOn: 'Tell others when I am typing',
  typingOff: 'Do not tell others when I am typing',
  readOn: 'Tell others what I have read',
  readOff: 'Do not tell others what I have read',
  profileOn: 'Tell this room that it is me',
  profileOff: 'Do not tell this room that it is me',
  linkDevice: 'Link another device',
  exportRoom: 'Export this room’s messages',
  closeRoom: 'Close this room and go on in a closed one',
  device: 'This device: storage, passphrase, backup',
  leave: 'Leave room',
  failed: 'It was not done.',
  enterSwitch: 'Enter sends the message',
  enterHelp:
    'Otherwise Enter breaks the line. Ctrl or Cmd with Enter always sends, Shift with Enter never. Kept in this browser.',
} as const

export const commandWords: Translatable<typeof commandEnglish> = translatable('commandWords', commandEnglish)

const does: Readonly<Record<CommandName, string>> = {
  help: 'Show keys and commands',
  me: 'Say what you do: /me waves',
  search: 'Search messages: /search words',
  clear: 'Clear the view on this screen',
  invite: 'Show the invite link',
  verify: 'Verify somebody: /verify name',
  lock: 'Lock the room: nobody new comes in',
  unlock: 'Unlock the room',
  title: 'Name the room: /title Book club',
  leave: 'Leave the room',
  nick: 'Why your name stays as it is',
}

const slashEnglish = {
  list: 'Commands',
  count: (count: number): string => (count === 1 ? '1 command matches' : `${count} commands match`),
  unknown: (name: string): string =>
    `There is no command /${name}, so nothing was sent. To send the text as it stands, begin it with two slashes.`,
  meNothing: 'Say what you do, as in “/me waves”. Nothing was sent.',
  nick: 'Your name is signed with your keys and stays as it is in this room. To have another one, leave the room and come in again by an invite.',
  lockNo: 'Only who may change the room’s settings can lock it. Nothing was sent.',
  titleNo: 'Only who may change the room’s settings can name it. Nothing was sent.',
  titleNone: 'Type the name behind it: /title Book club. Nothing was sent.',
  locked: 'The room is locked already.',
  unlocked: 'The room is not locked.',
  verifyNobody: (name: string): string => `Nobody here is called ${name}.`,
  inviteNo: 'There is no link to give to others now.',
  notNow: 'This cannot be done while you are not in the room.',
  does: does as Readonly<Record<CommandName, string>>,
} as const

export const slashWords: Translatable<typeof slashEnglish> = translatable('slashWords', slashEnglish)

/** What the view of this screen was cleared of. */
const clearedEnglish = {
  title: 'You cleared the view.',
  help: 'Nothing was deleted: the messages are still on this device and on those of the others. They are shown again after a reload.',
  show: 'Show them again',
} as const

export const clearedWords: Translatable<typeof clearedEnglish> = translatable('clearedWords', clearedEnglish)

/** What a key does anywhere in a room: see `commands/shortcuts.ts`. */
export type ShortcutId = 'keys' | 'search' | 'palette'

/** The keys of the whole room, in the list that `?` shows. */
const shortcutEnglish: Readonly<Record<ShortcutId | 'send' | 'newLine' | 'slash', string>> = {
  keys: 'Show this list',
  search: 'Search messages; once more in there, the browser’s own search',
  palette: 'All commands by name',
  send: 'Send',
  newLine: 'New line',
  slash: 'At the beginning of a message: a command; two slashes send one',
}

export const shortcutWords: Translatable<typeof shortcutEnglish> = translatable('shortcutWords', shortcutEnglish)
