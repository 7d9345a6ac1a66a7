/** Words for closing an open room: what it does, whom it invites, and where the conversation goes on. */
import type { InvitedView, PersonView, SuccessorView } from '../client-gate.ts'
import { type Translatable, translatable } from './translatable.ts'

/** So many live links a closed room holds besides its own. */
export const invitedAtMost = 15

const closeEnglish = {
  open: 'Close this room…',
  openHelp: 'Go on in a private room, with people whom you choose.',
  title: 'Close this room?',
  help: [
    'A new closed room is made, with you in it. Everybody you tick gets an invitation that serves them alone, for 7 days.',
    'What was said here does not go along. Anybody with the address could come in here: tick whom you know, best whom you verified.',
  ],
  who: 'Whom you invite',
  nobodyHere: 'Nobody else is here. Make a closed room on the start page instead.',
  end: 'End the open room now',
  endHelp: 'Once everybody ticked was invited. Nobody can write here then; what was said stays readable.',
  go: 'Close the room',
  goOn: 'Try again',
  cancel: 'Cancel',
  later: 'Back to messages',
  nobody: 'Tick somebody to invite.',
  tooMany: 'Tick 15 people at most. More can be invited from the closed room.',
  working: 'Making the closed room and inviting people. This takes a moment.',
  done: 'The closed room is ready.',
  ended: 'The open room has ended.',
  notEnded: 'The open room is still there. You can end it in Room details.',
  failed:
    'Not everybody could be invited, so the open room was not ended. What was done stays done: try again, or go on without them.',
  endAnyway: 'End the open room anyway',
} as const

export const closeWords: Translatable<typeof closeEnglish> = translatable('closeWords', closeEnglish)

export type Progress = InvitedView['state'] | 'waiting' | 'refused'

/** How far somebody's invitation has come. */
function progressEnglish(progress: Progress, present: boolean): string {
  switch (progress) {
    case 'waiting':
      return 'not invited yet'
    case 'sending':
      return 'invitation on its way'
    case 'handed':
      return present ? 'invited' : 'away: the invitation waits at the server for up to a day'
    case 'taken':
      return 'has the invitation'
    case 'lost':
    case 'refused':
      return 'not invited'
  }
}

export const progressWords: Translatable<typeof progressEnglish> = translatable('progressWords', progressEnglish)

const successorEnglish = {
  region: 'Where this room goes on',
  invites: (name: string): string => `${name} closed this room and invites you to a private one.`,
  own: 'You made a closed room to take the place of this one.',
  join: 'Join the closed room',
  enter: 'Go to the closed room',
} as const

export const successorWords: Translatable<typeof successorEnglish> = translatable('successorWords', successorEnglish)

export function successorSentence({ by }: Pick<SuccessorView, 'by'>, nameOf: (person: PersonView) => string): string {
  return by.self ? successorWords.own : successorWords.invites(nameOf(by))
}
