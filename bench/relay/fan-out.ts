/**
 * What a delivery costs the relay, beside stock Socket.IO doing no more than a broadcast and plain ws, all in one run:
 *
 *   npm run bench -- relay/fan-out [--quick] [--json] [--rooms 2,50]
 *
 * Server and load are processes of their own. CPU is the server's alone; each cell is the median of five rounds in which
 * the three take turns. Closed loop: as fast as it goes. Open loop: 5,000 deliveries a second (1,000 in rooms of two).
 */
import { type ChildProcess, fork } from 'node:child_process'
import type { LoadFigures, LoadOrder } from './load.ts'
import type { Kind, ServerFigures } from './server.ts'

const quick = process.argv.includes('--quick')
const rounds = quick ? 1 : 5
const kinds: readonly Kind[] = ['qsec', 'socket.io', 'ws']
const roomsAt = process.argv.indexOf('--rooms')
const sizes = roomsAt > 0 ? process.argv[roomsAt + 1]!.split(',').map(Number) : [2, 50, 500, 1_000]
const roomsOf = (size: number) => (size === 2 ? 50 : size === 50 ? 4 : 1)

interface Cell extends Omit<LoadFigures, 'deliveries' | 'seconds'> {
  cpuMicrosPerDelivery: number
  deliveriesPerSecond: number
  /** With everybody connected and nobody talking. */
  idleRssBytes: number
}

function child(file: string, ...args: string[]): ChildProcess {
  return fork(new URL(file, import.meta.url), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

function messageOf<T>(process: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    process.once('message', (message: T & { failed?: string }) => {
      if (message.failed) reject(new Error(message.failed))
      else resolve(message)
    })
    process.once('exit', (code) => reject(new Error(`a process of the benchmark ended with ${code}`)))
  })
}

async function figuresOf(server: ChildProcess): Promise<ServerFigures> {
  const answer = messageOf<ServerFigures>(server)
  server.send('figures')
  return answer
}

async function measure(kind: Kind, size: number, loop: LoadOrder['loop']): Promise<Cell> {
  const server = child('./server.ts', kind)
  const { port } = await messageOf<{ port: number }>(server)
  const load = child('./load.ts')
  const order: LoadOrder = {
    kind,
    port,
    roomSize: size,
    rooms: roomsOf(size),
    loop,
    window: 8,
    sendersPerRoom: Math.min(size, 4),
    deliveriesPerSecond: size === 2 ? 1_000 : 5_000,
    warmUpMs: quick ? 500 : 1_000,
    measureMs: quick ? 1_000 : 2_000,
  }
  load.send(order)
  await messageOf(load)
  const before = await figuresOf(server)
  const { deliveries, seconds, ...rest } = await messageOf<LoadFigures>(load)
  const after = await figuresOf(server)
  load.disconnect()
  server.disconnect()
  return {
    ...rest,
    cpuMicrosPerDelivery: (after.cpuMicros - before.cpuMicros) / deliveries,
    deliveriesPerSecond: deliveries / seconds,
    idleRssBytes: before.rssBytes,
  }
}

/** 200 connections in rooms of two that say nothing. */
async function idle(kind: Kind): Promise<number> {
  const server = child('./server.ts', kind)
  const { port } = await messageOf<{ port: number }>(server)
  const load = child('./load.ts')
  const quiet = { loop: 'open', deliveriesPerSecond: 0, warmUpMs: 3_000, measureMs: 1_000 } as const
  load.send({ kind, port, roomSize: 2, rooms: 100, window: 0, sendersPerRoom: 0, ...quiet } satisfies LoadOrder)
  await messageOf(load)
  const { rssBytes } = await figuresOf(server)
  load.disconnect()
  server.disconnect()
  return rssBytes
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}

function medianCell(cells: Cell[]): Cell {
  const keys = Object.keys(cells[0]!) as (keyof Cell)[]
  return Object.fromEntries(keys.map((key) => [key, median(cells.map((cell) => cell[key]))])) as unknown as Cell
}

const rows: { size: number; loop: LoadOrder['loop']; cells: Record<Kind, Cell> }[] = []
for (const size of sizes) {
  for (const loop of ['closed', 'open'] as const) {
    const taken: Record<Kind, Cell[]> = { qsec: [], 'socket.io': [], ws: [] }
    for (let round = 0; round < rounds; round++) {
      for (const kind of kinds) taken[kind].push(await measure(kind, size, loop))
    }
    const cells = Object.fromEntries(kinds.map((kind) => [kind, medianCell(taken[kind])])) as Record<Kind, Cell>
    rows.push({ size, loop, cells })
    console.error(`room ${size}, ${loop} loop: done`)
  }
}
const idleRss = {} as Record<Kind, number>
for (const kind of kinds)
  idleRss[kind] = median(await Promise.all([await idle(kind), await idle(kind), await idle(kind)]))

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, rounds, rows, idleRssBytes: idleRss }, undefined, 2))
} else {
  const micros = (value: number) => value.toFixed(value < 10 ? 1 : 0)
  console.log(
    '| room | loop | CPU µs/delivery: QSEC, Socket.IO, ws | to Socket.IO | p50 ms | p99 ms | p99 to Socket.IO | deliveries/s | connects/s |',
  )
  console.log('| ---: | --- | --- | ---: | --- | --- | ---: | --- | --- |')
  for (const { size, loop, cells } of rows) {
    const each = (show: (cell: Cell) => string) => kinds.map((kind) => show(cells[kind])).join(', ')
    const ratio = (key: 'cpuMicrosPerDelivery' | 'p99Micros') => (cells.qsec[key] / cells['socket.io'][key]).toFixed(2)
    const columns = [
      size,
      loop,
      each((cell) => micros(cell.cpuMicrosPerDelivery)),
      ratio('cpuMicrosPerDelivery'),
      each((cell) => (cell.p50Micros / 1_000).toFixed(1)),
      each((cell) => (cell.p99Micros / 1_000).toFixed(1)),
      ratio('p99Micros'),
      each((cell) => cell.deliveriesPerSecond.toFixed(0)),
      each((cell) => cell.connectsPerSecond.toFixed(0)),
    ]
    console.log(`| ${columns.join(' | ')} |`)
  }
  const mib = (kind: Kind) => `${(idleRss[kind] / 1_048_576).toFixed(0)} MiB`
  console.log(`\nIdle with 200 connections: ${kinds.map((kind) => `${kind} ${mib(kind)}`).join(', ')}`)
}
process.exit(0)
