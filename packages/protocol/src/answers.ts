/** Every client event is answered with `{ok: true, …}` or a refusal with one of these codes. */
import * as v from 'valibot'
import { pairId } from './fields.ts'
import type { PairId } from './ids.ts'

export const refusalCodes = [
  'bad-request', // the packet does not fit the event's form, or a limit
  'version', // client and relay speak no common version of the protocol
  'login-failed', // signature, expiry, host or bundle do not hold
  'not-logged-in', // the event needs a login on this socket first
  'no-access', // the room does not exist, or not for this device: both look alike
  'exists', // a room or pair of that name is there already
  'room-full', // as many persons as were expected are inside
  'stale-epoch', // the frame was sealed in an epoch that is over
  'out-of-order', // an earlier frame of this device is missing
  'too-large', // over the limit of the event
  'rate-limited', // too much in too little time
  'unavailable', // the relay cannot keep its promise now (disk, shutdown): try again
  'internal', // a fault of the relay, logged there
] as const
export type RefusalCode = (typeof refusalCodes)[number]

export interface Refusal {
  ok: false
  code: RefusalCode
  /** For people: what happened and what to do. */
  message: string
  /** With `stale-epoch` and `out-of-order`: where the stream stands, so that the sender can catch up. */
  inc?: string
  epoch?: number
  seq?: number
  /** With `out-of-order`: the counter that the relay expects from this device. */
  n?: number
  /** With `exists` for a pair: the present stream of these two devices, which `open.replaces` may name. */
  pair?: PairId
  /** With `version`: the newest version that the relay speaks, so that the client can tell which of the two is older. */
  version?: number
}

export type Answer<T> = ({ ok: true } & T) | Refusal

const refusalSchema: v.GenericSchema<unknown, Refusal> = v.object({
  ok: v.literal(false),
  code: v.picklist(refusalCodes),
  message: v.pipe(v.string(), v.maxLength(1_000)),
  inc: v.exactOptional(v.string()),
  epoch: v.exactOptional(v.number()),
  seq: v.exactOptional(v.number()),
  n: v.exactOptional(v.number()),
  pair: v.exactOptional(pairId),
  version: v.exactOptional(v.number()),
})

/** Parses a refusal as a client meets it; undefined where it is none. */
export function parseRefusal(input: unknown): Refusal | undefined {
  const parsed = v.safeParse(refusalSchema, input)
  return parsed.success ? parsed.output : undefined
}
