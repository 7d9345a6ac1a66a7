/** Welcomes wait in memory until their device says that it has them; one lost with the relay is mended by rejoining. */
import type { WelcomeEvent } from '@qsec/protocol'
import type { Channel } from './channel.ts'
import type { Seat } from './connection.ts'

/** Hands over a Welcome. A newcomer first gets the bundles of all members, which it needs to check the tree. */
export function deliverWelcome(channel: Channel, seat: Seat, welcome: WelcomeEvent): void {
  const { room } = seat
  if (!channel.pair && seat.role !== 'member') {
    seat.role = 'welcomed'
    room.sendEncoded([seat], room.allPubkeys())
  }
  seat.connection.emit('welcome', welcome, () => {
    if (channel.held.get(seat.device) === welcome) channel.held.delete(seat.device)
  })
}
