/** Commits of a room that keeps its sealed frames, with their Welcomes until each device has its own. */
import type { Base64Url, DeviceId, WelcomeEvent } from '@qsec/protocol'
import { describeFault } from '../report.ts'
import type { Change } from '../store/changes.ts'
import { deleteWelcome, deleteWelcomesOf, putFrames, putWelcome, setVerdict } from '../store/kept.ts'
import type { StoredCommit } from '../stream/frame.ts'
import type { PendingCommit } from '../stream/stream.ts'
import type { Channel } from './channel.ts'
import { adopt, keepFromNow } from './keeping.ts'
import type { Room } from './room.ts'

/** What a commit adds to the transaction that makes it so; nothing in a room that keeps nothing. */
export function keepCommit(
  room: Room,
  channel: Channel,
  commit: Omit<StoredCommit, 'type' | 'seq' | 'verdict'>,
  sealed: { welcomes: ReadonlyMap<DeviceId, Base64Url>; answers: ReadonlyMap<DeviceId, string> },
): Change[] {
  if (!room.keeping) return []
  const { inc, seq: last } = channel.stream.position
  const frame: StoredCommit = { ...commit, type: 'commit', seq: last + 1 }
  return [
    // A pair that this commit begins.
    ...(channel.kept ? [] : keepFromNow(channel)),
    putFrames(channel, [frame]),
    ...[...sealed.welcomes].map(([device, ct]) =>
      putWelcome(
        welcomeFor(channel, { committer: commit.device, inc, seq: frame.seq, epoch: commit.epoch }, ct),
        device,
        sealed.answers.get(device) ?? '',
        commit.atMs,
      ),
    ),
  ]
}

/** The commit is on disk. */
export function keptCommit(room: Room, channel: Channel, frame: StoredCommit): void {
  if (!room.keeping) return
  if (!channel.kept) adopt(room, channel)
  room.keeping.kept(channel, frame)
  room.keeping.shrink()
}

/** What the verdict on a commit adds to its transaction. */
export function keepVerdict(channel: Channel, seq: number, verdict: NonNullable<StoredCommit['verdict']>): Change[] {
  if (!channel.kept) return []
  return [setVerdict(channel, seq, verdict), ...(verdict === 'withdrawn' ? [deleteWelcomesOf(channel, seq)] : [])]
}

/** Who came in with a commit has no use for what was before it. */
export function keptStands(room: Room, channel: Channel, commit: PendingCommit): void {
  for (const device of commit.welcomed) room.keeping?.reached(channel, device, commit.seq)
  room.keeping?.membersChanged()
}

/** The Welcome of a commit as its device gets it. */
export function welcomeFor(
  channel: Channel,
  commit: { committer: DeviceId; inc: WelcomeEvent['inc']; seq: number; epoch: number },
  ct: Base64Url,
): WelcomeEvent {
  const { committer: from, inc, seq, epoch } = commit
  return { room: channel.room, ...(channel.pair ? { pair: channel.pair } : {}), from, inc, seq, epoch: epoch + 1, ct }
}

/** The device has its Welcome. */
export function welcomeTaken(room: Room, channel: Channel, device: DeviceId): void {
  const welcome = channel.held.get(device)
  if (!welcome) return
  channel.held.delete(device)
  channel.heldSinceMs.delete(device)
  if (!channel.kept) return
  const { store, report } = room.core
  store
    .durable(deleteWelcome(channel, device, welcome.seq))
    .then(() => store.eraseSoon())
    // It is handed out once more after a restart, which its device notices.
    .catch((error) => report({ level: 'warn', event: 'welcome-not-deleted', ...describeFault(error) }))
}
