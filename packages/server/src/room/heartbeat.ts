/**
 * Tells everybody now and then where the streams stand, so that a frame which was lost on a connection that looks alive
 * is missed. One timer for the whole relay; each room has its own jittered moment, and is encoded once.
 */
import { randomInt } from 'node:crypto'
import type { Channel } from './channel.ts'
import type { RelayEvent } from './events.ts'
import type { Room } from './room.ts'

const tickMs = 1_000

export interface HeartbeatLimits {
  heartbeatLeastMs: number
  heartbeatMostMs: number
}

/** @returns what stops it */
export function startHeartbeat(rooms: () => Iterable<Room>, limits: HeartbeatLimits): () => void {
  const { heartbeatLeastMs: least, heartbeatMostMs: most } = limits
  const dueMs = new WeakMap<Room, number>()
  const timer = setInterval(
    () => {
      const nowMs = performance.now()
      for (const room of rooms()) {
        const due = dueMs.get(room)
        if (due !== undefined && nowMs < due) continue
        dueMs.set(room, nowMs + randomInt(least, most + 1))
        if (due !== undefined) beat(room)
      }
    },
    Math.min(tickMs, least),
  )
  timer.unref()
  return () => clearInterval(timer)
}

function beat(room: Room): void {
  if (room.seats.size === 0) return
  for (const channel of [room.main, ...room.pairs.values()]) {
    const seats = room.listeners(channel)
    if (seats.length > 0) room.send(seats, heartbeatEvent(channel))
  }
}

function heartbeatEvent({ room, pair, stream }: Channel): RelayEvent {
  const { inc, seq, epoch } = stream.position
  return { name: 'heartbeat', payload: { room, ...(pair ? { pair } : {}), inc, seq, epoch } }
}
