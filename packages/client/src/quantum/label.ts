/** How an epoch may be called: a pure function of who is in it and what each leaf acknowledged (protocol.md §6). */
import type { DeviceId } from '@qsec/protocol'
import type { EpochLabel } from '../snapshot.ts'

export type PadKind = 'simulated' | 'hardware' | 'none'

export interface LabelInput {
  leaves: readonly DeviceId[]
  /** Who drew and committed the group secret: it needs no share. */
  committedBy: DeviceId
  acks: Readonly<Record<string, PadKind>>
}

/** The label, and over how many links the secret went under a pad, of all that a full star has. */
export function labelOf({ leaves, committedBy, acks }: LabelInput): {
  label: EpochLabel
  covered: number
  inAll: number
} {
  const receivers = leaves.filter((device) => device !== committedBy)
  const pads = receivers.map((device) => acks[device] ?? 'none')
  const covered = pads.filter((pad) => pad !== 'none').length
  const inAll = receivers.length
  if (inAll === 0 || covered < inAll) return { label: 'post-quantum', covered, inAll }
  const hardware = pads.every((pad) => pad === 'hardware')
  return { label: hardware ? 'quantum (hardware)' : 'quantum (simulated)', covered, inAll }
}
