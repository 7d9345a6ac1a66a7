/** A commit that was accepted either stands, and its Welcomes leave, or is withdrawn, and its epoch is open again. */
import type { Base64Url, CommitEvent, DeviceId, Ordered } from '@qsec/protocol'
import { describeFault } from '../report.ts'
import {
  type Change,
  deleteKeyPackages,
  deleteRequest,
  putMember,
  setExpected,
  setJoinKeys,
  setLeader,
} from '../store/changes.ts'
import type { PendingCommit } from '../stream/stream.ts'
import type { Channel } from './channel.ts'
import { moveDevices, partFrom } from './conversations.ts'
import { verdictEvent } from './events.ts'
import { checkIdentity, type Identity, readIdentity } from './identity.ts'
import { keepVerdict, keptStands, welcomeFor, welcomeTaken } from './kept-commits.ts'
import type { Room } from './room.ts'
import { letIn, noteReady } from './seats.ts'
import { deliverWelcome } from './welcomes.ts'

const retryMs = 1_000

/** Looks again at the pending commit of `channel`, after an event that can decide it. Returns at once. */
export function settle(room: Room, channel: Channel): void {
  room.later(async () => {
    const { pending } = channel.stream
    if (room.ended || !pending) return
    const outcome = channel.stream.outcome(room.listeners(channel).map((seat) => seat.device))
    if (outcome === 'stands') await stand(room, channel)
    if (outcome === 'withdrawn') await withdraw(room, channel)
  })
}

/** The commit at `seq` stands, in the room's next turn: whoever confirmed it need not wait for the disk. */
export function standSoon(room: Room, channel: Channel, seq: number): void {
  room.later(async () => {
    if (!room.ended && channel.stream.pending?.seq === seq) await stand(room, channel)
  })
}

/** Ends the time in which the commit at `seq` can be withdrawn. */
export function standAfter(room: Room, channel: Channel, seq: number, delayMs: number): NodeJS.Timeout {
  return setTimeout(() => standSoon(room, channel, seq), delayMs)
}

/** False where the disk refused: the commit goes on pending, and standing is tried again. */
export async function stand(room: Room, channel: Channel): Promise<boolean> {
  const { pending } = channel.stream
  const { extras } = channel
  if (!pending || !extras) return true
  const joining = channel.pair ? [] : pending.welcomed.filter((device) => room.newcomer(device))
  const answered = [...extras.answers].flatMap(([device, asked]) =>
    room.requests.get(device)?.keyPackage === asked ? [device] : [],
  )
  const lost = channel.pair ? [] : lostNewcomers(room, pending.welcomed, extras.bundles)
  const removed = extras.removed.map(({ device }) => device)
  const parting = partFrom(room, removed)
  try {
    await room.core.store.durable(
      ...joining.map((device) => putMember(room.address, device, room.newcomer(device)!.bundle, 'member')),
      ...lost.map(({ device, bundle }) => putMember(room.address, device, bundle, 'gone')),
      ...answered.map((device) => deleteRequest(room.address, device)),
      ...extras.removed.flatMap(({ device }): Change[] => [
        deleteKeyPackages(room.address, device),
        deleteRequest(room.address, device),
      ]),
      ...parting.changes,
      ...keepVerdict(channel, pending.seq, 'stands'),
    )
  } catch (error) {
    room.core.report({ level: 'error', event: 'commit-not-settled', room: room.address, ...describeFault(error) })
    clearTimeout(extras.timer)
    extras.timer = standAfter(room, channel, pending.seq, retryMs)
    return false
  }
  channel.stream.stand()
  channel.extras = undefined
  clearTimeout(extras.timer)
  room.send(room.listeners(channel), verdictEvent(channel, pending, 'stands'))
  room.log(channel.pair ? 'PAIR_COMMIT_STANDS' : 'COMMIT_STANDS', { seq: pending.seq, epoch: pending.epoch })
  parting.apply()
  for (const { device } of extras.removed) {
    room.requests.delete(device)
    welcomeTaken(room, room.main, device)
    room.log('USER_LEAVE', { device, removed_by: pending.committer })
  }
  for (const [device, asked] of extras.answers) room.answered.set(device, asked)
  for (const device of answered) room.requests.delete(device)
  for (const identity of lost) room.gone.set(identity.device, identity)
  if (!channel.pair) admit(room, pending.welcomed, joining)
  releaseWelcomes(room, channel, { ...pending, inc: channel.stream.inc }, extras.welcomes)
  keptStands(room, channel, pending)
  if (!channel.pair) {
    room.userListChanged()
    noteReady(room)
  }
  return true
}

/**
 * Devices that gave up, or were turned away by somebody else, before the commit that adds them stood. Their leaves are in the
 * tree, and whoever comes later needs their bundles: those of the commit, of whom the room knows nothing else any more. It
 * keeps no more of them than a room has devices, for it cannot see whether they are in the tree.
 */
function lostNewcomers(room: Room, welcomed: readonly DeviceId[], bundles: readonly Base64Url[]): Identity[] {
  const unknown = new Set(welcomed.filter((device) => !room.known(device)))
  if (unknown.size === 0) return []
  const lost = bundles.flatMap((bundle) => {
    const identity = readIdentity(bundle)
    if (identity?.record.room !== room.address || !unknown.delete(identity.device)) return []
    return checkIdentity(bundle) ?? []
  })
  return lost.slice(0, Math.max(0, room.core.limits.devicesPerRoom - room.gone.size))
}

function admit(room: Room, welcomed: readonly DeviceId[], joining: readonly DeviceId[]): void {
  for (const device of joining) {
    const identity = room.newcomer(device)!
    room.waiting.delete(device)
    room.knocking.delete(device)
    room.dismissed.delete(device)
    room.gone.delete(device)
    room.members.set(device, identity)
    room.log('USER_JOIN', { device })
  }
  room.pubkeysChanged(welcomed.flatMap((device) => room.members.get(device) ?? []))
}

function releaseWelcomes(
  room: Room,
  channel: Channel,
  commit: Pick<PendingCommit, 'committer' | 'epoch'> & Ordered,
  welcomes: ReadonlyMap<DeviceId, Base64Url>,
): void {
  for (const [device, ct] of welcomes) {
    if (!room.members.has(device)) continue
    const welcome = welcomeFor(channel, commit, ct)
    channel.held.set(device, welcome)
    if (channel.kept) channel.heldSinceMs.set(device, room.core.now())
    const seat = room.seats.get(device) ?? letIn(room, device)
    if (seat && (!channel.pair || seat.role === 'member')) deliverWelcome(channel, seat, welcome)
  }
}

/**
 * A commit that began the epoch in an earlier life of the relay is here again. The Welcomes that went down with that
 * life leave now, for those who still ask. False where the disk refused.
 */
export async function welcomeAgain(room: Room, committer: DeviceId, event: CommitEvent, at: Ordered): Promise<boolean> {
  const welcomes = new Map(
    event.welcomes.flatMap(({ to, ct }) => to.filter((device) => room.requests.has(device)).map((one) => [one, ct])),
  )
  const welcomed = event.welcomes.flatMap(({ to }) => to)
  const lost = lostNewcomers(room, welcomed, event.bundles)
  if (welcomes.size === 0 && lost.length === 0) return true
  const asking = [...welcomes.keys()]
  const answers = asking.map((device) => [device, room.requests.get(device)!.keyPackage] as const)
  const joining = asking.filter((device) => room.newcomer(device))
  try {
    await room.core.store.durable(
      ...joining.map((device) => putMember(room.address, device, room.newcomer(device)!.bundle, 'member')),
      ...lost.map(({ device, bundle }) => putMember(room.address, device, bundle, 'gone')),
      ...asking.map((device) => deleteRequest(room.address, device)),
    )
  } catch {
    return false
  }
  for (const identity of lost) room.gone.set(identity.device, identity)
  for (const [device, keyPackage] of answers) {
    room.answered.set(device, keyPackage)
    room.requests.delete(device)
  }
  admit(room, asking, joining)
  releaseWelcomes(room, room.main, { ...at, committer, epoch: event.epoch }, welcomes)
  room.userListChanged()
  noteReady(room)
  return true
}

async function withdraw(room: Room, channel: Channel): Promise<void> {
  const { pending } = channel.stream
  const { extras } = channel
  if (!pending || !extras) return
  const place = channel.placeOnDisk(pending.epoch, pending.after, extras.devicesBefore)
  const changes = [
    place.change,
    ...extras.removed.map((identity) => putMember(room.address, identity.device, identity.bundle, 'member')),
    ...(extras.joinKeysBefore ? [setJoinKeys(room.address, extras.joinKeysBefore)] : []),
    ...(extras.expectedBefore ? [setExpected(room.address, extras.expectedBefore.persons)] : []),
    ...(extras.leaderBefore ? [setLeader(room.address, extras.leaderBefore)] : []),
    ...keepVerdict(channel, pending.seq, 'withdrawn'),
  ]
  try {
    await room.core.store.durable(...changes)
  } catch (error) {
    // It stays pending: in time it stands by itself, which is as good an end as any on a disk that is full.
    room.core.report({ level: 'error', event: 'commit-not-withdrawn', room: room.address, ...describeFault(error) })
    return
  }
  place.marked()
  channel.stream.withdraw()
  const back = extras.devicesBefore?.filter((device) => !channel.devices?.includes(device)) ?? []
  if (extras.devicesBefore) moveDevices(room, channel, extras.devicesBefore)
  channel.extras = undefined
  clearTimeout(extras.timer)
  channel.kept?.dropWelcomes(pending.seq)
  if (extras.joinKeysBefore) room.joinKeys = extras.joinKeysBefore
  if (extras.expectedBefore) room.expected = extras.expectedBefore.persons
  if (extras.leaderBefore) room.leader = extras.leaderBefore
  for (const identity of extras.removed) {
    room.gone.delete(identity.device)
    room.members.set(identity.device, identity)
  }
  // They were let go of and heard nothing since: joining again brings them what they missed.
  for (const connection of extras.unseated) connection.close()
  for (const device of back) room.seats.get(device)?.connection.close()
  room.send(room.listeners(channel), verdictEvent(channel, pending, 'withdrawn'))
  room.log(channel.pair ? 'PAIR_COMMIT_WITHDRAWN' : 'COMMIT_WITHDRAWN', { seq: pending.seq, epoch: pending.epoch })
  if (channel.pair) return
  const reopened = pending.welcomed.flatMap((device) => room.newcomer(device) ?? room.members.get(device) ?? [])
  room.pubkeysChanged(reopened.filter(({ device }) => room.requests.has(device)))
  room.userListChanged()
}
