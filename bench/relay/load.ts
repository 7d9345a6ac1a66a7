/** The load, in a process of its own, so that its work is not the server's. Run by fan-out.ts. */
import { type Member, openRoom } from './member.ts'
import type { Kind } from './server.ts'

export interface LoadOrder {
  kind: Kind
  port: number
  roomSize: number
  rooms: number
  /** `closed`: each sender sends again when its own message has come back, `window` at a time. `open`: at a fixed rate. */
  loop: 'closed' | 'open'
  window: number
  sendersPerRoom: number
  deliveriesPerSecond: number
  warmUpMs: number
  measureMs: number
}

export interface LoadFigures {
  connectsPerSecond: number
  deliveries: number
  seconds: number
  p50Micros: number
  p99Micros: number
}

async function run(order: LoadOrder): Promise<void> {
  const started = performance.now()
  const rooms: Member[][] = []
  for (let i = 0; i < order.rooms; i++) rooms.push(await openRoom(order.kind, order.port, order.roomSize))
  const connectsPerSecond = (order.rooms * order.roomSize) / ((performance.now() - started) / 1_000)

  let counting = false
  let deliveries = 0
  const latencies: number[] = []
  for (const members of rooms) {
    for (const member of members) {
      member.onDelivery = (micros, own) => {
        if (counting) {
          deliveries++
          // Every message is timed at one member in seven at most: enough for percentiles, and cheap.
          if (deliveries % 7 === 0 || order.roomSize === 2) latencies.push(micros)
        }
        if (own && order.loop === 'closed') member.send()
      }
    }
  }
  const stop = order.loop === 'closed' ? startClosed(rooms, order) : startOpen(rooms, order)
  await pause(order.warmUpMs)
  process.send!({ measuring: true })
  counting = true
  const from = performance.now()
  await pause(order.measureMs)
  counting = false
  const seconds = (performance.now() - from) / 1_000
  stop()
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  const figures: LoadFigures = { connectsPerSecond, deliveries, seconds, p50Micros: at(0.5), p99Micros: at(0.99) }
  process.send!(figures)
  for (const member of rooms.flat()) member.onDelivery = () => undefined
}

function startClosed(rooms: readonly Member[][], { sendersPerRoom, window }: LoadOrder): () => void {
  for (const members of rooms) {
    for (const sender of members.slice(0, sendersPerRoom)) for (let i = 0; i < window; i++) sender.send()
  }
  return () => {
    for (const member of rooms.flat()) member.onDelivery = () => undefined
  }
}

function startOpen(rooms: readonly Member[][], { deliveriesPerSecond, roomSize }: LoadOrder): () => void {
  const perMs = deliveriesPerSecond / roomSize / 1_000
  const began = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - began) * perMs)
    for (; sent < due; sent++) {
      const members = rooms[sent % rooms.length]!
      members[Math.floor(sent / rooms.length) % members.length]!.send()
    }
  }, 2)
  return () => clearInterval(timer)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

if (process.send) {
  process.once('message', (order: LoadOrder) => {
    run(order).catch((error: unknown) => {
      process.send!({ failed: String(error) })
    })
  })
  process.on('disconnect', () => process.exit(0))
}
