/** What a room knows of a connected device. The socket behind it is none of its business. */
import type { DeviceId, RelayEventName, RelayEvents, RoomLogLine } from '@qsec/protocol'
import type { Channel } from './channel.ts'
import type { EncodedEvent } from './encoded-event.ts'
import type { Identity } from './identity.ts'
import type { Room } from './room.ts'

export interface Connection {
  /** Sends an event; `taken` runs when the device acknowledges it. */
  emit<K extends RelayEventName>(name: K, payload: RelayEvents[K], taken?: () => void): void
  /** Sends an event that goes to others as well, and was encoded for all of them. */
  emitEncoded(event: EncodedEvent): void
  /** Cuts the connection once what is on its way has left. */
  close(): void
  /** Replaying frames may fill the connection far beyond what a live reader lets wait. */
  expectReplay(bytes: number): void
  /** The room has given this connection a seat. */
  onSeated(seat: Seat): void
  /** The device waits outside, at a door behind which there may be a room. */
  onKnocking(): void
  /** The room has let go of this connection, which may join again. */
  onUnseated(): void
}

/** One device's place in its room for as long as its connection lasts. */
export interface Seat {
  readonly room: Room
  readonly device: DeviceId
  readonly identity: Identity
  readonly connection: Connection
  /**
   * `waiting`: not let in yet. `welcomed`: a member that has not shown a cursor since its Welcome.
   * `member`: in the room, and its `channels` are live.
   */
  role: 'waiting' | 'welcomed' | 'member'
  /** It has named a cursor of the room's stream: so it has been in the group, and has the keys of all or fetches them. */
  hasBeenIn: boolean
  /** The streams that this connection has resumed. */
  readonly channels: Set<Channel>
  /** The last line of the room log that was sent, and what came before the first were. */
  logs: { sent: number | undefined; early: RoomLogLine[] }
}
