/** The load, in a process of its own, so that its work is not the server's. Run by fan-out.ts. */
import { type Member, prepareRoom } from './member.ts'
import type { Broker, Kind } from './server.ts'

/** `closed`: each sender sends again when its own message has come back, `window` at a time. `open`: at a fixed rate. */
export type Loop = 'closed' | 'open'

export interface LoadOrder {
  kind: Kind | Broker
  port: number
  roomSize: number
  rooms: number
  /** One after the other on the same connections: what came before has warmed the server up. */
  loops: Loop[]
  window: number
  sendersPerRoom: number
  deliveriesPerSecond: number
  warmUpMs: number
  measureMs: number
}

/** What the load says while it works: everybody is in, a measurement begins, its figures. */
export type LoadReport =
  | { type: 'connected'; connectsPerSecond: number }
  | { type: 'measuring' }
  | ({ type: 'measured' } & LoadFigures)
  | { type: 'failed'; reason: string }

export interface LoadFigures {
  deliveries: number
  seconds: number
  p50Micros: number
  p99Micros: number
}

async function run(order: LoadOrder): Promise<void> {
  const prepared = Array.from({ length: order.rooms }, () => prepareRoom(order.kind, order.port, order.roomSize))
  const started = performance.now()
  const rooms: Member[][] = []
  for (const room of prepared) rooms.push(await room.open())
  tell({
    type: 'connected',
    connectsPerSecond: (order.rooms * order.roomSize) / ((performance.now() - started) / 1_000),
  })
  for (const loop of order.loops) {
    const figures = await measure(rooms, loop, order)
    tell({ type: 'measured', ...figures })
    await pause(500) // what is on its way arrives
  }
}

async function measure(rooms: readonly Member[][], loop: Loop, order: LoadOrder): Promise<LoadFigures> {
  let counting = false
  let deliveries = 0
  const latencies: number[] = []
  for (const member of rooms.flat()) {
    member.onDelivery = (micros, own) => {
      if (counting) {
        deliveries++
        // Every message is timed at one member in seven at most: enough for percentiles, and cheap.
        if (deliveries % 7 === 0 || order.roomSize === 2) latencies.push(micros)
      }
      if (own && loop === 'closed') member.send()
    }
  }
  const stop = loop === 'closed' ? startClosed(rooms, order) : startOpen(rooms, order)
  await pause(order.warmUpMs)
  tell({ type: 'measuring' })
  counting = true
  const from = performance.now()
  await pause(order.measureMs)
  counting = false
  const seconds = (performance.now() - from) / 1_000
  stop()
  for (const member of rooms.flat()) member.onDelivery = () => undefined
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return { deliveries, seconds, p50Micros: at(0.5), p99Micros: at(0.99) }
}

function startClosed(rooms: readonly Member[][], { sendersPerRoom, window }: LoadOrder): () => void {
  for (const members of rooms) {
    for (const sender of members.slice(0, sendersPerRoom)) for (let i = 0; i < window; i++) sender.send()
  }
  return () => undefined // measure() takes the listeners away
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

function tell(report: LoadReport): void {
  process.send!(report)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

if (process.send) {
  process.once('message', (order: LoadOrder) => {
    run(order).catch((error: unknown) => {
      tell({ type: 'failed', reason: String(error) })
    })
  })
  process.on('disconnect', () => process.exit(0))
}
