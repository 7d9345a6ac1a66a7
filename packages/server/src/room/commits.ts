/** Commits: the first one of an epoch wins; members say whether it stands. */
import {
  type Answer,
  type CommitAck,
  type CommitEvent,
  type CommitNack,
  commitNackSignedBytes,
  type DeviceId,
  fromBase64Url,
  type OpenPair,
  type Ordered,
  type PairId,
  type Refusal,
  toBase64Url,
} from '@qsec/protocol'
import { deletePair, putMember, setExpected, setJoinKeys, setLeader } from '../store/changes.ts'
import { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import { conversationFault, devicesAfter, moveDevices, openConversation } from './conversations.ts'
import { frameEvent } from './events.ts'
import { sha256, verifyEd25519 } from './identity.ts'
import { keepCommit } from './kept-commits.ts'
import { channelFor } from './messages.ts'
import { refuse, refuseNonMember, refusePair, refuseStale, unavailable } from './refuse.ts'
import { noteSpoken } from './reopen.ts'
import type { Room } from './room.ts'
import { settle, stand, standAfter, standSoon, welcomeAgain } from './settle.ts'

export async function takeCommit(room: Room, seat: Seat, event: CommitEvent): Promise<Answer<Ordered>> {
  const opening = event.open && event.pair ? openPair(room, seat, event.pair, event.open) : undefined
  if (event.open && !event.pair) return refuse('bad-request', 'open: only a pair is opened')
  if (opening && 'ok' in opening) return opening
  const channel = opening?.channel ?? channelFor(seat, event.pair)
  if (!channel) return refuseNonMember()
  const fault = faultOf(room, event, seat, channel)
  if (fault) return fault
  // Node's decoder, for a commit can have 4 MiB. It forgives misspellings, which the way back shows.
  const ct = Buffer.from(event.ct, 'base64url')
  if (ct.toString('base64url') !== event.ct) return refuse('bad-request', 'ct: no base64url')

  const { stream } = channel
  const verdict = stream.judgeCommit({ device: seat.device, id: event.id, epoch: event.epoch })
  if (verdict.type === 'known') {
    const { inc, seq } = verdict
    const lost = inc !== stream.inc && !channel.pair
    if (lost && !(await welcomeAgain(room, seat.device, event, { inc, seq }))) return unavailable()
    return { ok: true, inc, seq }
  }
  if (verdict.type === 'stale-epoch') return refuseStale(stream.position)
  if (verdict.type === 'unsettled') {
    return refuse('rate-limited', 'The last commit of this device does not stand yet. Wait for commit_stands.')
  }
  if (verdict.type === 'withdrawn') {
    return refuse('rate-limited', 'The commit of this device was withdrawn. Another member commits next.')
  }
  // Committing on top of a commit is adopting it.
  if (stream.confirms(seat.device) && !(await stand(room, channel))) return unavailable()

  const joined = event.welcomes.flatMap((welcome) => welcome.to)
  const removed = channel.pair ? [] : event.removed.flatMap((device) => room.members.get(device) ?? [])
  const mark = { device: seat.device, id: event.id, inc: stream.inc, seq: stream.position.seq + 1 }
  const devices = channel.persons && devicesAfter(channel, event)
  const place = channel.placeOnDisk(event.epoch + 1, mark, devices)
  const welcomes = new Map(event.welcomes.flatMap((welcome) => welcome.to.map((device) => [device, welcome.ct])))
  const answers = new Map(channel.pair ? [] : joined.flatMap((device) => requestOf(room, device)))
  const { epoch, id } = event
  const bundles = event.bundles.map((bundle) => room.heldBundle(bundle, joined))
  const commit = { epoch, device: seat.device, id, ct: event.ct, bundles, joined, removed: event.removed }
  const leader = nextLeader(room, event, seat)
  const keptAtMs = room.keeping && room.core.now()
  const kept = keepCommit(room, channel, { ...commit, atMs: keptAtMs ?? 0 }, { welcomes: event.welcomes, answers })
  try {
    await room.core.store.durable(
      place.change,
      ...kept.changes,
      ...removed.map(({ device, bundle }) => putMember(room.address, device, bundle, 'gone')),
      ...room.pushes.deletionsOf(removed.map(({ device }) => device)),
      ...(event.joinKeys ? [setJoinKeys(room.address, event.joinKeys)] : []),
      ...(event.expected === undefined ? [] : [setExpected(room.address, event.expected ?? undefined)]),
      ...(leader === undefined ? [] : [setLeader(room.address, leader)]),
      ...(opening?.replaces ? [deletePair(room.address, opening.replaces.pair!)] : []),
    )
  } catch {
    return unavailable()
  }
  place.marked()
  if (opening) adoptPair(room, seat, opening)

  const frame = stream.commit({ ...commit, atMs: keptAtMs ?? room.core.now() })
  kept.kept(frame)
  channel.extras = {
    welcomes,
    answers,
    bundles,
    removed,
    unseated: removed.flatMap(({ device }) => room.seats.get(device)?.connection ?? []),
    joinKeysBefore: event.joinKeys ? room.joinKeys : undefined,
    expectedBefore: event.expected === undefined ? undefined : { persons: room.expected },
    leaderBefore: leader === undefined ? undefined : room.leader,
    devicesBefore: channel.persons && channel.devices,
    hash: toBase64Url(sha256(ct)),
    timer: standAfter(room, channel, frame.seq, room.core.limits.commitStandsMs),
  }
  if (event.joinKeys) room.joinKeys = event.joinKeys
  if (event.expected !== undefined) room.expected = event.expected ?? undefined
  if (leader !== undefined) room.leader = leader
  // Removed devices get this commit as their last frame: it is how they learn of it.
  room.send(room.listeners(channel), frameEvent(channel, frame))
  if (devices) moveDevices(room, channel, devices)
  room.pushes.forget(removed.map(({ device }) => device))
  for (const identity of removed) {
    room.members.delete(identity.device)
    room.gone.set(identity.device, identity)
    room.unseat(identity.device)
  }
  logCommit(room, channel, seat, {
    seq: frame.seq,
    epoch: event.epoch,
    bytes: ct.length,
    joined,
    removed: removed.length,
  })
  if (!channel.pair) {
    room.userListChanged()
    noteSpoken(room, seat)
  }
  settle(room, channel)
  return { ok: true, inc: stream.inc, seq: frame.seq }
}

/**
 * Whose the room is from this commit on; undefined where it stays. The relay cannot read that: it believes its owner, and
 * anybody once the owner has gone. Of whom it does not believe the word is passed over, and the commit is taken.
 */
function nextLeader(room: Room, { leader, pair }: CommitEvent, seat: Seat): DeviceId | undefined {
  if (leader === undefined || pair !== undefined || !room.members.has(leader)) return undefined
  const owner = room.ownerPerson
  return owner === seat.identity.person || owner === undefined || !room.members.hasPerson(owner) ? leader : undefined
}

function requestOf(room: Room, device: DeviceId): [DeviceId, string][] {
  const request = room.requests.get(device)
  return request ? [[device, request.keyPackage]] : []
}

/** What is wrong with the commit whatever the state of its stream. */
function faultOf(room: Room, event: CommitEvent, seat: Seat, channel: Channel): Refusal | undefined {
  const joined = event.welcomes.flatMap((welcome) => welcome.to)
  if (new Set(joined).size !== joined.length) return refuse('bad-request', 'welcomes: a device is named twice')
  if (joined.includes(seat.device) || event.removed.includes(seat.device)) {
    return refuse('bad-request', 'A device can neither welcome nor remove itself.')
  }
  if (event.removed.some((device) => joined.includes(device))) {
    return refuse('bad-request', 'removed: a device that is added again is not removed')
  }
  if (!channel.pair) return undefined
  if (channel.persons) return conversationFault(room, channel, event)
  if (event.removed.length > 0 || event.joinKeys || event.expected !== undefined || event.leader) {
    return refuse('bad-request', 'A pair removes nobody, and has neither invites, a capacity nor an owner.')
  }
  return joined.every((device) => device === channel.peerOf(seat.device))
    ? undefined
    : refuse('bad-request', 'welcomes: not the other end of the pair')
}

export interface Opening {
  channel: Channel
  replaces: Channel | undefined
}

/** The stream that `open` begins, not in the room's list yet; or why it may not begin. */
function openPair(
  room: Room,
  seat: Seat,
  pair: PairId,
  open: NonNullable<CommitEvent['open']>,
): Opening | Refusal | undefined {
  const existing = room.pairs.get(pair)
  // A retry finds its pair there: the stream knows its id. Anybody else's pair of that name is out of reach.
  if (existing) return existing.devices?.includes(seat.device) ? undefined : refuse('exists', 'That pair id is taken.')
  return 'devices' in open ? openConversation(room, seat, pair, open) : openDevicePair(room, seat, pair, open)
}

function openDevicePair(room: Room, seat: Seat, pair: PairId, open: OpenPair): Opening | Refusal {
  if (open.to === seat.device || !room.members.has(open.to)) return refuseNonMember()
  const current = room.pairsOf(seat.device).find((channel) => channel.peerOf(seat.device) === open.to)
  if (current && current.pair !== open.replaces) return refusePair(current.pair!)
  if (!current && open.replaces) return refuse('no-access', 'open.replaces: that pair has ended.')
  const channel = new Channel(room.core, { room: room.address, pair, devices: [seat.device, open.to], epoch: 0 })
  return { channel, replaces: current }
}

function adoptPair(room: Room, seat: Seat, { channel, replaces }: Opening): void {
  if (replaces) room.endPair(replaces)
  room.pairs.set(channel.pair!, channel)
  seat.channels.add(channel)
}

function logCommit(
  room: Room,
  channel: Channel,
  seat: Seat,
  commit: { seq: number; epoch: number; bytes: number; joined: readonly DeviceId[]; removed: number },
): void {
  const { seq, epoch, bytes, joined, removed } = commit
  if (channel.pair) room.log('PAIR_COMMIT', { seq, epoch, bytes })
  else room.log('COMMIT', { seq, epoch, bytes, device: seat.device, added: joined.length, removed })
}

export function takeCommitAck(room: Room, seat: Seat, event: CommitAck): Answer<object> {
  const channel = channelFor(seat, event.pair)
  if (!channel) return refuseNonMember()
  if (channel.stream.pending?.seq === event.seq && channel.stream.confirms(seat.device)) {
    standSoon(room, channel, event.seq)
  }
  return { ok: true }
}

export function takeCommitNack(room: Room, seat: Seat, event: CommitNack): Answer<object> {
  const channel = channelFor(seat, event.pair)
  if (!channel) return refuseNonMember()
  const { pending } = channel.stream
  if (pending?.seq !== event.seq || pending.epoch !== event.epoch) return refuseStale(channel.stream.position)
  if (pending.committer === seat.device) return refuse('bad-request', 'A device does not refuse its own commit.')
  const { signature, hash, ...refusal } = event
  const hashBytes = fromBase64Url(hash)
  const signatureBytes = fromBase64Url(signature)
  if (!hashBytes || !signatureBytes || hash !== channel.extras?.hash) {
    return refuse('bad-request', 'hash: not of the commit in question')
  }
  const signed = commitNackSignedBytes({ ...refusal, hash: hashBytes })
  if (!verifyEd25519(seat.identity.record.mlsSignatureKey, signed, signatureBytes)) {
    return refuse('bad-request', 'signature: does not hold')
  }
  if (channel.stream.refuse(seat.device)) {
    room.log('COMMIT_NACK', { seq: event.seq, epoch: event.epoch, device: seat.device, reason: event.reason })
    settle(room, channel)
  }
  return { ok: true }
}
