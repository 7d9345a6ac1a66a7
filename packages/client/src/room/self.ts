/** What a device keeps of its own doings in a room: counters, the switch, how the epoch may be called. */
import { type DeviceId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import type { StorageChange } from '../ports.ts'
import type { PadKind } from '../quantum/label.ts'
import { parseStored } from './device-store.ts'

export interface SelfState {
  /** Counter of this device's next content. */
  counter: number
  /** Hash chain over its contents so far, base64url. */
  chain: string
  eavesdropper: { on: boolean; by?: DeviceId }
  /** Who acknowledged which group secret, and under what it came; the newest few. */
  acks: { uuid: string; pads: Record<string, PadKind> }[]
  /** The group secret that the present members share, if there is one. */
  secret?: { uuid: string; committedBy: DeviceId }
  /** When this device last renewed its own path. */
  pathMs: number
  /** Devices that said that they leave and are still in the tree. */
  leaving: DeviceId[]
  /** Their signed word for it, base64url, by device: what others check when they are taken out. */
  leaveProofs: Record<string, string>
  /** Requests that a person here turned down: not shown again. */
  declined: DeviceId[]
  /** Ids of own messages in the timeline that wait for quantum keys, in order. */
  held?: string[]
  /** Something came that its sender wants to know about, and this device has not said yet that it has it. */
  receiptOwed?: boolean
}

export function newSelf(): SelfState {
  return {
    counter: 0,
    chain: '',
    eavesdropper: { on: false },
    acks: [],
    pathMs: 0,
    leaving: [],
    leaveProofs: {},
    declined: [],
  }
}

const device = v.custom<DeviceId>((input) => typeof input === 'string')
const stored: v.GenericSchema<unknown, SelfState> = v.object({
  counter: v.number(),
  chain: v.string(),
  eavesdropper: v.object({ on: v.boolean(), by: v.exactOptional(device) }),
  acks: v.array(
    v.object({ uuid: v.string(), pads: v.record(v.string(), v.picklist(['simulated', 'hardware', 'none'])) }),
  ),
  secret: v.exactOptional(v.object({ uuid: v.string(), committedBy: device })),
  pathMs: v.number(),
  leaving: v.array(device),
  leaveProofs: v.record(v.string(), v.string()),
  declined: v.array(device),
  held: v.exactOptional(v.array(v.string())),
  receiptOwed: v.exactOptional(v.boolean()),
})

export function selfChange(key: string, self: SelfState): StorageChange {
  return { type: 'put', key, value: utf8(JSON.stringify(self)) }
}

export function parseSelf(bytes: Uint8Array | undefined): SelfState | undefined {
  return parseStored(stored, bytes)
}

/** Group secrets whose acknowledgements are kept. */
const acksKept = 4

/** Notes that `device` has the group secret `uuid`, and under what kind of pad it came. */
export function withAck(self: SelfState, uuid: string, device: DeviceId, pad: PadKind): Pick<SelfState, 'acks'> {
  const pads = { ...self.acks.find((one) => one.uuid === uuid)?.pads, [device]: pad }
  const isPresent = (one: { uuid: string }) => one.uuid === self.secret?.uuid
  const acks = [...self.acks.filter((one) => one.uuid !== uuid), { uuid, pads }]
  // Whoever makes up secrets must not push out those of the present one.
  return { acks: [...acks.filter(isPresent), ...acks.filter((one) => !isPresent(one)).slice(-acksKept)] }
}
