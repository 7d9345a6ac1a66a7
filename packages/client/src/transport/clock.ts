/** The machine's own time. */
import type { Clock } from '../ports.ts'

// Timers count in 31 bits; a longer delay would fire at once.
const longestMs = 2 ** 31 - 1

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    let timer: ReturnType<typeof setTimeout> | undefined
    const wait = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, longestMs)
      timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : run()), stepMs)
    }
    wait(delayMs)
    return () => clearTimeout(timer)
  },
}
