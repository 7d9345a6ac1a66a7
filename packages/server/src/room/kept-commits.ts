/** Commits of a room that keeps its sealed frames, with their Welcomes until each device has its own. */
import type { Base64Url, CommitEvent, DeviceId, WelcomeEvent } from '@qsec/protocol'
import { describeFault } from '../report.ts'
import type { Change } from '../store/changes.ts'
import { deleteWelcome, deleteWelcomesOf, type KeptWelcome, putFrames, putWelcomes, setVerdict } from '../store/kept.ts'
import type { StoredCommit } from '../stream/frame.ts'
import type { PendingCommit } from '../stream/stream.ts'
import type { Channel } from './channel.ts'
import { adopt, channelsOf, keepFromNow, noteWelcomesGone } from './keeping.ts'
import type { Room } from './room.ts'

/** Of what a room may keep, so much may be Welcomes. One that finds no room waits in memory, as in other rooms. */
const welcomesShare = 4

/** What a commit adds to the transaction that makes it so, and what to note once it is on disk. */
export function keepCommit(
  room: Room,
  channel: Channel,
  commit: Omit<StoredCommit, 'type' | 'seq' | 'verdict'>,
  sealed: { welcomes: CommitEvent['welcomes']; answers: ReadonlyMap<DeviceId, string> },
): { changes: Change[]; kept: (frame: StoredCommit) => void } {
  if (!room.keeping) return { changes: [], kept: () => undefined }
  const { inc, seq: last } = channel.stream.position
  const frame: StoredCommit = { ...commit, type: 'commit', seq: last + 1 }
  const { seq, epoch, atMs, device: sender } = frame
  const welcomes: KeptWelcome[] = sealed.welcomes.map(({ ct, to }) => ({
    ct,
    to: to.map((device) => ({ device, answers: sealed.answers.get(device) ?? '' })),
  }))
  const bytes = welcomes.reduce((sum, { ct }) => sum + ct.length, 0)
  const held = channelsOf(room).reduce((sum, { kept }) => sum + (kept?.welcomeBytes ?? 0), 0)
  const fits = bytes > 0 && held + bytes <= room.core.limits.keptBytesPerRoom / welcomesShare
  return {
    changes: [
      // A pair that this commit begins.
      ...(channel.kept ? [] : keepFromNow(channel)),
      putFrames(channel, [frame]),
      ...(fits ? [putWelcomes(channel, { sender, inc, seq, epoch: epoch + 1, atMs }, welcomes)] : []),
    ],
    kept: (committed) => {
      if (!channel.kept) adopt(room, channel)
      if (fits) channel.kept!.addWelcomes(seq, bytes)
      room.keeping?.kept(channel, committed)
      room.keeping?.shrink()
    },
  }
}

/** What the verdict on a commit adds to its transaction. */
export function keepVerdict(channel: Channel, seq: number, verdict: NonNullable<StoredCommit['verdict']>): Change[] {
  if (!channel.kept) return []
  return [setVerdict(channel, seq, verdict), ...(verdict === 'withdrawn' ? [deleteWelcomesOf(channel, seq)] : [])]
}

/** Who came in with a commit has no use for what was before it. Welcomes of those who did not come in are deleted. */
export function keptStands(room: Room, channel: Channel, commit: PendingCommit): void {
  for (const device of commit.welcomed) room.keeping?.reached(channel, device, commit.seq)
  room.keeping?.membersChanged()
  const still = commit.welcomed.filter((device) => channel.held.get(device)?.seq === commit.seq)
  if (still.length < commit.welcomed.length) forgetWelcomes(room, channel, deleteWelcomesOf(channel, commit.seq, still))
  noteWelcomesGone(channel, commit.seq)
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
  forgetWelcomes(room, channel, deleteWelcome(channel, device, welcome.seq))
  noteWelcomesGone(channel, welcome.seq)
}

function forgetWelcomes(room: Room, channel: Channel, change: Change): void {
  if (!channel.kept) return
  const { store, report } = room.core
  store
    .durable(change)
    .then(() => store.eraseSoon())
    // It is handed out once more after a restart, which its device notices.
    .catch((error) => report({ level: 'warn', event: 'welcome-not-deleted', ...describeFault(error) }))
}
