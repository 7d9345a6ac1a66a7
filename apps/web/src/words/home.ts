/** Words of the start page. */
import { type Translatable, translatable } from './translatable.ts'

const homeEnglish = {
  title: 'QSEC',
  sentence:
    'A private group chat in the browser. Only the people in a room can read it; the server that carries it cannot.',
  name: 'Your name',
  nameMissing: 'Type a name; the others in the room will see it.',
  room: 'Room ID',
  roomHint: 'A word makes or joins an open room. An invite link works here too.',
  roomNotUnderstood: 'A Room ID has 1 to 20 letters, digits, hyphens or underscores. A whole invite link works too.',
  roomElsewhere: (host: string): string => `That link leads to another server, ${host}. Open it in its own tab.`,
  expected: 'Expected people',
  expectedHint: 'The room admits no more than these.',
  expectedBad: 'Type a whole number from 1 to 1,000, or leave the field empty.',
  optional: 'optional',
  create: 'Create room',
  join: 'Join room',
  creating: 'Making the keys of your room…',
  noRoom: 'The room could not be made.',
  seesTitle: 'What the server sees',
  sees: 'Which devices are connected to which room, when, and how much they send. Never what you write, nor your name.',
  openIsOpen: 'An open room lets in whoever has its word, and whoever runs the server could enter too.',
  device: 'This device',
  about: 'About this page',
  closedIsClosed: 'You get a closed room: its link alone opens it.',
} as const

export const homeWords: Translatable<typeof homeEnglish> = translatable('homeWords', homeEnglish)
