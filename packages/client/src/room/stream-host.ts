/** The room's stream: what it is made of here, and what follows from what it says. */
import { type DeviceId, toBase64Url } from '@qsec/protocol'
import { type Group, sha256, signCommitNack } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { Missing, PendingCommit, StreamFrame, StreamHost } from '../sync/session.ts'
import type { StreamParts } from '../sync/stream.ts'
import { effectsOf } from './epochs.ts'
import { fetchBundles } from './fetched-bundles.ts'
import type { RoomParts } from './parts.ts'
import { wakesSomebody } from './pushing.ts'
import { holdsBack, isSaid } from './quantum-policy.ts'
import { type CommitChange, type RoomApplication, roomOps } from './room-ops.ts'

const missingBundlesMs = 2_000
const gapMs = 500

export function streamParts(parts: RoomParts): StreamParts<Group, RoomApplication, CommitChange> {
  const { storage, env, queue, bundles, transport, address } = parts.core
  return {
    prefix: parts.core.key('room'),
    storage,
    clock: env.clock,
    queue,
    ops: roomOps(bundles.source, parts.quantum.psks),
    wire: {
      send: (_kind, id, epoch, n, frame, until) =>
        transport.request('encrypted_message', {
          ...{ room: address, id, epoch, n, ct: toBase64Url(frame) },
          ...(isSaid({ until }) && wakesSomebody(parts.core) ? { wakes: true } : {}),
        }),
    },
    host: streamHost(parts),
    ...(parts.core.copies ? { copies: parts.core.copies } : {}),
  }
}

function streamHost(parts: RoomParts): StreamHost<Group, RoomApplication, CommitChange> {
  const { core, ears, entrance, trust } = parts
  return {
    onContent: (frame, application) => ears.onContent(frame, application),
    onCommit: (frame, change, group, own) => onCommit(parts, frame, change, group, own),
    onOwn: async (frame) => {
      const row = core.stream?.rows.find(({ id }) => id === frame.id)
      if (!row) return []
      const { device } = core
      const placed = await core.timeline.ordered(device, row.id, frame.seq)
      if (!core.timeline.has(device, row.id)) return placed
      const lifetimeS = core.stream?.group.settings?.lifetimeS
      return [...placed, ...(await parts.vanishing.sent({ device, id: row.id }, lifetimeS))]
    },
    // A frame that was opened before is a retry that arrived twice: nothing is missing and nothing to tell.
    onRefused: (frame, reason) =>
      reason === 'replayed'
        ? []
        : [...core.timeline.tell({ type: 'unreadable', reason }, frame.atMs), ...ears.onShut(frame, reason)],
    onLost: (lost) => [...core.forgetPlaces(), ...core.timeline.tell({ type: 'gap', ...lost }, core.nowMs)],
    onStored: () => {
      core.changed()
      parts.considerAll()
    },
    onAdopted: ({ seq }) => void core.transport.request('commit_ack', { room: core.address, seq }),
    onInvalidCommit: (frame, reason) => void core.later(() => refuse(parts, frame, reason)),
    onMissing: (what, { seq }) => onMissing(parts, what, seq),
    onFailed: (error) => core.fail(error),
    onFallenOut: () => entrance.rejoin(),
    onUnproven: () => parts.considerAll(),
    // Also what was written before somebody came in under a verified name with other keys. In a room that has ended the
    // relay would take it, and nobody read it.
    holds: (row) => isSaid(row) && (hasEnded(core) || holdsBack(core) || trust.blockedBy().length > 0),
    onGap: () => core.timers.setOnce('gap', gapMs, () => entrance.resume()),
    onHole: () => parts.catchUp.begin(),
  }
}

function hasEnded({ stream }: RoomParts['core']): boolean {
  return stream?.group.settings?.ended === true
}

function onCommit(
  parts: RoomParts,
  frame: StreamFrame,
  change: CommitChange | undefined,
  group: Group,
  own: PendingCommit<Group> | undefined,
): StorageChange[] {
  const { core, membership, quantum, links, voice } = parts
  parts.picture.redraw()
  if (change?.selfRemoved) {
    if (change.rejoined.includes(core.device)) parts.entrance.awaitWelcome(change.ownReturn, frame)
    else return onRemoved(parts, change)
    return []
  }
  const { note, by, settings, changes } = effectsOf(core, quantum, frame, group, change, own)
  changes.push(...parts.provenance.onCommit(note, by, group, settings))
  const { added, removed, rejoined } = note
  for (const device of added) changes.push(...links.onUsed(membership.requests.of(device)?.shown.link?.id))
  membership.requests.settled([...added, ...rejoined, ...removed])
  if (rejoined.length > 0) void core.later(() => quantum.onRejoined(rejoined))
  if (added.length + removed.length + rejoined.length > 0) void core.later(() => quantum.onMembers())
  if (group.settings?.ended) void core.later(() => parts.goodbye.conclude())
  if (added.length + rejoined.length > 0) {
    if (own) void core.later(() => voice.sayAllNames(group))
    const { on, by: whose } = core.self.eavesdropper
    // Whoever switched the simulated eavesdropper on says so to newcomers: their ends of links are to have one too.
    if (on && whose === core.device) void core.later(() => voice.say({ type: 'eavesdropper', on }))
  }
  return [...changes, ...parts.trust.notice(group)]
}

/**
 * This device is taken out: its keys of the room go at once. What was said stays until the person decides, but on a device that
 * its own person took out elsewhere, as one does with a lost one.
 */
function onRemoved({ core, membership }: RoomParts, { sender }: CommitChange): StorageChange[] {
  if (sender.person === core.identity.person) {
    void core.later(() => core.erase({ at: 'removed', byOwn: true }))
    return []
  }
  void core.later(() => {
    membership.close()
    return core.conclude({ at: 'removed' })
  })
  return core.timeline.tell({ type: 'removed', people: [core.device], by: sender.device }, core.nowMs)
}

async function refuse({ core, ears }: RoomParts, frame: StreamFrame, reason: string): Promise<void> {
  await core.store(ears.onShut(frame, reason))
  const { address: room, identity, transport } = core
  const hash = sha256(frame.ct)
  const refusal = { room, epoch: frame.epoch, seq: frame.seq, hash, reason }
  const signature = toBase64Url(await signCommitNack(identity, refusal))
  void transport.request('commit_nack', { ...refusal, hash: toBase64Url(hash), signature })
}

/** The frame at `seq` waits. A relay that does not hand out what is missing is asked seldom, not all the time. */
function onMissing({ core, quantum, missingShare }: RoomParts, what: Missing, seq: number): void {
  const again = () => void core.later(() => core.stream?.retryBlocked())
  if (what.type === 'bundles') {
    core.timers.set('missing', missingBundlesMs, again)
    const have = () => what.credentials.every((credential) => core.bundles.source(credential))
    core.beside(fetchBundles(core, what.credentials).then(() => have() && again()))
    return
  }
  void core.later(() => quantum.onMembers()) // the share may have come before the members that it is for
  missingShare.onMissing(seq, what.id, what.from as DeviceId)
}
