/** What a device notes of each epoch that it has been in: where its keys come from. Names of keys, and nothing of the keys. */
import type { DeviceId } from '@qsec/protocol'
import * as v from 'valibot'
import type { PadKind } from '../quantum/label.ts'
import type { EpochLabel } from '../snapshot.ts'

/** How this device came into the epoch: it made the room, was let in, came back as a new leaf, or followed a commit. */
export type EpochEntry = 'created' | 'entered' | 'returned' | 'commit'

/** The group secret from quantum links that is part of an epoch's keys. */
export interface QuantumPart {
  uuid: string
  /** The epoch in which it came in. */
  since: number
  /** Who drew it and gave it to the others. */
  from: DeviceId
  /** Under what each of the others got it: a pad from BB84 or from hardware, or none. */
  links: [device: DeviceId, pad: PadKind][]
}

export interface EpochRecord {
  epoch: number
  /** By this device's clock. */
  atMs: number
  entry: EpochEntry
  /** Whose commit began it; absent where this device did not see that commit. */
  by?: DeviceId
  /** What that commit did. */
  added: DeviceId[]
  removed: DeviceId[]
  rejoined: DeviceId[]
  settings: boolean
  /** It brought fresh X25519 and ML-KEM-768 keys of `by`. */
  path: boolean
  /** The secret of an invite link is mixed in. */
  linkKey: boolean
  /** The label as it was last in this epoch. */
  label: EpochLabel
  linksCovered: number
  linksInAll: number
  quantum?: QuantumPart
  /** An eavesdropper showed on a link, and the label fell back with it. */
  eavesdropper?: true
}

/** People of one commit that are noted. */
export const peopleNoted = 32

const device = v.custom<DeviceId>((input) => typeof input === 'string')
const people = v.array(device)
const stored: v.GenericSchema<unknown, EpochRecord> = v.object({
  epoch: v.number(),
  atMs: v.number(),
  entry: v.picklist(['created', 'entered', 'returned', 'commit']),
  by: v.exactOptional(device),
  added: people,
  removed: people,
  rejoined: people,
  settings: v.boolean(),
  path: v.boolean(),
  linkKey: v.boolean(),
  label: v.picklist(['post-quantum', 'quantum (simulated)', 'quantum (hardware)']),
  linksCovered: v.number(),
  linksInAll: v.number(),
  quantum: v.exactOptional(
    v.object({
      uuid: v.string(),
      since: v.number(),
      from: device,
      links: v.array(v.tuple([device, v.picklist(['simulated', 'hardware', 'none'])])),
    }),
  ),
  eavesdropper: v.exactOptional(v.literal(true)),
})

export { stored as storedEpoch }
