/**
 * What a delivery costs mosquitto at QoS 0 beside the relay, under the load of fan-out.ts:
 *
 *   npm run bench -- relay/brokers [--quick] [--rooms 2,50,500]
 *
 * Debian's mosquitto runs on loopback with a configuration of its own; its CPU is read from /proc. It keeps nothing, gives
 * no numbers, resumes nothing, and asks nobody to log in. Where it is not installed there is nothing to compare.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { figuresOf, start, startLoad } from './children.ts'
import type { LoadOrder, Loop } from './load.ts'
import type { Broker } from './server.ts'

const program = '/usr/sbin/mosquitto'
if (!existsSync(program)) {
  console.log(`${program} is not installed (Debian: apt install mosquitto); there is nothing to compare with.`)
  process.exit(0)
}

const quick = process.argv.includes('--quick')
const rounds = quick ? 1 : 5
const at = process.argv.indexOf('--rooms')
const sizes = (at > 0 ? process.argv[at + 1]! : '2,50,500').split(',').map(Number)
const peers = ['qsec', 'mosquitto'] as const
type Peer = (typeof peers)[number]

interface Running {
  port: number
  cpuMicros(): Promise<number>
  give(order: LoadOrder): void
  next: ReturnType<typeof startLoad>['load']['next']
  end(): void
}

async function startPeer(peer: Peer): Promise<Running> {
  if (peer === 'qsec') {
    const { port, server, load, end } = await start('qsec')
    return { port, end, give: load.give, next: load.next, cpuMicros: async () => (await figuresOf(server)).cpuMicros }
  }
  const { port, broker, end } = await startMosquitto()
  const { load, endLoad } = startLoad()
  return {
    port,
    give: load.give,
    next: load.next,
    cpuMicros: async () => cpuOf(broker),
    end: () => {
      endLoad()
      end()
    },
  }
}

async function startMosquitto(): Promise<{ port: number; broker: ChildProcess; end: () => void }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-bench-'))
  const port = await freePort()
  const file = path.join(folder, 'mosquitto.conf')
  // Without limits on what waits, as the relay's are out of the way too.
  writeFileSync(
    file,
    [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence false',
      'log_type none',
      'set_tcp_nodelay true',
      'max_queued_messages 0',
      '',
    ].join('\n'),
  )
  const broker = spawn(program, ['-c', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const end = () => {
    broker.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', end)
  for (let tries = 0; !(await answers(port)); tries++) {
    if (broker.exitCode !== null || tries > 200) throw new Error('mosquitto does not start')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return { port, broker, end }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Of its one thread, by the kernel's scheduler. */
function cpuOf({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000
}

interface Cell {
  cpuMicros: number
  p50Ms: number
  p99Ms: number
  perSecond: number
}

async function measure(peer: Peer, size: number): Promise<Record<Loop, Cell>> {
  const running = await startPeer(peer)
  running.give({
    kind: peer satisfies 'qsec' | Broker,
    port: running.port,
    roomSize: size,
    rooms: size === 2 ? 50 : size === 50 ? 4 : 1,
    loops: ['closed', 'open'],
    window: 8,
    sendersPerRoom: Math.min(size, 4),
    deliveriesPerSecond: size === 2 ? 1_000 : 5_000,
    warmUpMs: 1_000,
    measureMs: quick ? 1_500 : 2_500,
  })
  await running.next('connected')
  const cells = {} as Record<Loop, Cell>
  for (const loop of ['closed', 'open'] as const) {
    await running.next('measuring')
    const before = await running.cpuMicros()
    const { deliveries, seconds, p50Micros, p99Micros } = await running.next('measured')
    const cpuMicros = ((await running.cpuMicros()) - before) / deliveries
    cells[loop] = { cpuMicros, p50Ms: p50Micros / 1_000, p99Ms: p99Micros / 1_000, perSecond: deliveries / seconds }
  }
  running.end()
  return cells
}

function medianOf(cells: Cell[], key: keyof Cell): number {
  return cells.map((cell) => cell[key]).sort((a, b) => a - b)[cells.length >> 1]!
}

console.log('| room | loop | CPU µs/delivery: QSEC, mosquitto | ratio | p50 ms | p99 ms | deliveries/s |')
console.log('| ---: | --- | --- | ---: | --- | --- | --- |')
for (const size of sizes) {
  const taken: Record<Peer, Record<Loop, Cell>[]> = { qsec: [], mosquitto: [] }
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) taken[peer].push(await measure(peer, size))
  }
  for (const loop of ['closed', 'open'] as const) {
    const of = (peer: Peer, key: keyof Cell) =>
      medianOf(
        taken[peer].map((cells) => cells[loop]),
        key,
      )
    const each = (key: keyof Cell, digits: number) => peers.map((peer) => of(peer, key).toFixed(digits)).join(', ')
    const ratio = (of('qsec', 'cpuMicros') / of('mosquitto', 'cpuMicros')).toFixed(2)
    console.log(
      `| ${size} | ${loop} | ${each('cpuMicros', 2)} | ${ratio} | ${each('p50Ms', 2)} | ${each('p99Ms', 2)} | ${each('perSecond', 0)} |`,
    )
  }
}
process.exit(0)
