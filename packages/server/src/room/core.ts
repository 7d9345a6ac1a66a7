/** What all rooms share: the disk, the clock, the limits, the budget of the rings, and where faults are reported. */
import type { RelayLimits } from '../limits.ts'
import type { PushSender } from '../push/sender.ts'
import type { Reporter } from '../report.ts'
import type { Store } from '../store/store.ts'
import type { KeptTotal } from '../stream/kept.ts'
import type { RingBudget } from '../stream/ring-budget.ts'
import type { Tally } from '../tally.ts'
import type { DeviceLinks } from './device-links.ts'
import type { Doorstep } from './doorstep.ts'
import type { HeldPieces } from './held-pieces.ts'
import type { Room } from './room.ts'

export interface Core {
  readonly store: Store
  readonly limits: RelayLimits
  readonly now: () => number
  readonly budget: RingBudget
  /** What rooms that keep their sealed frames have on disk. */
  readonly kept: KeptTotal
  readonly doorstep: Doorstep
  readonly links: DeviceLinks
  /** Pieces of files that are on their way to several. */
  readonly pieces: HeldPieces
  readonly tally: Tally
  /** Calls devices that are away; undefined where the operator has not switched it on. */
  readonly push: Pick<PushSender, 'publicKey' | 'call'> | undefined
  readonly report: Reporter
  /** Takes an ended room off the list. */
  readonly onEnded: (room: Room) => void
}
