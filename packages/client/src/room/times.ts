/** Clocks of others: what they say is shown as theirs, and as doubtful where it cannot be. */

/** Past it there is no calendar date (ECMA-262 §21.4.1.1), and whoever formats one gets an exception. */
const lastDateMs = 8.64e15
/** Clocks that nobody set are off by minutes. */
const slackMs = 10 * 60_000

/** A time that the relay gave, or now where it is no date at all. */
export function dateOr(atMs: number, nowMs: number): number {
  return atMs <= lastDateMs ? atMs : nowMs
}

/**
 * When a message was written, for showing. A sender may have written it long before it was ordered (offline), never
 * after it arrived, and never before its device was made. Where its clock says so, the time of arrival stands instead.
 *
 * @param arrivedMs - by the relay's clock
 * @param deviceMadeMs - by the sender's clock
 */
export function writtenAt(
  saidMs: number,
  arrivedMs: number,
  nowMs: number,
  deviceMadeMs: number,
): { atMs: number; doubtful?: true } {
  const arrived = dateOr(arrivedMs, nowMs)
  const tooLate = saidMs > Math.min(lastDateMs, Math.max(arrived, nowMs) + slackMs)
  const tooEarly = saidMs < deviceMadeMs - slackMs
  return tooLate || tooEarly ? { atMs: arrived, doubtful: true } : { atMs: saidMs }
}

/**
 * Two opinions of the time. A clock that jumps while a device is connected makes them differ: then only what both say
 * is done by itself.
 */
export interface TwoClocks {
  /** This device's. */
  nowMs: number
  /** The relay's, as `RoomCore.relayMs` counts it. */
  relayMs: number
}

/** No link lives longer: one that ends later than this from now was dated by a wrong clock. */
const linkLivesAtMostMs = 400 * 86_400_000

/** Whether a link lives by this device's own clock, which alone decides what is shown and who is let in. */
export function isLive(expiresMs: number, clocks: TwoClocks): boolean {
  return expiresMs > clocks.nowMs && mayLive(expiresMs, clocks)
}

/** Whether a link lives by one of the clocks, so that others may count on it. */
export function mayLive(expiresMs: number, { nowMs, relayMs }: TwoClocks): boolean {
  return expiresMs > Math.min(nowMs, relayMs) && expiresMs <= Math.max(nowMs, relayMs) + linkLivesAtMostMs
}

/** When a link ends that is made now. By a clock that is ahead it would live for years. */
export function endOfLink(lifetimeMs: number, { nowMs, relayMs }: TwoClocks): number {
  return Math.min(nowMs, relayMs) + lifetimeMs
}
