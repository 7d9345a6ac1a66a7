/**
 * Welcomes wait until their device says that it has them: in memory, where one lost with the relay is mended by rejoining,
 * and on disk too where the room keeps its sealed frames.
 */
import type { WelcomeEvent } from '@qsec/protocol'
import type { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import type { EncodedEvent } from './encoded-event.ts'
import { welcomeTaken } from './kept-commits.ts'

/** What has a greater part of what a reader may let wait is counted like a replay: that it is long is no slow reading. */
const longPart = 1 / 8

/** Sends a list of keys. */
export function sendKeys(seat: Seat, list: EncodedEvent): void {
  expectLong(seat, list.packet.length)
  seat.room.sendEncoded([seat], list)
}

function expectLong(seat: Seat, bytes: number): void {
  if (bytes > longPart * seat.room.core.limits.slowReaderBytes) seat.connection.expectReplay(bytes)
}

/**
 * Hands over a Welcome. A newcomer first gets the bundles of all members, which it needs to check the tree; so does a member
 * that has not been in yet, for an earlier Welcome was lost.
 */
export function deliverWelcome(channel: Channel, seat: Seat, welcome: WelcomeEvent): void {
  const { room } = seat
  if (!channel.pair) {
    if (seat.role !== 'member') seat.role = 'welcomed'
    if (!seat.hasBeenIn) sendKeys(seat, room.allPubkeys())
  }
  expectLong(seat, welcome.ct.length)
  seat.connection.emit('welcome', welcome, () => {
    if (channel.held.get(seat.device) === welcome) welcomeTaken(room, channel, seat.device)
  })
}
