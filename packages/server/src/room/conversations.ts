/**
 * Conversations: streams of two persons, with those of their devices that are in the group (protocol.md §5). Which devices
 * these are the relay is told with each commit; it decides only who gets frames and may send some.
 */
import {
  type CommitEvent,
  type DeviceId,
  limits,
  type OpenConversation,
  type PairId,
  type Refusal,
} from '@qsec/protocol'
import { type Change, deletePair } from '../store/changes.ts'
import { Channel } from './channel.ts'
import type { Opening } from './commits.ts'
import type { Seat } from './connection.ts'
import { refuse, refuseNonMember, refusePair } from './refuse.ts'
import type { Room } from './room.ts'
import { settle } from './settle.ts'

/** The stream that `open` begins, not in the room's list yet; or why it may not begin. */
export function openConversation(
  room: Room,
  seat: Seat,
  pair: PairId,
  { devices, replaces }: OpenConversation,
): Opening | Refusal {
  const all = [seat.device, ...devices]
  if (new Set(all).size !== all.length) return refuse('bad-request', 'open.devices: a device is named twice')
  if (!devices.every((device) => room.members.has(device))) return refuseNonMember()
  const persons = personsOf(room, all)
  if (!persons) return refuse('bad-request', 'open.devices: not of two persons, of whom this is one')
  const current = room.conversationOf(persons)
  if (current && current.pair !== replaces) return refusePair(current.pair!)
  if (!current && replaces) return refuse('no-access', 'open.replaces: that conversation has ended.')
  const channel = new Channel(room.core, { room: room.address, pair, devices: all, persons, epoch: 0 })
  return { channel, replaces: current }
}

/** The two persons behind `devices`, the smaller fingerprint first; undefined where there are not two. */
export function personsOf(room: Room, devices: readonly DeviceId[]): readonly [string, string] | undefined {
  const persons = [...new Set(devices.flatMap((device) => room.members.get(device)?.person ?? []))].sort()
  return persons.length === 2 ? [persons[0]!, persons[1]!] : undefined
}

/** What is wrong with a commit in a conversation whatever the state of its stream. */
export function conversationFault(room: Room, channel: Channel, event: CommitEvent): Refusal | undefined {
  if (event.joinKeys || event.expected !== undefined) {
    return refuse('bad-request', 'A conversation has neither invites nor a capacity.')
  }
  const joined = event.welcomes.flatMap((welcome) => welcome.to)
  if (event.open && 'devices' in event.open && joined.length !== event.open.devices.length) {
    return refuse('bad-request', 'welcomes: not one for each device of the conversation')
  }
  const isOfTheTwo = (device: DeviceId) => channel.persons!.includes(room.members.get(device)?.person ?? '')
  if (!joined.every((device) => isOfTheTwo(device) && (!event.open || channel.devices!.includes(device)))) {
    return refuse('bad-request', 'welcomes: not a device of the two')
  }
  return devicesAfter(channel, event).length <= limits.devicesPerConversation
    ? undefined
    : refuse('bad-request', 'welcomes: too many devices for one conversation')
}

/** Who is in the stream once `event` is taken. */
export function devicesAfter(channel: Channel, event: CommitEvent): DeviceId[] {
  const joined = event.welcomes.flatMap((welcome) => welcome.to)
  const staying = channel.devices!.filter((device) => !event.removed.includes(device))
  return [...new Set([...staying, ...joined])]
}

/** Changes who is in the stream. Who is out hears nothing more of it. */
export function moveDevices(room: Room, channel: Channel, devices: readonly DeviceId[]): void {
  const out = channel.devices!.filter((device) => !devices.includes(device))
  channel.devices = devices
  for (const device of out) {
    channel.held.delete(device)
    room.seats.get(device)?.channels.delete(channel)
  }
}

/**
 * Devices leave the room. Their pairs end, and so do conversations in which a person has no device left; the others go
 * on without them.
 */
export function partFrom(room: Room, gone: readonly DeviceId[]): { changes: Change[]; apply: () => void } {
  const affected = [...new Set(gone.flatMap((device) => room.pairsOf(device)))]
  const stay = (channel: Channel) => channel.devices!.filter((device) => !gone.includes(device))
  const goesOn = (channel: Channel) =>
    channel.persons?.every((person) => stay(channel).some((device) => room.members.get(device)?.person === person)) ??
    false
  const smaller = affected.filter(goesOn)
  const over = affected.filter((channel) => !goesOn(channel))
  const changes = [
    ...over.map((channel) => deletePair(room.address, channel.pair!)),
    ...smaller.map((channel) => {
      const { position, begunBy } = channel.stream
      return channel.placeOnDisk(position.epoch, begunBy, stay(channel)).change
    }),
  ]
  const apply = () => {
    for (const channel of over) room.endPair(channel)
    for (const channel of smaller) {
      moveDevices(room, channel, stay(channel))
      settle(room, channel)
    }
  }
  return { changes, apply }
}

/** Conversations of the device that it does not name and that no Welcome will bring: what it had of them is lost. */
export function straysOf(room: Room, device: DeviceId, named: readonly PairId[]): { pair: PairId; with: string }[] {
  const own = room.members.get(device)?.person
  return room.pairsOf(device).flatMap((channel) => {
    const other = channel.persons?.find((person) => person !== own)
    const awaited = channel.held.has(device) || channel.extras?.welcomes.has(device)
    return other === undefined || awaited || named.includes(channel.pair!) ? [] : [{ pair: channel.pair!, with: other }]
  })
}
