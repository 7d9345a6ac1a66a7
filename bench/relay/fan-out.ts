/**
 * What a delivery costs the relay, beside stock Socket.IO doing no more than a broadcast and plain ws, all in one run:
 *
 *   npm run bench -- relay/fan-out [--quick] [--json] [--rooms 2,50] [--rounds 5] [--profile FOLDER]
 *
 * Server and load are processes of their own. CPU is the server's alone; each cell is the median of five rounds in which
 * the three take turns. Closed loop: as fast as it goes. Open loop, after it, on the same connections: 5,000 deliveries
 * a second (1,000 in rooms of two). With --profile each server writes a CPU profile of its life into FOLDER.
 */
import { figuresOf, type Running, start } from './children.ts'
import type { LoadFigures, LoadOrder, Loop } from './load.ts'
import type { Kind } from './server.ts'

const quick = process.argv.includes('--quick')
const rounds = Number(option('--rounds') ?? (quick ? 1 : 5))
const kinds: readonly Kind[] = ['qsec', 'socket.io', 'ws']
const sizes = (option('--rooms') ?? '2,50,500,1000').split(',').map(Number)
const roomsOf = (size: number) => (size === 2 ? 50 : size === 50 ? 4 : 1)
/** In rooms of two, for what a connection costs that says nothing. */
const idleConnections = 1_000

interface Cell extends Omit<LoadFigures, 'deliveries' | 'seconds'> {
  cpuMicrosPerDelivery: number
  deliveriesPerSecond: number
  connectsPerSecond: number
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at > 0 ? process.argv[at + 1] : undefined
}

/** One server and one load on it, through both loops. */
async function measure(kind: Kind, size: number): Promise<Record<Loop, Cell>> {
  const running = await start(kind, option('--profile'))
  const order: LoadOrder = {
    kind,
    port: running.port,
    roomSize: size,
    rooms: roomsOf(size),
    loops: ['closed', 'open'],
    window: 8,
    sendersPerRoom: Math.min(size, 4),
    deliveriesPerSecond: size === 2 ? 1_000 : 5_000,
    warmUpMs: quick ? 1_000 : 1_500,
    measureMs: quick ? 1_500 : 2_500,
  }
  running.load.give(order)
  const { connectsPerSecond } = await running.load.next('connected')
  const cells = {} as Record<Loop, Cell>
  for (const loop of order.loops) cells[loop] = { ...(await measureLoop(running)), connectsPerSecond }
  running.end()
  return cells
}

async function measureLoop({ server, load }: Running): Promise<Omit<Cell, 'connectsPerSecond'>> {
  await load.next('measuring')
  const before = await figuresOf(server)
  const { deliveries, seconds, p50Micros, p99Micros } = await load.next('measured')
  const after = await figuresOf(server)
  return {
    p50Micros,
    p99Micros,
    cpuMicrosPerDelivery: (after.cpuMicros - before.cpuMicros) / deliveries,
    deliveriesPerSecond: deliveries / seconds,
  }
}

interface Idle {
  /** Before anybody came. */
  startRssBytes: number
  rssBytes: number
  bytesPerConnection: number
}

/** Connections in rooms of two that say nothing. */
async function idle(kind: Kind): Promise<Idle> {
  const { server, load, port, end } = await start(kind)
  const before = await figuresOf(server)
  load.give({
    kind,
    port,
    roomSize: 2,
    rooms: idleConnections / 2,
    loops: ['open'],
    window: 0,
    sendersPerRoom: 0,
    deliveriesPerSecond: 0,
    warmUpMs: 3_000,
    measureMs: 10,
  })
  await load.next('connected')
  await load.next('measuring')
  const after = await figuresOf(server)
  await load.next('measured')
  end()
  return {
    startRssBytes: before.rssBytes,
    rssBytes: after.rssBytes,
    bytesPerConnection: (after.rssBytes - before.rssBytes) / idleConnections,
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}

/** Each field's own median. */
function medians<T extends object>(all: T[]): T {
  const keys = Object.keys(all[0]!) as (keyof T)[]
  return Object.fromEntries(keys.map((key) => [key, median(all.map((one) => one[key] as number))])) as T
}

interface Row {
  size: number
  loop: Loop
  cells: Record<Kind, Cell>
}

const headings =
  'room | loop | CPU µs/delivery: QSEC, Socket.IO, ws | to Socket.IO | p50 ms | p99 ms | p99 to Socket.IO | deliveries/s | connects/s'

function show({ size, loop, cells }: Row): void {
  const micros = (value: number) => value.toFixed(value < 10 ? 2 : 1)
  const each = (spell: (cell: Cell) => string) => kinds.map((kind) => spell(cells[kind])).join(', ')
  const ratio = (key: 'cpuMicrosPerDelivery' | 'p99Micros') => (cells.qsec[key] / cells['socket.io'][key]).toFixed(2)
  const columns = [
    size,
    loop,
    each((cell) => micros(cell.cpuMicrosPerDelivery)),
    ratio('cpuMicrosPerDelivery'),
    each((cell) => (cell.p50Micros / 1_000).toFixed(2)),
    each((cell) => (cell.p99Micros / 1_000).toFixed(2)),
    ratio('p99Micros'),
    each((cell) => cell.deliveriesPerSecond.toFixed(0)),
    each((cell) => cell.connectsPerSecond.toFixed(0)),
  ]
  console.log(`| ${columns.join(' | ')} |`)
}

const json = process.argv.includes('--json')
if (!json) console.log(`| ${headings} |\n| ---: | --- | --- | ---: | --- | --- | ---: | --- | --- |`)
const rows: Row[] = []
for (const size of sizes) {
  const taken: Record<Kind, Record<Loop, Cell>[]> = { qsec: [], 'socket.io': [], ws: [] }
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) taken[kind].push(await measure(kind, size))
    console.error(`rooms of ${size}: round ${round + 1} of ${rounds}`)
  }
  for (const loop of ['closed', 'open'] as const) {
    const cells = Object.fromEntries(kinds.map((kind) => [kind, medians(taken[kind].map((cells) => cells[loop]))]))
    const row = { size, loop, cells: cells as Record<Kind, Cell> }
    rows.push(row)
    if (!json) show(row)
  }
}
const quiet: Record<Kind, Idle[]> = { qsec: [], 'socket.io': [], ws: [] }
for (let round = 0; round < Math.min(rounds, 3); round++) for (const kind of kinds) quiet[kind].push(await idle(kind))
const idleOf = Object.fromEntries(kinds.map((kind) => [kind, medians(quiet[kind])])) as unknown as Record<Kind, Idle>

if (json) {
  console.log(JSON.stringify({ node: process.version, rounds, rows, idle: idleOf }, undefined, 2))
} else {
  console.log(`\n${idleConnections} idle connections:`)
  for (const kind of kinds) {
    const mib = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MiB`
    const { startRssBytes, rssBytes, bytesPerConnection } = idleOf[kind]
    const each = (bytesPerConnection / 1_024).toFixed(1)
    console.log(`${kind}: ${mib(rssBytes)}, ${mib(startRssBytes)} before they came, ${each} KiB each`)
  }
}
process.exit(0)
