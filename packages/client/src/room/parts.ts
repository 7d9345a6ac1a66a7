/** What one device's room is made of. The parts hear of each other only as `assemble.ts` joins them. */
import type { Conversations } from '../conversations/conversations.ts'
import type { Earlier } from '../earlier/earlier.ts'
import type { Provenance } from '../provenance/provenance.ts'
import type { Quantum } from '../quantum/quantum.ts'
import type { CatchUp } from './catch-up.ts'
import type { RoomCore } from './core.ts'
import type { DeviceLinks } from './device-links.ts'
import type { Ears } from './ears.ts'
import type { Entrance } from './entrance.ts'
import type { GapGiver } from './gap-giver.ts'
import type { Goodbye } from './goodbye.ts'
import type { Keeping } from './keeping.ts'
import type { Leading } from './leading.ts'
import type { Membership } from './membership.ts'
import type { MissingShare } from './missing-share.ts'
import type { Notes } from './notes.ts'
import type { Picture } from './picture.ts'
import type { Reading } from './reading.ts'
import type { ServerHoldings } from './server-holdings.ts'
import type { Speaking } from './speaking.ts'
import type { Successor } from './successor.ts'
import type { Trust } from './trust.ts'
import type { Vanishing } from './vanishing.ts'
import type { Voice } from './voice.ts'

export interface RoomParts {
  readonly core: RoomCore
  readonly membership: Membership
  readonly quantum: Quantum
  readonly provenance: Provenance
  readonly conversations: Conversations
  readonly notes: Notes
  readonly vanishing: Vanishing
  readonly reading: Reading
  readonly entrance: Entrance
  readonly goodbye: Goodbye
  readonly voice: Voice
  readonly ears: Ears
  readonly speaking: Speaking
  readonly holdings: ServerHoldings
  readonly leading: Leading
  readonly picture: Picture
  readonly trust: Trust
  readonly links: DeviceLinks
  readonly successor: Successor
  readonly earlier: Earlier
  readonly catchUp: CatchUp
  readonly missingShare: MissingShare
  readonly giver: GapGiver
  readonly keeping: Keeping
  /** Looks for what the room may need from this device now. */
  considerAll(): void
}
