/** Stored frames in the form in which they come down. */
import type { DeviceId, RelayEventName, RelayEvents } from '@qsec/protocol'
import type { StoredCommit, StoredFrame } from '../stream/frame.ts'
import type { Channel } from './channel.ts'

export type RelayEvent = { [K in RelayEventName]: { name: K; payload: RelayEvents[K] } }[RelayEventName]

export function frameEvent(channel: Channel, frame: StoredFrame): RelayEvent {
  const { room, pair, stream } = channel
  const { seq, epoch, id, ct, device } = frame
  const common = { room, inc: stream.inc, seq, epoch, id, ct, at: frame.atMs }
  const named = pair ? { ...common, pair } : common
  if (frame.type === 'commit') {
    const { bundles, joined, removed } = frame
    return { name: 'commit', payload: { ...named, device, bundles, joined, removed } }
  }
  if (frame.event === 'encrypted_message') return { name: frame.event, payload: { ...named, device, n: frame.n } }
  if (!pair) throw new Error('a pair frame in a stream of a room')
  return { name: frame.event, payload: { ...common, pair, from: device, n: frame.n } }
}

/** What became of a commit. */
export function verdictEvent(
  channel: Channel,
  commit: Pick<StoredCommit, 'seq' | 'epoch'>,
  verdict: NonNullable<StoredCommit['verdict']>,
): RelayEvent {
  const { room, pair, stream } = channel
  const payload = { room, ...(pair ? { pair } : {}), inc: stream.inc, seq: commit.seq, epoch: commit.epoch }
  return { name: verdict === 'stands' ? 'commit_stands' : 'commit_nack', payload }
}

/**
 * That the commit stands which began the epoch, for its own committer: it may have gone before it heard so, and seals nothing
 * until it does. Undefined where somebody else made it, it is not decided, or the word comes with the frame itself.
 */
export function standingEvent(
  { room, pair, stream }: Channel,
  device: DeviceId,
  replayed: readonly StoredFrame[],
): RelayEvent | undefined {
  const { standing, position } = stream
  if (standing?.device !== device || replayed.some(({ seq }) => seq === standing.seq)) return undefined
  const { inc, seq } = standing
  return { name: 'commit_stands', payload: { room, ...(pair ? { pair } : {}), inc, seq, epoch: position.epoch - 1 } }
}

/** A frame as a device gets it that was away, with what it would have heard of it meanwhile. */
export function replayEvents(channel: Channel, frame: StoredFrame): RelayEvent[] {
  const event = frameEvent(channel, frame)
  if (frame.type !== 'commit' || !frame.verdict) return [event]
  return [event, verdictEvent(channel, frame, frame.verdict)]
}
