/** What is said in the room about earlier messages: who asks for them, who takes that back, and who gave how many to whom. */
import type { DeviceId } from '@qsec/protocol'
import * as v from 'valibot'
import { type EarlierCount, earlierCounts, earlierMost } from '../quantum/earlier-content.ts'

export type EarlierSaid =
  /** The sender asks for the last `count` messages from before it came in. `share`: 16 bytes in base64url. */
  | { type: 'earlier-ask'; share: string; count: EarlierCount }
  | { type: 'earlier-ask-over'; share: string }
  /** The sender gives `to` that many. Said before the first of them goes out. */
  | { type: 'earlier-given'; share: string; to: DeviceId; count: number }

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/))

export const earlierSaid: v.GenericSchema<unknown, EarlierSaid> = v.variant('type', [
  v.object({ type: v.literal('earlier-ask'), share: id, count: v.picklist(earlierCounts) }),
  v.object({ type: v.literal('earlier-ask-over'), share: id }),
  v.object({
    type: v.literal('earlier-given'),
    share: id,
    to: id as unknown as v.GenericSchema<unknown, DeviceId>,
    count: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(earlierMost)),
  }),
])
