/** What this device knows of asks, offers and gifts that are under way. One row in storage; every change is a new value. */
import { type DeviceId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { type EarlierCount, earlierCounts } from '../quantum/earlier-content.ts'
import { parseStored } from '../room/device-store.ts'

const minuteMs = 60_000
/** An ask stands so long before the members; who presses *Not now* hears nothing of that device for as long. */
export const askMs: number = 15 * minuteMs
/** The next ask, after one. */
export const askAgainMs: number = minuteMs
/** An offer waits so long; and what was asked for may be so long on its way. */
export const waitMs: number = 24 * 60 * minuteMs

/** Asks and offers of others that are held; the oldest give way. */
const heldAtMost = 8

interface Named {
  share: string
  atMs: number
}
export interface Ask extends Named {
  count: EarlierCount
}
export interface FromDevice extends Ask {
  device: DeviceId
}
export interface Giving extends Named {
  to: DeviceId
  state: 'offered' | 'giving'
  count: number
  /** Of the messages that are given: `device/id`, oldest first. Empty while it is an offer. */
  messages: readonly string[]
  /** The receiver has the first so many. */
  taken: number
  /** The last part that went out ends here. */
  sent: number
}

export interface Records {
  /** Own ask. It is remembered when it is over, for what may be on its way, unless it was taken back. */
  ask?: Ask & { over: boolean }
  /** When this device asked last. */
  askedMs: number
  asks: readonly FromDevice[]
  offers: readonly FromDevice[]
  /** Offers that the person here accepted, and that have not begun to come. */
  accepted: readonly FromDevice[]
  giving: readonly Giving[]
  /** Whose asks and offers are not shown until then. */
  quiet: readonly { device: DeviceId; untilMs: number }[]
}

const device = v.custom<DeviceId>((input) => typeof input === 'string')
const ask = { share: v.string(), atMs: v.number(), count: v.picklist(earlierCounts) }
const fromDevice = v.object({ ...ask, device })
const stored: v.GenericSchema<unknown, Records> = v.object({
  ask: v.exactOptional(v.object({ ...ask, over: v.boolean() })),
  askedMs: v.number(),
  asks: v.array(fromDevice),
  offers: v.array(fromDevice),
  accepted: v.array(fromDevice),
  giving: v.array(
    v.object({
      share: v.string(),
      atMs: v.number(),
      to: device,
      state: v.picklist(['offered', 'giving']),
      count: v.number(),
      messages: v.array(v.string()),
      taken: v.number(),
      sent: v.number(),
    }),
  ),
  quiet: v.array(v.object({ device, untilMs: v.number() })),
})

export const noRecords: Records = { askedMs: 0, asks: [], offers: [], accepted: [], giving: [], quiet: [] }

export function readRecords(bytes: Uint8Array | undefined): Records {
  return parseStored(stored, bytes) ?? noRecords
}

export function writeRecords(records: Records): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(records))
}

/** One ask or offer for each device: a newer one takes the place of the older. */
export function held(before: readonly FromDevice[], next: FromDevice): readonly FromDevice[] {
  return [...before.filter((one) => one.device !== next.device), next].slice(-heldAtMost)
}

/** Without what has waited too long, or belongs to a device that is no member. A clock put back ends a wait too. */
export function pruned(records: Records, nowMs: number, isMember: (device: DeviceId) => boolean): Records {
  const lives = (atMs: number, forMs: number) => Math.abs(nowMs - atMs) < forMs
  const { ask: own, ...rest } = records
  const asks = rest.asks.filter((one) => lives(one.atMs, askMs) && isMember(one.device))
  const offers = rest.offers.filter((one) => lives(one.atMs, waitMs) && isMember(one.device))
  const accepted = rest.accepted.filter((one) => lives(one.atMs, waitMs) && isMember(one.device))
  const giving = rest.giving.filter((one) => isMember(one.to) && (one.state === 'giving' || lives(one.atMs, waitMs)))
  const quiet = rest.quiet.filter(({ untilMs }) => untilMs > nowMs && untilMs <= nowMs + askMs)
  const next: Records = { ...rest, asks, offers, accepted, giving, quiet }
  if (!own || !lives(own.atMs, waitMs)) return next
  return { ...next, ask: { ...own, over: own.over || !lives(own.atMs, askMs) } }
}
