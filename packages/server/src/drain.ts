/** Sends everybody away before the relay closes: told when to come back, and with all that was on its way to them. */
import { randomInt } from 'node:crypto'
import { limits as wire } from '@qsec/protocol'

export interface Drained {
  /** Sends the event `drain`. */
  sayDrain(inMs: number): void
  /** Nothing waits to be read. */
  readonly isFlushed: boolean
}

/** Nobody comes back at once, and of many not all in the same second. */
const leastMs = 500
const eachMs = 10
const mostMs = 10_000
const flushWithinMs = 1_000
const flushPollMs = 10

/**
 * @param answered - resolves once what was asked before is answered
 * @returns once everything has left, or after a second
 */
export async function drain(connections: readonly Drained[], answered: () => Promise<unknown>): Promise<void> {
  if (connections.length === 0) return
  const spreadMs = Math.min(mostMs, leastMs + eachMs * connections.length)
  for (const connection of connections) {
    connection.sayDrain(Math.min(wire.drainMs, leastMs + randomInt(spreadMs)))
  }
  await Promise.race([answered(), pause(flushWithinMs)])
  for (let waitedMs = 0; waitedMs < flushWithinMs; waitedMs += flushPollMs) {
    if (connections.every(({ isFlushed }) => isFlushed)) return
    await pause(flushPollMs)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
