/** What a screen draws: one immutable picture of the room as this device knows it. Holds no key and no sealed byte. */
import type {
  DeviceId,
  PushOffer,
  RefusalCode,
  RoomAddress,
  RoomKind,
  RoomLogLine,
  RoomRowsAnswer,
  RoomTablesAnswer,
} from '@qsec/protocol'
import type { InviteId, InviteMode, Role, RoomSettings } from './crypto/index.ts'
import type { FileStateView, FileView, MakingView } from './files/view.ts'
import type { RunPlace, TransportState } from './ports.ts'
import type { VerifiedHow } from './trust/book.ts'
import type { compareScan } from './trust/codes.ts'
import type { Role as CompareRole, EndReason } from './trust/comparison.ts'
import type { Standing } from './trust/standing.ts'
import type { Picture } from './trust/symbols.ts'

/** How an epoch's keys may be called (protocol.md §6). */
export type EpochLabel = 'post-quantum' | 'quantum (simulated)' | 'quantum (hardware)'

/** Where this device stands on its way into the room. Messages can be written in `member` alone. */
export type Phase =
  /** `inside`: it was in the room when it was here last, and what is said now waits until the relay was reached. */
  | { at: 'connecting'; inside?: true }
  /** Asked to be let in; `anyoneHere` says whether a member is connected who could do it. */
  /** `linked`: as another device of somebody, whose device has to be there. */
  | { at: 'waiting'; anyoneHere: boolean; linked?: true }
  /** Asked to be let in without a link: a person in the room has to say yes, and can compare `code` with this screen. */
  | { at: 'knocking'; code: string }
  | { at: 'member' }
  /** Was a member, lost the thread (missed commit, old state) and asks a member to be added again. */
  | { at: 'rejoining'; anyoneHere: boolean }
  | { at: 'left' }
  /**
   * A commit took this device out. Its keys are gone; what was said can still be read here until the person erases it. With
   * `byOwn`, by another device of this person, everything is gone.
   */
  | { at: 'removed'; byOwn?: true }
  /** The room was ended for all. What was said can still be read here; its keys are gone. */
  | { at: 'ended' }
  /** The end: the relay or the room's own rules refuse this device. */
  | { at: 'refused'; code: RefusedCode; message: string }

/** `client-older` and `relay-older`: they speak no common version of the protocol, and this one is the older. */
export type RefusedCode =
  | RefusalCode
  | 'needs-link'
  | 'needs-token'
  | 'bad-welcome'
  | 'storage'
  | 'replaced'
  | 'client-older'
  | 'relay-older'

export interface PersonView {
  device: DeviceId
  /** Empty while the person's signed name has not arrived. */
  name: string
  /** First characters of the fingerprint, to tell equal names apart. */
  shortId: string
  /** A hue from 0 to 359, from the fingerprint. */
  hue: number
  self: boolean
  /** Connected, as the relay says. */
  present: boolean
  /** Fingerprint of the person keys, 22 characters; the same for all devices of one person. Empty while unknown. */
  person: string
  standing: Standing
  role: Role
  /** Whole days since this device heard of it, from `silentAfterDays` on. */
  silentDays?: number
  /** This person may put it out of the room, or is asked to, since it has been silent for so long. */
  mayPutOut: boolean
}

/** A device silent for so long is greyed and not counted in *Delivered*. */
export const silentAfterDays = 7
/** A device silent for so long is proposed for removal. */
export const removalProposedAfterDays = 30

/** What an admin may change. `capacity: undefined` lifts the limit, `keepSealed: undefined` ends the keeping, and so on. */
export type OpenSettings = Partial<Pick<RoomSettings, 'locked' | 'admitBy' | 'quantum'>> & {
  capacity?: number | undefined
  /** Days, 1 to 365. */
  keepSealed?: number | undefined
  /** Seconds, 1 to 366 days. */
  lifetimeS?: number | undefined
  /** Cut to what `cleanTitle` leaves of it; where that is nothing, the room has none. */
  title?: string | undefined
}

export interface InviteView {
  id: InviteId
  /** Path and fragment, such as `/room/<id>#v1.<secret>`. */
  path: string
  mode: InviteMode
  expiresMs: number
  /** Absent: any number. */
  usesLeft?: number
}

/** Somebody who waits for a person's yes. */
export interface KnockView {
  device: DeviceId
  /** As its own screen shows it. */
  code: string
  /** It has a link that asks for approval; otherwise it knocked at the bare address. */
  byLink: boolean
  /** It has this person's own keys: a further device without a live link, or somebody who has stolen them. */
  own?: true
}

/** One of this person's devices in the room. */
export interface OwnDeviceView {
  device: DeviceId
  code: string
  /** This very device. */
  self: boolean
  present: boolean
  /** When it was made, by its own clock. */
  addedMs: number
}

/** The device link that this device has made, and what became of it. */
export type DeviceLinkView =
  /** `path`: path and fragment, such as `/room/<id>#d1.<key>`. Good for one device, until `expiresMs`. */
  | { state: 'open'; path: string; expiresMs: number }
  /** Handed out, to this person's other device if all is well, which asks to come in now. */
  | { state: 'taken'; expiresMs: number }
  | { state: 'in'; expiresMs: number }
  | { state: 'over'; expiresMs: number }

/** What the room has agreed on, and what this person may change of it. */
export interface AgreementView {
  role: Role
  admitBy: 'everyone' | 'admins'
  locked: boolean
  /** `required`: nothing is said in an epoch that is not called quantum. */
  quantum: 'offered' | 'required'
  capacity?: number
  /** Days for which the relay is to keep sealed messages until every device has them; absent: it is to keep none. */
  keepSealed?: number
  /** The days that it does, 0 for none, where it does otherwise than the room has agreed on. */
  keepsOtherwise?: number
  /** Seconds that a message lives at most once it was seen; absent: for ever. */
  lifetimeS?: number
  owner?: PersonView
  /** Live links, newest last; empty in an open room. */
  invites: readonly InviteView[]
  knocks: readonly KnockView[]
  may: {
    /** Make and end links, say yes to those who knock. */
    admit: boolean
    /** Title, lock, capacity, who admits, what the relay keeps. */
    change: boolean
    /** Name admins, hand the room over, end it. */
    lead: boolean
  }
}

/** `held`: not sealed yet, for the room requires quantum keys and its epoch has none; see `QuantumView.hold`. */
export type MessageState = 'held' | 'sending' | 'sent' | 'delivered' | 'not-sent' | 'received'

export interface MessageView {
  kind: 'message'
  /** Stable and unique in this room. */
  key: string
  author: PersonView
  text: string
  /** By the author's clock, milliseconds since 1970. */
  atMs: number
  /** `atMs` is when the relay took it: the author's clock said what cannot be. */
  doubtfulTime?: true
  state: MessageState
  /**
   * Words for one person alone, on all devices of both and on nobody else's: the other person, whoever of the two said
   * it. `delivered` once a device of that person has them; `not-sent` where none will (`person-gone`, `not-delivered`).
   */
  privately?: PersonView
  /** It disappears. */
  lifetime?: LifetimeView
  /** The message that it quotes. */
  reply?: QuoteView
  /** Who is mentioned, as far as they are known here; `mentionsYou`: this person is among them. */
  mentions?: readonly PersonView[]
  mentionsYou?: true
  /** Files that go with it; how far each has come is in `RoomSnapshot.files`. */
  files?: readonly FileView[]
  /** When the text that stands there was written, by the author's clock. */
  editedMs?: number
  /** Its author took it back: `text` is empty. */
  deleted?: true
  /** In the order in which they were first made. */
  reactions?: readonly ReactionView[]
  /** This person may edit and delete it. */
  own: boolean
  /** The newest change of it by this device: on its way, or refused (see `problem`; `retry` tries again). */
  change?: 'sending' | 'not-sent'
  /** Own messages: how many devices said that they have it, of how many it was meant for. */
  deliveredTo: number
  meantFor: number
  /** With `not-sent`: why, as the relay's refusal code, or `lost`. */
  problem?: string
}

/** What a message quotes, as it reads now. */
export interface QuoteView {
  key: string
  /** It was there and has disappeared, as its author wanted. */
  gone?: true
  /** Absent where this device does not have the message. */
  message?: { author: PersonView; text: string; files?: readonly FileView[]; deleted?: true }
}

/** Of a message that disappears. */
export interface LifetimeView {
  /** How long it lives once it was seen; of an own message, once it was sent. */
  seconds: number
  /** When it goes, by this device's clock; absent while it was not seen, or not sent. */
  goesMs?: number
}

export interface ReactionView {
  /** One emoji. */
  sign: string
  people: readonly PersonView[]
  /** This person is among them. */
  own: boolean
}

/** What happened in the room. Screens meet it with people in it; storage keeps fingerprints (`P`) in their place. */
export type SystemEvent<P = PersonView> =
  | { type: 'created'; by: P }
  /** This device came in here: what was said before cannot be read. */
  | { type: 'you-joined'; earlierUnreadable: boolean }
  | { type: 'joined'; people: P[]; by: P }
  /** By somebody's yes, and not by a link alone. */
  | { type: 'let-in'; people: P[]; by: P }
  /** Somebody who is inside came in with a further device. */
  | { type: 'device-added'; person: P; by: P }
  /** One of several devices of somebody is out; the person stays. */
  | { type: 'device-removed'; person: P; by: P }
  | { type: 'left'; person: P }
  | { type: 'removed'; people: P[]; by: P }
  | { type: 'rejoined'; people: P[] }
  | { type: 'keys-refreshed'; label: EpochLabel; by: P }
  | { type: 'eavesdropper-switched'; on: boolean; by: P }
  | { type: 'eavesdropper-detected'; link: P[]; qber: number }
  /** Frames from `fromSeq` to `toSeq` are lost for this device. */
  | { type: 'gap'; fromSeq: number; toSeq: number }
  /** A frame could not be opened; `reason` is a code. */
  | { type: 'unreadable'; from?: P; reason: string }
  /** The relay shows different people different histories. */
  | { type: 'split-view'; with: P }
  | { type: 'relay-restarted' }
  /** The relay was set back to a backup that is older than what this device has. Nothing here was set back with it. */
  | { type: 'relay-restored' }
  /** The relay said that it closes for a moment. */
  | { type: 'relay-restarting' }
  /** What the relay had lost came from these members' copies. */
  | { type: 'caught-up'; from: P[] }
  | { type: 'room-locked'; on: boolean; by: P }
  | { type: 'admit-by-set'; admitBy: 'everyone' | 'admins'; by: P }
  | { type: 'capacity-set'; capacity?: number; by: P }
  | { type: 'quantum-policy-set'; quantum: 'offered' | 'required'; by: P }
  /** Without `days` the relay keeps nothing from now on. */
  | { type: 'keep-sealed-set'; days?: number; by: P }
  /** Without `seconds` messages stay from now on, but for those that disappear by themselves. */
  | { type: 'lifetime-set'; seconds?: number; by: P }
  /** Without `title` it has none from now on. */
  | { type: 'title-set'; title?: string; by: P }
  /** A message that disappears went before anybody here saw it, or came when its time was over. */
  | { type: 'gone-unseen'; from: P }
  | { type: 'admin-set'; person: P; on: boolean; by: P }
  | { type: 'owner-set'; person: P; by: P }
  /** `by` had the relay delete its log of the room, so many lines. */
  | { type: 'log-deleted'; by: P; lines: number }
  | { type: 'room-ended'; by: P }
  /** `by` invites this person to the closed room that takes the place of this open one: `RoomSnapshot.successor`. */
  | { type: 'successor'; by: P }
  /** `by` gave `to` so many messages from before `to` came in. */
  | { type: 'earlier-given'; by: P; to: P; count: number }
  /** Somebody comes under the name of one known here, with other keys. */
  | { type: 'keys-changed'; person: P; wasVerified: boolean }
  /** The person at this screen compared codes with `person`. */
  | { type: 'compared'; person: P; matched: boolean; how: VerifiedHow }

export interface SystemView {
  kind: 'system'
  key: string
  atMs: number
  event: SystemEvent
}
export type TimelineItem = MessageView | SystemView

export type LinkState = 'none' | 'waiting' | 'running' | 'completed' | 'aborted'

/** One QKD link between two members, simulated in this version. */
export interface LinkView {
  /** The two ends; `self` marks this device where it is one of them. */
  ends: [PersonView, PersonView]
  state: LinkState
  /** With `running`: the stage by its name in the papers, and 0 to 1. */
  stage?: string
  progress?: number
  /** Measured error ratio of the last run, 0 to 0.5, with its 95 % interval. */
  qber?: number
  qberInterval?: [number, number]
  /** Why the last run gave no key, as a code: `qber-above-threshold` means an eavesdropper. */
  reason?: string
  /** Bits by stage of the last run, in order: sent, detected, sifted, … */
  stages: { name: string; bits: number }[]
  /** Own links: where this device computed its end of the last run. */
  place?: RunPlace
  /** Bits of key that both ends still hold for one-time pads. */
  keyBits: number
}

/** Why nothing is said in a room that requires quantum keys. */
export type QuantumHold =
  /** Nobody else is in the room: there is nobody to make a key with. */
  | { for: 'others' }
  /** There are more devices than one star of links reaches. */
  | { for: 'fewer'; atMost: number }
  /** The devices of these people are away. They have to come back, or be removed. */
  | { for: 'away'; people: PersonView[] }
  /** Everybody is here and the exchange is not done, or the relay keeps its end back. */
  | { for: 'exchange' }

export interface QuantumView {
  /** Set while the room's rule holds back what is said. */
  hold?: QuantumHold
  label: EpochLabel
  /** Links over which the present group secret went under a one-time pad, of all that a full star has. */
  linksCovered: number
  linksInAll: number
  links: LinkView[]
  /** Error ratio above which no key is made. */
  threshold: number
  eavesdropper: { on: boolean; by?: PersonView }
  /** A refresh is under way somewhere in the room, as far as this device knows. */
  running: boolean
  /** How the last run that this device knows of ended. */
  outcome?: 'completed' | 'eavesdropper' | 'failed'
}

/** Comparing six pictures with somebody: where it stands. */
export interface ComparisonView {
  with: PersonView
  /** The epoch that it is about, whatever the room does meanwhile. */
  epoch: number
  role: CompareRole
  state: /** The other one asks: `agreeToCompare` or `endComparison`. */
    | { at: 'asked' }
    /** The other one has not agreed yet. */
    | { at: 'waiting' }
    | { at: 'committed' }
    | { at: 'showing'; pictures: readonly Picture[] }
    | { at: 'answered'; matched: boolean }
    | { at: 'over'; reason: EndReason }
  /** What the other one says to have seen: a claim. */
  theySay?: boolean
}

export interface TrustView {
  /** 40 digits in groups of five, equal on all screens in that epoch; absent outside the room. */
  roomCode?: { epoch: number; digits: string }
  comparison?: ComparisonView
  /** Who has the name of somebody verified, with other keys. Nothing is sent until each is verified or accepted. */
  blockedBy: PersonView[]
  /** This room is told which profile this is, so that people verified once know it elsewhere. */
  tellsProfile: boolean
}

/** An invitation on its way in a pair group. `handed`: it waits at the relay. `lost`: it has to be made again. */
export interface InvitedView {
  person: PersonView
  state: 'sending' | 'handed' | 'taken' | 'lost'
}

/** The closed room that takes the place of this open one. */
export interface SuccessorView {
  /** Who made it; `self` where this person did. */
  by: PersonView
  /**
   * Path of the room, and for who was invited the fragment of a link for one person: a secret, to be followed and never to
   * be shown or put into an address bar.
   */
  path: string
  /** Own successor: who was invited. */
  invited: readonly InvitedView[]
}

/** The relay has lost frames that this device may have missed, and others are asked for their copies. */
export interface CatchUpView {
  /** Nobody here has had them so far. */
  waiting: boolean
  /** Something is missing for certain; otherwise it is only made sure that nothing is. */
  certain: boolean
}

/** A message that a member quotes from before this device came in. Nothing vouches for it but the sharer's word. */
export interface QuotedView {
  key: string
  /** The author's name as the sharer knew it; may be empty. */
  name: string
  /** Fingerprint of the author's person keys as the sharer has it; empty where unknown. */
  person: string
  text: string
  /** As the sharer's device has it. */
  atMs: number
  /** `atMs` is later than the moment at which it was shared. */
  doubtfulTime?: true
  /** Who else shared it in the very same words. */
  alsoBy: readonly PersonView[]
}

/** What one member shared at one time, oldest first. It belongs above everything that this device received itself. */
export interface EarlierBlockView {
  key: string
  sharedBy: PersonView
  /** When it came, by this device's clock. */
  atMs: number
  state: 'coming' | 'complete' | 'stopped'
  /** How many the sharer gives, and how many of them have come. */
  total: number
  taken: number
  /** Of those, how many stand in an earlier block, in the same words. */
  sharedBefore: number
  messages: readonly QuotedView[]
}

/** Messages from before somebody came in, asked for, offered and given. */
export interface EarlierView {
  /** This device came in after others had talked, so that it may lack something. */
  cameLater: boolean
  /** This person asked. `over`: nobody gave them in time. */
  ask?: { count: number; over: boolean }
  /** Until then it may not ask again. */
  askAgainMs?: number
  /** Newcomers who ask this person, where this device has something to give: `have` messages of `count`. */
  asks: readonly { from: PersonView; count: number; have: number }[]
  /** Members who offer. */
  offers: readonly { from: PersonView; count: number }[]
  /** What this person offers, or gives: `taken` of `count` have arrived. */
  giving: readonly { to: PersonView; state: 'offered' | 'giving'; count: number; taken: number }[]
  blocks: readonly EarlierBlockView[]
}

export type WishKind =
  | 'invite'
  | 'end-link'
  | 'let-in'
  | 'put-out'
  | 'remove-device'
  | 'settings'
  | 'admin'
  | 'owner'
  | 'end'

/** Something that this person asked of the room and that does not hold yet. It waits a day at most, while the room is open. */
export interface WishView {
  id: number
  kind: WishKind
  /** `connection`: it goes out once that is back. `turn`: something else comes first. `room`: its change is on its way. */
  waitsFor: 'connection' | 'turn' | 'room'
  /** False while its change may be on its way, and cannot be taken back. */
  mayCancel: boolean
}

/** What was begun and not sent. `replyTo`: key of the message that it answers. */
export interface Draft {
  text: string
  replyTo?: string
  /** Fingerprint of the person for whom alone it was begun; absent: for everyone. */
  to?: string
}

/** Of what somebody wants to be notified, and how. Nothing, until they choose. */
export interface NotifyChoice {
  about: 'all' | 'mentions' | 'none'
  /** Who says what stands in the notification, where others at this screen can read it. */
  content: boolean
  sound: boolean
  /** Also while no page of the room is open here, by an empty call through the browser's push service. Absent: no. */
  push?: boolean
}

/** How the room is read, here and by others. */
export interface ReadingView {
  /** Key of the item that was seen last when the room was opened; absent where nothing was. */
  seen?: string
  /** The one that was kept last. It may be without words, where only whom it is for was chosen. */
  draft?: Draft
  /** All of them, `draft` included: one for everyone, and one for each person. Absent where there is none. */
  drafts?: readonly Draft[]
  /** Whether the others are told that somebody types here, and how far this person has read. Off until switched on. */
  tellsTyping: boolean
  tellsRead: boolean
  /** Of what this person wants to hear while they look elsewhere. */
  notify: NotifyChoice
  /** Who says so now. */
  typing: readonly PersonView[]
  /** Members who tell how far they have read, each with the key of that message. */
  readers: readonly { person: PersonView; key: string }[]
}

export type ScanResult = ReturnType<typeof compareScan>

export interface RoomSnapshot {
  address: RoomAddress
  kind: RoomKind
  /** What its people call the room, fit to be shown; absent: nothing. */
  title?: string
  phase: Phase
  connection: TransportState
  self: PersonView
  /** This device's own code: whoever is asked about it in the room sees the same. */
  code: string
  /** The members of the MLS tree, this device first. */
  people: PersonView[]
  /** Devices that ask to be let in. */
  waiting: number
  /** Present while the others are asked for what the relay has lost. What is newer waits meanwhile. */
  catchUp?: CatchUpView
  expected?: number
  epoch: number
  /** From some item to the newest one. */
  timeline: readonly TimelineItem[]
  /** How many items this device has of before: `showEarlier`. */
  earlierItems: number
  reading: ReadingView
  /** How the relay calls devices that are away; absent: it does not. A new object after each join. */
  push?: PushOffer
  quantum: QuantumView
  trust: TrustView
  /** The newest lines of the relay's log of this room, in order. */
  roomLog: readonly RoomLogLine[]
  /** Path and fragment to give to others, such as `/room/<id>#v1.<secret>`; undefined while there is no live invite. */
  invitePath?: string
  /** This person's devices in the room, this one first. */
  devices: readonly OwnDeviceView[]
  deviceLink?: DeviceLinkView
  /** Undefined while this device is not in the room. */
  agreement?: AgreementView
  /** Stays when the room has ended. */
  successor?: SuccessorView
  earlier: EarlierView
  files: FilesView
  /** What this person asked of the room and waits for, oldest first; absent where there is nothing. */
  wishes?: readonly WishView[]
}

/** Files of the room's messages, on this device. */
export interface FilesView {
  /** The largest that the relay passes on; absent: it passes none on, or has not said yet. */
  bytesAtMost?: number
  /** By id. A file that is not among them is not here: `fetchFile`. */
  states: ReadonlyMap<string, FileStateView>
  /** Being made ready to be sent. */
  making: readonly MakingView[]
}

/** What began an epoch: how this device came into it, or what the commit did. `update`: it renewed keys, and nothing else. */
export type EpochReason =
  | 'created'
  | 'entered'
  | 'returned'
  | 'join'
  | 'rejoin'
  | 'leave'
  | 'quantum'
  | 'settings'
  | 'update'

/** Where the keys of one epoch came from, as this device has seen it. Names of keys, never a key. */
export interface EpochView {
  epoch: number
  /** The room is in it now. */
  present?: boolean
  /** When this device entered it, by its own clock. */
  atMs: number
  /** Whose commit began it; absent where this device came in with a Welcome. */
  by?: PersonView
  reasons: readonly EpochReason[]
  /** Who came, came back, or went with that commit. */
  joined: readonly PersonView[]
  returned: readonly PersonView[]
  left: readonly PersonView[]
  /** As it was last in this epoch. */
  label: EpochLabel
  /** When X25519 and ML-KEM-768 keys were renewed last, and whose; absent: before this device came in. */
  renewed?: { epoch: number; by: PersonView }
  /** The secret of an invite link is mixed in. */
  linkKey: boolean
  linksCovered: number
  linksInAll: number
  /** The group secret from quantum links, by its public id, the epoch in which it came in, and who drew it. */
  quantum?: {
    keyId: string
    since: number
    from: PersonView
    links: readonly { with: PersonView; pad: 'simulated' | 'hardware' | 'none' }[]
  }
  /** An eavesdropper showed on a link in this epoch, so that it is called quantum no more. */
  eavesdropper?: true
}

/** How much the relay says that it has about the room: its tables, its memory, and for how long. */
export type ServerTables = Omit<RoomTablesAnswer, 'at'> & {
  /** When the relay read it, by its clock. */
  atMs: number
}

/** Rows of one of those tables, as the relay's database has them. */
export type ServerRows = RoomRowsAnswer
