/** What the service worker and the page say to each other about the versions of the page that this browser keeps. */

export type Signed =
  | { signed: false; reason: 'none' | 'wrong' }
  | { signed: true; fingerprint: string; signedAt: string }

/** One whole version: its files, the headers they came with, and the relay that the page is to talk to. */
export interface KeptVersion {
  /** Differs where anything of it differs. */
  id: string
  version: string
  /** SHA-256 of its list of files. */
  hash: string
  signature: Signed
  /** What `qsec-relay.json` says. */
  relay: string
  /** Security headers of the page, as text that can be compared. */
  headers: string
}

export type LookFault =
  | { type: 'unreachable' }
  /** The server serves no list that can be understood. */
  | { type: 'no-list' }
  /** `file` is missing there, or is not what the server's own list says. */
  | { type: 'not-listed'; file: string }

export interface Kept {
  /** What the page is served from. */
  current?: KeptVersion
  /** The one before it, for tabs that still run it. */
  before?: KeptVersion
  /** What the server has now, whole and checked, until a person takes it. */
  offered?: KeptVersion
  /** Fingerprint of the key of the first signed version that was taken. */
  pinned?: string
  fault?: LookFault
  lookedAtMs?: number
}

export type Asked =
  | { type: 'kept' }
  /** Looks whether the server has something else; `now` also where it has looked a moment ago. */
  | { type: 'look'; now: boolean }
  | { type: 'take'; id: string }
  /** Ends the keeping: nothing is stored any more, not even by what is under way. */
  | { type: 'stop' }
  /** Lets a newer service worker take its place. */
  | { type: 'make-way' }
  /** Shows a notification for the page that asks. The answer is whether it could. */
  | { type: 'notify'; notice: Notice; icon: string }
  /** A room in this browser wants to be called by push, or no more. The answer is how many do. */
  | { type: 'push'; tag: string; room?: CalledRoom; words?: PushWords }

/** A notification about messages of one room. */
export interface Notice {
  title: string
  body: string
  /** A later one with the same tag takes its place. */
  tag: string
  room: string
  /** The first of those messages: where a press on it leads. */
  key: string
  silent: boolean
}

/** A room for which this browser is called, and by what its notification says, in the person's language. */
export interface CalledRoom {
  address: string
  silent: boolean
}
export interface PushWords {
  title: string
  body: string
}
/** Of the notification that a push shows. There is one for all rooms, since a push does not say of which it tells. */
export const pushTag = 'qsec push'

/** To the page that asked for it: somebody has pressed the notification. */
export interface NoticeClicked {
  type: 'notice-clicked'
  notice: Notice
}

/** To every page, whenever something has changed. */
export interface Told {
  type: 'kept'
  kept: Kept
}

export interface Change {
  code: boolean
  headers: boolean
  relay: boolean
  signature: 'none' | 'same-key' | 'first-key' | 'other-key' | 'no-longer' | 'wrong'
  /** Signed earlier than what is kept: perhaps an old release that is served again. */
  older: boolean
}

/** What is other about the version that is offered; undefined where none is. */
export function changeOf({ current, offered, pinned }: Kept): Change | undefined {
  if (!current || !offered) return undefined
  const [was, is] = [current.signature, offered.signature]
  return {
    code: current.hash !== offered.hash,
    headers: current.headers !== offered.headers,
    relay: current.relay !== offered.relay,
    signature: signatureChange(is, pinned),
    older: was.signed && is.signed && is.signedAt < was.signedAt,
  }
}

function signatureChange(is: Signed, pinned: string | undefined): Change['signature'] {
  if (is.signed) return pinned === undefined ? 'first-key' : is.fingerprint === pinned ? 'same-key' : 'other-key'
  if (is.reason === 'wrong') return 'wrong'
  return pinned === undefined ? 'none' : 'no-longer'
}
