/** What an application does with a room that it is in. What it sees of it is in snapshot.ts. */
import type { DeviceId, RowKey } from '@qsec/protocol'
import type { InviteId, InviteMode } from './crypto/index.ts'
import type { FileSource } from './files/making.ts'
import type { OpenFile } from './files/opening.ts'
import type { DayStart } from './find/day.ts'
import type { RoomSearch } from './find/found.ts'
import type { EarlierCount } from './quantum/earlier-content.ts'
import type {
  Draft,
  EpochView,
  NotifyChoice,
  OpenSettings,
  RoomSnapshot,
  ScanResult,
  ServerRows,
  ServerTables,
} from './snapshot.ts'
import type { VerifiedHow } from './trust/book.ts'
import type { SafetyNumber } from './trust/codes.ts'

/** A room as an application holds it. Every method is safe to call in every phase. */
export interface RoomClient {
  readonly snapshot: RoomSnapshot
  /** Calls `listener` after each change; the returned function ends that. */
  subscribe(listener: () => void): () => void
  /**
   * Puts the text into the outbox. Resolves to the message's key once it is safely stored and stands in the timeline, long
   * before it is delivered. Rejects where the text is empty or longer than `textBytesAtMost` in UTF-8, or this device is not
   * in the room yet.
   *
   * @param more.replyTo - key of the message that it quotes
   * @param more.mentions - fingerprints of the persons mentioned (`PersonView.person`), `mentionsAtMost` at most
   * @param more.lifetimeS - seconds that it lives once it was seen, 1 to `lifetimeAtMostS`; the room's own counts where that
   *   is shorter
   */
  send(text: string, more?: { replyTo?: string; mentions?: readonly string[]; lifetimeS?: number }): Promise<string>
  /**
   * Puts `text` in the place of what an own message said. This and the next two show at once, reach those who have the
   * message as it did, and reject with a `RoomRefusal`. What was said to one person mentions nobody.
   */
  edit(key: string, text: string, mentions?: readonly string[]): Promise<void>
  /** Takes an own message back, on every device that does as it should. */
  deleteMessage(key: string): Promise<void>
  /** Adds this person's reaction `sign` (one emoji) to a message, or takes it back; `signsAtMost` by one person. */
  react(key: string, sign: string, on: boolean): Promise<void>
  /** Brings some more of the items before `snapshot.timeline` from storage. */
  showEarlier(): Promise<void>
  /** Brings all from that message on. False: this device does not have it. */
  showFrom(key: string): Promise<boolean>
  /**
   * Begins a search over what this device has of the room.
   *
   * @param onChange - called when a message came, changed or went: what was found before may read otherwise now
   */
  openSearch(onChange: () => void): Promise<RoomSearch>
  /** The first message of a day, or of the next one that has any; `fromMs` and `untilMs` are where the day begins and ends. */
  findDay(fromMs: number, untilMs: number): Promise<DayStart | undefined>
  /** All up to that item is seen. Remembered for the next time; told to the others where this person wants that. */
  see(key: string): Promise<void>
  /**
   * Keeps what was begun for whomever it is for, sealed as everything is, until it is sent. Without words it takes the
   * place of what was kept for them; `undefined`: nothing is begun for everyone.
   */
  keepDraft(draft: Draft | undefined): Promise<void>
  /** Something was typed. The others are told now and then, where this person wants that. */
  typed(): void
  /** Switches on or off what the others are told. */
  tellAware(what: 'typing' | 'read', on: boolean): Promise<void>
  /** Changes what this person is notified of in this room, on this device. */
  chooseNotify(change: Partial<NotifyChoice>): Promise<void>
  /**
   * Has the relay call this device through that address of a push service while it is away, or no more. Rejects with a
   * `RoomRefusal` where the relay did not take it. What this person wants is stored apart: `chooseNotify`.
   */
  setPush(endpoint: string | undefined): Promise<void>
  /** Lets go of what `showEarlier` and `showFrom` brought: it stays stored. */
  showLatest(): Promise<void>
  /**
   * Says `text` to the person behind `device` alone, on all of its devices and this person's others. Resolves to the
   * message's key once it is safely stored and stands in the timeline, `privately`. Rejects with a `RoomRefusal` where that person is not in the room.
   *
   * @param more.replyTo - key of the message that it quotes
   */
  tell(device: DeviceId, text: string, more?: { replyTo?: string; lifetimeS?: number }): Promise<string>
  /**
   * Sends files, with `text` to them or without. They are read, rid of metadata where they are pictures, and sealed first:
   * `snapshot.files.making`. Resolves once the message is safely stored. Rejects with a `RoomRefusal`, or as `signal` says,
   * and then nothing was sent.
   *
   * @param more.to - a device of the person for whom alone they are, as in `tell`; then nobody is mentioned
   */
  attach(
    files: readonly FileSource[],
    more?: {
      text?: string
      to?: DeviceId
      replyTo?: string
      mentions?: readonly string[]
      lifetimeS?: number
      signal?: AbortSignal
    },
  ): Promise<void>
  /** Takes a file of that message from whoever has it. Resolves once that has begun; small files come by themselves. */
  fetchFile(key: string, id: string): Promise<void>
  /** Lets go of a file that is coming, or that is here. */
  cancelFile(id: string): Promise<void>
  /** Opens a file that is here. Rejects with a `RoomRefusal` otherwise. */
  openFile(key: string, id: string): Promise<OpenFile>
  /** For a message that reads `not-sent`. */
  retry(key: string): Promise<void>
  discard(key: string): Promise<void>
  /** What this person and that device's owner compare, digits or QR code; undefined for oneself and for strangers. */
  safetyNumber(device: DeviceId): SafetyNumber | undefined
  /** Compares what the other's screen showed, scanned or typed, and notes the outcome for this person alone. */
  scan(device: DeviceId, shown: string): Promise<ScanResult>
  /** Notes that the person compared codes with that device's owner by itself, and whether they were the same. */
  confirm(device: DeviceId, how: VerifiedHow, matched: boolean): Promise<void>
  /** The person knows of somebody's changed keys and goes on with them unverified. */
  acceptKeys(device: DeviceId): Promise<void>
  /** Asks that device's owner to compare six pictures; `snapshot.trust.comparison` shows where it stands. */
  compare(device: DeviceId): Promise<void>
  agreeToCompare(): Promise<void>
  /** Whether the pictures are the same on both screens. */
  answerComparison(matched: boolean): Promise<void>
  /** Breaks the comparison off, or puts its outcome away. */
  endComparison(): Promise<void>
  /** Tells this room which profile this is, or newcomers no more. Members keep what they were told. */
  tellProfile(on: boolean): Promise<void>
  /** Everyone sees who switched it; it applies to the next run. */
  switchEavesdropper(on: boolean): Promise<void>
  /** Starts BB84 with every member present, now. Does nothing while this device is not in the room. */
  runKeyExchange(): void
  /** Takes back what waits in `snapshot.wishes`. Rejects with a `RoomRefusal` where it cannot be any more. */
  cancelWish(id: number): Promise<void>
  /**
   * Makes a link, besides those that live, and yields its path. This and all that follow reject with a `RoomRefusal`; what
   * changes the room waits in `snapshot.wishes` until then, without a connection too.
   */
  makeInvite(options: { mode: InviteMode; lifetimeMs: number; uses?: number }): Promise<string>
  /** Ends a link: who has it and is not in yet stays out. */
  revokeInvite(id: InviteId): Promise<void>
  /** Says yes to somebody who waits for it. */
  letIn(device: DeviceId): Promise<void>
  /** Takes the request off the list, for everybody. The one who asked is not told. */
  turnAway(device: DeviceId): Promise<void>
  /** Puts all devices of that person out of the room; the keys are renewed with it, and all links end. */
  putOut(device: DeviceId): Promise<void>
  /** Makes a link for one further device of this person, good for ten minutes: see `snapshot.deviceLink`. */
  linkDevice(): Promise<void>
  /** Ends that link, or puts away how it ended. */
  endDeviceLink(): Promise<void>
  /** Takes one further device of this person out of the room; it erases what it has of it. */
  removeDevice(device: DeviceId): Promise<void>
  changeRoom(change: OpenSettings): Promise<void>
  setAdmin(device: DeviceId, admin: boolean): Promise<void>
  /** Hands the room over: the person becomes its owner, and this one an admin. */
  handOver(device: DeviceId): Promise<void>
  /** Ends the room for everybody. What was said stays readable where it is; nothing more can be said. */
  endRoom(): Promise<void>
  /** Goes on without what the relay has lost and nobody here has: `snapshot.catchUp`. */
  goOnWithout(): Promise<void>
  /** Notes the closed room at `path`, which this person made to take the place of this open one: see `closeOpenRoom`. */
  noteSuccessor(path: string): Promise<void>
  /**
   * Hands a member a link (`path`) of the noted room, in the pair group of the two devices. Resolves once that is safely
   * stored; `snapshot.successor.invited` tells how far it has come. One that is on its way already is not repeated.
   */
  inviteToSuccessor(device: DeviceId, path: string): Promise<void>
  /**
   * Asks the room for the last messages from before this device came in. One ask stands at a time, for a quarter of an
   * hour. This and what follows reject with a `RoomRefusal`.
   */
  askForEarlier(count: EarlierCount): Promise<void>
  /** Takes the ask back, or puts away that it is over. */
  endEarlierAsk(): Promise<void>
  /** Offers a member messages from before it came in; it has to accept. */
  offerEarlier(device: DeviceId, count: EarlierCount): Promise<void>
  /** Yes or *not now* to what that device asks for, or offers. Whoever gives is named to the whole room. */
  answerEarlier(device: DeviceId, yes: boolean): Promise<void>
  /** Takes an offer back, or gives no more. What has gone out cannot be called back. */
  stopGivingEarlier(device: DeviceId): Promise<void>
  /** Takes no more of that block in; what has come stays. */
  stopTakingEarlier(block: string): Promise<void>
  /** Takes a block off this device. */
  removeEarlier(block: string): Promise<void>
  /** What the relay says that it has stored about the room. This and the next two reject with a `RoomRefusal`. */
  serverTables(): Promise<ServerTables>
  /** A page of one of its tables; `after`: `next` of the page before. */
  serverRows(table: string, after?: RowKey): Promise<ServerRows>
  /** Has the relay delete its log of the room, which its owner alone may; everybody is told. Yields how many lines. */
  deleteServerLog(): Promise<number>
  /** Where the keys of each epoch came from that this device has been in, the newest first; a few hundred are kept. */
  epochs(): Promise<readonly EpochView[]>
  /** The same as a file for programs (docs/provenance.md): JSON without a key, a name or a text. */
  exportEpochs(): Promise<string>
  /** Leaves the room for good and erases this device's keys and messages of it. */
  leave(): Promise<void>
  /** Stops without leaving: the device can come back. */
  close(): Promise<void>
}
