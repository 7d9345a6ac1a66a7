/** What the relay says about the room: each event goes to the part that it concerns. */
import {
  fromBase64Url,
  type Heartbeat,
  type PubkeyList,
  type RelayEventName,
  type RelayEvents,
  type RoomLogLine,
  type UserList,
} from '@qsec/protocol'
import type { RoomCore } from './core.ts'
import { takeBundles } from './fetched-bundles.ts'
import type { RoomParts } from './parts.ts'
import { relieve } from './path.ts'
import { dateOr } from './times.ts'

const logLinesKept = 500

/** Runs in the queue. Events of other rooms are passed over. */
export async function onRelayEvent<K extends RelayEventName>(
  parts: RoomParts,
  name: K,
  payload: RelayEvents[K],
): Promise<void> {
  const { core, quantum, conversations, entrance, links } = parts
  if ('room' in payload && payload.room !== core.address) return
  const event = { name, payload } as { [N in RelayEventName]: { name: N; payload: RelayEvents[N] } }[RelayEventName]
  switch (event.name) {
    case 'encrypted_message':
    case 'commit':
      if (conversations.byId(event.payload.pair)) return conversations.onFrame(event.name, event.payload)
      if (event.payload.pair) return quantum.onFrame(event.name, event.payload)
      return onFrame(core, event.name, event.payload)
    case 'bb84_message':
    case 'roomkey_share':
      return quantum.onFrame(event.name, event.payload)
    case 'commit_stands':
      if (conversations.byId(event.payload.pair)) return conversations.onVerdict(event.name, event.payload)
      if (event.payload.pair) return quantum.onVerdict(event.name, event.payload)
      return core.stream?.stands(event.payload.seq)
    case 'commit_nack':
      if (conversations.byId(event.payload.pair)) return conversations.onVerdict(event.name, event.payload)
      if (event.payload.pair) return quantum.onVerdict(event.name, event.payload)
      if ((await core.stream?.withdrawn(event.payload.seq)) === false) relieve(core, parts.membership)
      if (core.phase.at === 'ended') await parts.goodbye.conclude()
      return parts.considerAll()
    case 'welcome':
      if (!event.payload.pair) return entrance.onWelcome(event.payload)
      return (await conversations.onWelcome(event.payload)) ? undefined : quantum.onWelcome(event.payload)
    case 'user_list':
      return onUserList(parts, event.payload)
    case 'pubkey_list':
      return onPubkeyList(parts, event.payload)
    case 'room_logs':
      return onLogLines(core, event.payload.logs)
    case 'heartbeat':
      return onHeartbeat(parts, event.payload)
    case 'gap_want':
      return parts.giver.onAsked(event.payload)
    case 'gap_give':
      return parts.catchUp.onGiven(event.payload)
    case 'file_want':
      return parts.attachments.onAsked(event.payload)
    case 'drain':
      return core.store(core.timeline.tell({ type: 'relay-restarting' }, core.nowMs))
    case 'keep_sealed':
      return parts.keeping.heard(event.payload.days)
    case 'link_taken':
      return links.onTaken(event.payload.id)
    case 'join_failed':
      if (event.payload.code === 'replaced') entrance.stopBesideCopy()
      return // of anything else the answer to `join` has told
  }
}

async function onHeartbeat({ core, quantum, conversations }: RoomParts, { pair, ...at }: Heartbeat): Promise<void> {
  if (conversations.byId(pair)) return conversations.onHeartbeat(pair, at)
  if (pair) return quantum.pairs.onHeartbeat(pair, at)
  const rewound = await core.stream?.heard(at)
  if (rewound) await core.store(core.timeline.tell({ type: 'unreadable', reason: 'rewound' }, core.nowMs))
}

async function onFrame(
  core: RoomCore,
  name: 'encrypted_message' | 'commit',
  frame: RelayEvents['encrypted_message'] | RelayEvents['commit'],
): Promise<void> {
  const ct = fromBase64Url(frame.ct)
  if (!ct) return
  if ('bundles' in frame) await takeBundles(core, frame.bundles)
  const { inc, seq, epoch, id, device } = frame
  const atMs = dateOr(frame.at, core.nowMs)
  core.noteRelayTime(atMs)
  const kind = name === 'commit' ? 'commit' : 'message'
  await core.stream?.receive({ kind, inc, seq, epoch, id, device, ct, atMs })
}

function onUserList(
  { core, membership, catchUp, attachments, considerAll }: RoomParts,
  { members, waiting, expected, wakes }: UserList,
): void {
  core.present = new Set(members.filter(({ present }) => present).map(({ device }) => device))
  core.beside(core.noteHeard(core.present))
  core.waiting = waiting
  core.expected = expected
  core.wakes = wakes === true
  membership.requests.stillWaiting(waiting, new Set(core.stream?.group.members.map(({ device }) => device)))
  const { phase } = core
  if (phase.at === 'waiting' || phase.at === 'rejoining') core.setPhase({ ...phase, anyoneHere: core.anyoneHere })
  core.changed()
  catchUp.onUserList()
  attachments.onUserList()
  considerAll()
}

async function onPubkeyList({ core, membership, considerAll }: RoomParts, { devices }: PubkeyList): Promise<void> {
  await takeBundles(
    core,
    devices.map(({ bundle }) => bundle),
  )
  for (const { device, request } of devices) {
    const keyPackage = request === undefined ? undefined : fromBase64Url(request)
    if (keyPackage && device !== core.device) await membership.requests.take(device, keyPackage)
  }
  await core.stream?.retryBlocked()
  considerAll()
}

function onLogLines(core: RoomCore, logs: readonly RoomLogLine[]): void {
  const newest = core.log.at(-1)?.id ?? 0
  const come = logs.filter(({ id }) => id > newest)
  // What stands before such a line is not at the relay any more, and not here.
  const deletion = come.findLastIndex(({ message }) => message.startsWith('[ROOM_LOG_DELETED]'))
  const lines = come.slice(Math.max(0, deletion))
  if (deletion >= 0) core.log = []
  const shown = lines.map((line) => ({ ...line, created_at: dateOr(line.created_at, core.nowMs) }))
  core.log = [...core.log, ...shown].slice(-logLinesKept)
  core.changed()
}
