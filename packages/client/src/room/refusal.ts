/** What a person asked of the room and cannot have: a code to branch on, and words to show. */

const words = {
  'may-not-remove': 'Only the owner and admins put people out, and only the owner puts out an admin.',
  'may-not-invite': 'Only the owner and admins make and end links here.',
  'may-not-change-room': 'Only the owner and admins change this, and some of it the owner alone.',
  'not-invited': 'Only the owner and admins let people in here.',
  'needs-approval': 'Only the owner and admins let people in here.',
  'room-locked': 'The room is locked. Unlock it to let somebody in.',
  'room-full': 'The room is full. Raise the number of people, or put somebody out first.',
  'not-a-member': 'That person is not in the room any more.',
  'not-own-device': 'Only its own person can do that with this device.',
  'link-rate-limited': 'There are several links for devices already. Wait ten minutes and try again.',
  'link-unavailable': 'The server holds too many such links now. Try again in ten minutes.',
  'room-ended': 'The room has ended.',
  'not-in-room': 'This device is not in the room just now. Try again once it is.',
  'no-answer': 'The server did not answer in time. Look at the connection and try again.',
  'wish-expired': 'This waited for a day and was given up. Ask for it again if it is still wanted.',
  'wish-cancelled': 'This was taken back before it went out.',
  'wish-on-its-way': 'This is on its way already and cannot be taken back.',
  'request-over': 'That request is over. Whoever asked has to ask again.',
  'may-not-close': 'Only who leads an open room closes it.',
  'private-reply': 'That message is for one person alone. Answer it to that person.',
  'own-person': 'That is a device of your own.',
  'quantum-required': 'This room wants quantum keys under all that is said, and words for one person have none.',
  'bad-successor': 'That is not a link of the closed room that was made for this one.',
  'not-reached': 'No private line to that person could be opened just now. Try again.',
  'not-handed': 'The invitation has not reached the server yet. Try again once the connection is back.',
  'successor-elsewhere': 'The closed room is open in another tab. Close that tab, then try again.',
  'keys-changed': 'That person has other keys than the one you verified. Verify or accept them first.',
  'nobody-else': 'Nobody else is in the room who could give them.',
  'asked-already': 'One ask at a time: this one is still under way.',
  'asked-lately': 'You asked just now. Wait a minute before you ask again.',
  'too-many-blocks': 'This device holds as many shared blocks as it can. Remove one first.',
  'ask-over': 'That was taken back, or somebody else has given them.',
  'offer-over': 'That offer was taken back.',
  'nothing-earlier': 'This device has no messages from before they came in.',
  'earlier-quantum':
    'This room requires quantum keys, and the private line between two devices has none. Earlier messages stay where they are.',
  'giving-already': 'You are giving that person earlier messages already.',
  'giving-too-many': 'You are giving to several people already. Wait until one of them has everything.',
  'no-such-message': 'That message is not here any more.',
  'not-own-message': 'Only who wrote a message changes or deletes it.',
  'too-many-signs': 'Eight reactions to one message are enough: take one back first.',
  'held-back': 'This room requires quantum keys, and has none just now. Try again once it has.',
  'no-files': 'The server passes no files on.',
  'too-many-files': 'One message takes ten files. Send the others with the next.',
  'file-too-large': 'That file is larger than the server passes on.',
  'file-not-here': 'That file is not on this device. Fetch it first.',
  'no-space': 'This device has no room for that file. Delete something, then try again.',
  'not-for-you-at-server':
    'The server refused that: this device is not in the room there, or it is not for this person.',
  'server-asked-often': 'That was asked for a moment ago. Wait some seconds and try again.',
  'server-too-old': 'The server does not know that. It is older than this page, or has changed meanwhile.',
  'server-unavailable': 'The server could not do that just now. Try again in a minute.',
  'too-many-links': 'The room has as many links as it can hold. End one first.',
}

/** Those with words of their own; what a relay refuses comes with its own codes besides. */
export type RoomRefusalCode = keyof typeof words

export class RoomRefusal extends Error {
  override readonly name = 'RoomRefusal'
  readonly code: string
  constructor(code: string) {
    super((words as Readonly<Record<string, string>>)[code] ?? `The room did not take that (${code}).`)
    this.code = code
  }
}
