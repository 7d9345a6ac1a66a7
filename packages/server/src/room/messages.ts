/** Frames into a stream: the room's, or a pair's. */
import type { Answer, EncryptedMessage, Ordered } from '@qsec/protocol'
import type { MessageEvent, StoredMessage } from '../stream/frame.ts'
import type { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import { frameEvent } from './events.ts'
import { refuseNonMember, refuseOrder, refuseStale, unavailable } from './refuse.ts'
import { noteSpoken } from './reopen.ts'
import type { Room } from './room.ts'
import { standSoon } from './settle.ts'

/** The stream that an event of `seat` names: one of which the device is an end. */
export function channelFor(seat: Seat, pair: EncryptedMessage['pair']): Channel | undefined {
  if (pair === undefined) return seat.room.main
  const channel = seat.room.pairs.get(pair)
  // A pair is over when one of its ends is; a conversation goes on with the devices that are left.
  const inside = channel?.persons || channel?.devices?.every((device) => seat.room.members.has(device))
  return inside && channel?.devices?.includes(seat.device) ? channel : undefined
}

/** Answers at once, but for the few sequence numbers that wait for a new mark on the disk. */
export function takeMessage(
  room: Room,
  seat: Seat,
  name: MessageEvent,
  message: EncryptedMessage & { to?: string },
): Answer<Ordered> | Promise<Answer<Ordered>> {
  const channel = channelFor(seat, message.pair)
  if (!channel) return refuseNonMember()
  if (message.to !== undefined && message.to !== channel.peerOf(seat.device)) return refuseNonMember()
  const { stream } = channel
  const { id, epoch, n } = message
  const verdict = stream.judgeMessage({ device: seat.device, id, epoch, n })
  if (verdict.type === 'known') return { ok: true, inc: stream.inc, seq: verdict.seq }
  if (verdict.type === 'stale-epoch') return refuseStale(stream.position)
  if (verdict.type === 'out-of-order') return refuseOrder(stream.position, verdict.n)
  if (!channel.needsMark) return relay(room, seat, channel, name, message)
  return reserveSeq(channel, room).then((reserved) =>
    reserved ? relay(room, seat, channel, name, message) : unavailable(),
  )
}

function relay(
  room: Room,
  seat: Seat,
  channel: Channel,
  name: MessageEvent,
  { id, epoch, n, ct, wakes }: EncryptedMessage,
): Answer<Ordered> {
  const { stream } = channel
  const frame = stream.append({ event: name, device: seat.device, id, epoch, n, ct, atMs: room.core.now() })
  hand(room, channel, seat, frame)
  if (wakes) room.pushes.wake(channel, seat.device)
  return { ok: true, inc: stream.inc, seq: frame.seq }
}

/** Hands a frame of `seat` that has its place to everybody in the stream. */
export function hand(room: Room, channel: Channel, seat: Seat, frame: StoredMessage): void {
  const { seq, epoch, ct } = frame
  room.send(room.listeners(channel), frameEvent(channel, frame))
  if (!channel.pair) {
    room.logFeed.ride()
    noteSpoken(room, seat)
  }
  logRelayed(room, channel, seat, frame.event, { seq, bytes: Math.floor((ct.length * 3) / 4), epoch })
  // A sealed frame in the new epoch shows that its sender has adopted the commit.
  if (channel.stream.confirms(seat.device)) standSoon(room, channel, channel.stream.pending!.seq)
}

async function reserveSeq(channel: Channel, room: Room): Promise<boolean> {
  const { position, begunBy } = channel.stream
  const place = channel.placeOnDisk(position.epoch, begunBy)
  try {
    await room.core.store.durable(place.change)
  } catch {
    return false // the sender is told to try again
  }
  place.marked()
  return true
}

function logRelayed(
  room: Room,
  channel: Channel,
  seat: Seat,
  name: MessageEvent,
  size: { seq: number; bytes: number; epoch: number },
): void {
  const to = channel.peerOf(seat.device)
  if (!channel.pair) {
    room.core.store.logRelayed(room.address, { ...size, device: seat.device })
  } else if (!to || name === 'encrypted_message') {
    // Private messages: every member reads the room log, and who talks to whom is nobody's business.
    room.log('PAIR_RELAYED', { bytes: size.bytes })
  } else {
    const tag = name === 'roomkey_share' ? 'ROOMKEY_RELAYED' : 'BB84_RELAYED'
    room.log(tag, { from: seat.device, to, bytes: size.bytes })
  }
}
