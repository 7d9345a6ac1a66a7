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
