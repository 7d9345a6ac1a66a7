/** Words for what went wrong outside a conversation. */
import { type Translatable, translatable } from './translatable.ts'

const problemEnglish = {
  unexpected: 'Something went wrong on this page. If it does not go on, reload the page.',
  dismiss: 'Dismiss',
  broken: 'This page has come to a stop',
  brokenHelp:
    'An error in the page itself. What you have sent is stored safely; reloading brings you back to the room.',
  reload: 'Reload the page',
  noVerify: 'The verification could not be noted.',
  noTell: 'The switch could not be turned.',
  noSend: 'The message could not be stored, so it stands in the field again.',
  noRetry: 'The message could not be tried again.',
  noDelete: 'The message could not be deleted.',
  noSwitch: 'The eavesdropper could not be switched.',
  noLeave: 'The room could not be left.',
  noPart:
    'A part of this page could not be loaded, or it was changed and is therefore not run. Look at the connection and reload the page. If it stays so, tell whoever runs this server.',
  noRun: 'The key exchange could not be started.',
} as const

export const problemWords: Translatable<typeof problemEnglish> = translatable('problemWords', problemEnglish)
