/** Words of being called while no page of the room is open. */
import { type Translatable, translatable } from './translatable.ts'

const pushEnglish = {
  on: 'Call me when this page is closed',
  help: 'For this room on this device. When somebody writes while the page is closed, the server has the push service of your browser’s maker call this browser. It works while the browser may run in the background.',
  learns: 'Who learns what, while this is on',
  service: 'The push service of your browser’s maker learns that this server calls this browser, and when.',
  server:
    'The server learns the push address of this browser, which is the same for all rooms where you switch this on here. While anybody in the room has it on, it also learns which sealed messages people wrote themselves.',
  nobody:
    'Nobody learns words, names or the room from it. The call is empty, and the notification says only that there are new messages.',
  mentions: 'The server cannot read who is mentioned: you are called for every message, not for mentions alone.',
  failed: 'That could not be switched.',
  faults: {
    impossible: 'This browser cannot be called for this page: it keeps no copy of the page, or has no push.',
    'old-page':
      'This browser still runs an older version of this page. Close all of its tabs, open it again and switch this on then.',
    'no-service': 'This browser has no connection to a push service, or does not want one.',
  },
  /** The whole of what a call shows. */
  called: 'New messages in a QSEC room',
} as const

export const pushWords: Translatable<typeof pushEnglish> = translatable('pushWords', pushEnglish)
