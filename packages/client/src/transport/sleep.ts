/** Notices that the machine, or the page, has slept: a tick that comes much too late says so. */
import type { Clock } from '../ports.ts'

export const tickMs = 5_000
/** A busy machine is late by seconds, one that has slept by more. */
const sleptMs = 20_000

/** The returned function ends the watch. A clock that is put ahead looks like sleep too. */
export function watchSleep(clock: Clock, onWake: () => void): () => void {
  let cancel: () => void
  const tick = (): void => {
    const dueMs = clock.nowMs() + tickMs
    cancel = clock.after(tickMs, () => {
      const slept = clock.nowMs() - dueMs > sleptMs
      tick()
      if (slept) onWake()
    })
  }
  tick()
  return () => cancel()
}
