/** What the relay does for each event. Each handler gets a payload of the right form and answers with a value. */
import {
  type Answer,
  type ClientEventName,
  type ClientEvents,
  type DeviceId,
  type EncryptedMessage,
  type FetchRoomLogsAnswer,
  type FileGive,
  type FileWant,
  type HelloAnswer,
  type Join,
  type JoinAnswer,
  type Ordered,
  protocolVersion,
  type Refusal,
  roomKind,
  type TakeLink,
  type TakeLinkAnswer,
  toBase64Url,
} from '@qsec/protocol'
import type { RelayLimits } from '../limits.ts'
import type { Reporter } from '../report.ts'
import { fetchBundles, takeAnnouncement, takeKeyPackage } from '../room/announce.ts'
import { takeMeta, takeSession } from '../room/claims.ts'
import { takeCommit, takeCommitAck, takeCommitNack } from '../room/commits.ts'
import type { Seat } from '../room/connection.ts'
import { type DeviceLinks, offerLink, takeOffer } from '../room/device-links.ts'
import { deleteLog, fetchRows, fetchTables } from '../room/holdings.ts'
import { takeHave, takeKeepSealed } from '../room/keeping.ts'
import { dismissRequest } from '../room/knocks.ts'
import { endAbandoned, isAbandoned, leave } from '../room/leave.ts'
import { takeMessage } from '../room/messages.ts'
import { refuse, refuseAccess, refuseNonMember } from '../room/refuse.ts'
import { takeReopen } from '../room/reopen.ts'
import { takeGapGive, takeGapWant } from '../room/repair.ts'
import type { Room } from '../room/room.ts'
import { enter, found, mayEnter, tellRemoval } from '../room/seats.ts'
import type { Store } from '../store/store.ts'
import type { MessageEvent } from '../stream/frame.ts'
import type { Tally } from '../tally.ts'
import type { Creation } from './creation.ts'
import { verifyLogin, verifyProof } from './login.ts'
import { atTheDoor, knock, knockerOf, type Outside } from './outside.ts'
import type { Quota } from './quota.ts'
import type { Session } from './session.ts'

export interface HandlerContext extends Outside {
  store: Store
  limits: RelayLimits
  now: () => number
  report: Reporter
  tally: Tally
  /** This relay takes nothing more: it has said so by `drain`. */
  isClosing: () => boolean
  roomQuota: Quota
  creation: Creation
  links: DeviceLinks
  /** Tries to take a device link, by address. */
  linkQuota: Quota
}

type Reply<K extends ClientEventName> = (answer: Answer<ClientEvents[K]['out']>) => void
type RoomEventName = Exclude<ClientEventName, 'hello' | 'join' | 'take_link'>

/**
 * Handles one event and calls `reply` once: before it returns where there is nothing to wait for, as with most frames.
 * What it throws is our fault, and becomes `internal`.
 */
export function handle<K extends ClientEventName>(
  context: HandlerContext,
  session: Session,
  name: K,
  event: ClientEvents[K]['in'],
  reply: Reply<K>,
): Promise<void> | undefined {
  if (name === 'join') return join(context, session, event as Join, reply as Reply<'join'>)
  const answer = answerOf(context, session, name, event)
  if (answer instanceof Promise) return answer.then((value) => reply(value as Answer<ClientEvents[K]['out']>))
  reply(answer as Answer<ClientEvents[K]['out']>)
  return undefined
}

function answerOf<K extends ClientEventName>(
  context: HandlerContext,
  session: Session,
  name: K,
  event: ClientEvents[K]['in'],
): Answer<object> | Promise<Answer<object>> {
  if (name === 'hello') return hello(context, session, event as ClientEvents['hello']['in'])
  if (name === 'take_link') return takeLink(context, session, event as TakeLink)
  return inRoom(context, session, name as RoomEventName, event as ClientEvents[RoomEventName]['in'])
}

function hello(context: HandlerContext, session: Session, event: ClientEvents['hello']['in']): Answer<HelloAnswer> {
  if (!event.versions.includes(protocolVersion)) {
    return { ...refuse('version', versionWords(Math.max(...event.versions))), version: protocolVersion }
  }
  return { ok: true, version: protocolVersion, nonce: toBase64Url(session.newChallenge(context.now())) }
}

function versionWords(newest: number): string {
  if (newest < protocolVersion) {
    return `This client is older than the relay, which speaks version ${protocolVersion}. Reload the page, or update the program.`
  }
  return `This relay is older than the client: it speaks version ${protocolVersion}. Whoever runs it has to update it.`
}

/** For a device that has no keys in the room yet: what it takes makes it somebody there. */
function takeLink(context: HandlerContext, session: Session, { room, id }: TakeLink): Answer<TakeLinkAnswer> {
  if (!session.challenge) return refuse('not-logged-in', 'Send hello first.')
  if (!context.linkQuota.take(session.address)) {
    return refuse('rate-limited', 'Many device links were tried from this address. Try again in ten minutes.')
  }
  const sealed = takeOffer(context.links, context.rooms.get(room), id)
  if (sealed !== undefined) return { ok: true, sealed }
  return refuse('no-access', 'There is no such device link: it was used, has ended, or never was. Make a new one.')
}

async function join(context: HandlerContext, session: Session, event: Join, reply: Reply<'join'>): Promise<void> {
  const refuseJoin = (refusal: Refusal) => {
    reply(refusal)
    const { code, message } = refusal
    session.emit('join_failed', { room: event.room, code, message })
  }
  const answerJoin = (answer: Answer<JoinAnswer>) => (answer.ok ? reply(answer) : refuseJoin(answer))

  const refused = logIn(context, session, event)
  if (refused) {
    refuseJoin(refused)
    if (refused.code === 'login-failed') session.close()
    return
  }
  if (session.isReplaying) {
    return refuseJoin(refuse('rate-limited', 'What the last join asked for is still on its way.'))
  }
  const { challenge } = session
  const identity = session.identity!
  const proved =
    challenge && verifyProof(event, { ...challenge, host: session.host, socketId: session.socketId }, identity)
  const entrant = { connection: session, identity, provenJoinKey: proved, knocks: event.knock === true }
  const standing = context.rooms.get(event.room)
  const mayNotMake = event.create && context.creation.refusal(event.create, session.address)
  if (standing && event.create && !mayNotMake && isAbandoned(standing, identity.device)) {
    await standing.mailbox.run(() => endAbandoned(standing, identity.device))
  }
  const room = context.rooms.get(event.room)
  if (event.knock && !(room && mayEnter(room, entrant))) return answerJoin(knock(context, session, identity))
  if (room) {
    if (!mayEnter(room, entrant) && !(event.create && room.kind === 'closed')) {
      tellRemoval(room, entrant, event)
      return answerJoin(refuseAccess())
    }
    return seated(session, room, () => enter(room, entrant, event, answerJoin))
  }
  if (!event.create) return answerJoin(refuseAccess())
  if (mayNotMake) return answerJoin(mayNotMake)
  if (roomKind(event.room) === 'open' && event.create.joinKeys.length > 0) {
    return answerJoin(refuse('bad-request', 'create.joinKeys: an open room has no invites'))
  }
  if (!context.roomQuota.take(session.address)) {
    return answerJoin(refuse('rate-limited', 'Too many rooms were made from this address. Try again later.'))
  }
  const { create } = event
  const made = context.rooms.create({
    address: event.room,
    leader: identity.device,
    expected: create.expected,
    joinKeys: create.joinKeys,
    epoch: 0,
  })
  return seated(session, made, () => found(made, entrant, create, answerJoin))
}

/** Runs `enter` in the room's turn, and not for a socket that has gone meanwhile. */
function seated(session: Session, room: Room, enterRoom: () => Promise<void>): Promise<void> {
  return room.mailbox.run(async () => {
    if (session.connected) await enterRoom()
    else if (room.members.size === 0) room.end()
  })
}

/** A socket is one device in one room for all its life. Undefined where all is well. */
function logIn(context: HandlerContext, session: Session, event: Join): Refusal | undefined {
  const failed = refuse('login-failed', 'The login does not hold. Ask for a new challenge and sign it again.')
  const { login, room } = event
  const { identity, challenge } = session
  if (identity && identity.record.room !== room) return failed
  if (!login) return identity ? undefined : refuse('not-logged-in', 'The first join of a connection carries a login.')
  const nowMs = context.now()
  if (!challenge || challenge.used || nowMs - challenge.atMs > context.limits.loginLifetimeMs) return failed
  challenge.used = true
  const signed = { host: session.host, nonce: challenge.nonce, socketId: session.socketId }
  const isMember = (device: DeviceId) => context.rooms.get(room)?.members.has(device) === true
  const verified = verifyLogin(login, signed, { room, nowMs, limits: context.limits, isMember })
  if (!verified || (identity && identity.bundle !== verified.bundle)) return failed
  // Its room may hold the same, and for longer: bundles are long, and one copy serves.
  const known = context.rooms.get(room)?.known(verified.device)
  session.identity = known?.bundle === verified.bundle ? known : verified
  return undefined
}

/** Events of a device that has a seat, in the room's turn. */
function inRoom<K extends RoomEventName>(
  context: HandlerContext,
  session: Session,
  name: K,
  event: ClientEvents[K]['in'],
): Answer<object> | Promise<Answer<object>> {
  if (!session.identity) return refuse('not-logged-in', 'This event needs a login. Send hello, then join.')
  if (session.identity.record.room !== event.room) return refuseAccess()
  const knocker = knockerOf(context, session)
  if (knocker) return atTheDoor(context, session, knocker, name, event)
  const room = session.seat?.room
  if (!room) return refuseAccess()
  const file = withFiles(session.seat!, name, event)
  if (file) return file
  if (!room.allowances.take(session.identity.device, session.packetBytes, performance.now())) {
    return refuse('rate-limited', 'This device sends very much, and so do others in its room. Wait a moment.')
  }
  const aside = besideTurns(context, session, name, event)
  if (aside) return aside
  if (room.restored?.holds && (name === 'encrypted_message' || name === 'commit') && !('pair' in event)) {
    return refuse('unavailable', 'The relay was set back to a backup. It waits a moment for those who know more.')
  }
  const kept = takeKept(session.seat!, name, event)
  if (kept) return kept
  return room.mailbox.runNow(() => {
    const { seat } = session
    return seat && !room.ended ? act(room, seat, name, event) : refuseAccess()
  })
}

/** What waits for the disk alone: nobody else has to wait for that. */
function besideTurns(
  context: HandlerContext,
  session: Session,
  name: RoomEventName,
  event: object,
): Promise<Answer<object>> | Refusal | undefined {
  if (name === 'fetch_room_logs') return fetchLogs(context, session, event as ClientEvents['fetch_room_logs']['in'])
  const seat = session.seat!
  if (name === 'delete_room_logs') return deleteLog(seat.room, seat)
  if (name !== 'fetch_room_tables' && name !== 'fetch_room_rows') return undefined
  if (!session.looks.take(1, performance.now())) {
    return refuse('rate-limited', 'This device looks very often at what is stored. Wait a moment.')
  }
  if (name === 'fetch_room_tables') return fetchTables(seat.room, seat)
  return fetchRows(seat.room, seat, event as ClientEvents['fetch_room_rows']['in'])
}

const frameEvents: { [K in RoomEventName]?: MessageEvent } = {
  encrypted_message: 'encrypted_message',
  bb84_relay: 'bb84_message',
  roomkey_share: 'roomkey_share',
}

/** Pieces of files have allowances of their own, and wait for each other beside the room's turns. */
function withFiles(
  seat: Seat,
  name: RoomEventName,
  event: object,
): Answer<object> | Promise<Answer<object>> | undefined {
  const { files } = seat.room
  if (name === 'file_want') return seat.role === 'member' ? files.want(seat, event as FileWant) : refuseNonMember()
  if (name !== 'file_give' || !files.awaits(event as FileGive, seat.device)) return undefined
  return files.give(seat, event as FileGive)
}

/** A frame for a room that keeps them on disk: many are written at once, so it does not wait for a turn of its own. */
function takeKept(seat: Seat, name: RoomEventName, event: object): Promise<Answer<Ordered>> | undefined {
  const as = frameEvents[name]
  return as && seat.room.keeping?.arrivals.take(seat, as, event as EncryptedMessage)
}

type Action<K extends RoomEventName> = (
  room: Room,
  seat: Seat,
  event: ClientEvents[K]['in'],
) => Answer<object> | Promise<Answer<object>>

/** What a device may do that is no member yet. */
const whileWaiting: { [K in RoomEventName]?: Action<K> } = {
  leave,
  announce_pubkey: takeAnnouncement,
  fetch_bundles: fetchBundles,
}

type BesideTurns = 'file_want' | 'fetch_room_logs' | 'fetch_room_tables' | 'fetch_room_rows' | 'delete_room_logs'
const asMember: { [K in Exclude<RoomEventName, BesideTurns>]: Action<K> } = {
  reopen: takeReopen,
  leave,
  dismiss_request: dismissRequest,
  offer_link: offerLink,
  announce_pubkey: takeAnnouncement,
  fetch_bundles: fetchBundles,
  take_key_package: takeKeyPackage,
  encrypted_message: (room, seat, event) => takeMessage(room, seat, 'encrypted_message', event),
  bb84_relay: (room, seat, event) => takeMessage(room, seat, 'bb84_message', event),
  roomkey_share: (room, seat, event) => takeMessage(room, seat, 'roomkey_share', event),
  commit: takeCommit,
  commit_ack: takeCommitAck,
  commit_nack: takeCommitNack,
  gap_want: takeGapWant,
  gap_give: takeGapGive,
  file_give: (room, seat, event) => room.files.give(seat, event),
  keep_sealed: takeKeepSealed,
  have: takeHave,
  set_push: (room, seat, event) => room.pushes.set(seat, event),
  bb84_meta: takeMeta,
  bb84_session: takeSession,
}

function act<K extends RoomEventName>(
  room: Room,
  seat: Seat,
  name: K,
  event: ClientEvents[K]['in'],
): Answer<object> | Promise<Answer<object>> {
  const actions: { [N in RoomEventName]?: Action<N> } = seat.role === 'member' ? asMember : whileWaiting
  const action = actions[name] as Action<K> | undefined
  return action ? action(room, seat, event) : refuseNonMember()
}

async function fetchLogs(
  context: HandlerContext,
  session: Session,
  event: ClientEvents['fetch_room_logs']['in'],
): Promise<Answer<FetchRoomLogsAnswer>> {
  if (session.seat?.role !== 'member') return refuseNonMember()
  const logs = await context.store.logSince(event.room, { sinceId: event.since_id, limit: event.limit ?? 100 })
  return { ok: true, logs }
}
