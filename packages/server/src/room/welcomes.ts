/**
 * Welcomes wait until their device says that it has them: in memory, where one lost with the relay is mended by rejoining,
 * and on disk too where the room keeps its sealed frames.
 */
import type { WelcomeEvent } from '@qsec/protocol'
import type { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import { welcomeTaken } from './kept-commits.ts'

/** Hands over a Welcome. A newcomer first gets the bundles of all members, which it needs to check the tree. */
export function deliverWelcome(channel: Channel, seat: Seat, welcome: WelcomeEvent): void {
  const { room } = seat
  if (!channel.pair && seat.role !== 'member') {
    seat.role = 'welcomed'
    room.sendEncoded([seat], room.allPubkeys())
  }
  seat.connection.emit('welcome', welcome, () => {
    if (channel.held.get(seat.device) === welcome) welcomeTaken(room, channel, seat.device)
  })
}
