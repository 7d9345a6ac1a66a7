/** Code that is fetched when it is first needed, within a job of the room: what waits for it waits in the queue. */
import type { Clock } from '../ports.ts'

/** Between the tries, in milliseconds. */
const waits = [500, 1_000, 2_000, 4_000, 8_000]

/** Tries again after a failure. Rejects with the last one, which ends the room on this device, visibly and with nothing lost. */
export async function fetchPart<T>(clock: Clock, load: () => Promise<T>): Promise<T> {
  for (const waitMs of waits) {
    try {
      return await load()
    } catch {
      await new Promise<void>((resolve) => {
        clock.after(waitMs, resolve)
      })
    }
  }
  return load()
}
