/**
 * What a delivery costs brokers at QoS 0 beside the relay, under the load of fan-out.ts:
 *
 *   npm run bench -- relay/brokers [--quick] [--rooms 2,50,500]
 *
 * Debian's mosquitto and ejabberd (its MQTT) run on loopback; CPU is read from /proc. They keep nothing, give no numbers,
 * resume nothing, and let everybody in. What is not installed is left out.
 */
import { installedBrokers, startBroker } from './broker-programs.ts'
import { figuresOf, start, startLoad } from './children.ts'
import type { LoadOrder, Loop } from './load.ts'
import type { Broker } from './server.ts'

if (installedBrokers.length === 0) {
  console.log(
    'Neither mosquitto nor ejabberd is installed (Debian: apt install mosquitto ejabberd): nothing to compare with.',
  )
  process.exit(0)
}

const quick = process.argv.includes('--quick')
const rounds = quick ? 1 : 5
const at = process.argv.indexOf('--rooms')
const sizes = (at > 0 ? process.argv[at + 1]! : '2,50,500').split(',').map(Number)
type Peer = 'qsec' | Broker
const peers: readonly Peer[] = ['qsec', ...installedBrokers]

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
  const broker = await startBroker(peer)
  const { load, endLoad } = startLoad()
  return {
    port: broker.port,
    give: load.give,
    next: load.next,
    cpuMicros: async () => broker.cpuMicros(),
    end: () => {
      endLoad()
      broker.end()
    },
  }
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
    kind: peer,
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

const names = peers.join(', ')
console.log(`| room | loop | CPU µs/delivery: ${names} | QSEC to each | p50 ms | p99 ms | deliveries/s |`)
console.log('| ---: | --- | --- | --- | --- | --- | --- |')
for (const size of sizes) {
  const taken = new Map(peers.map((peer) => [peer, [] as Record<Loop, Cell>[]]))
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) taken.get(peer)!.push(await measure(peer, size))
  }
  for (const loop of ['closed', 'open'] as const) {
    const of = (peer: Peer, key: keyof Cell) =>
      medianOf(
        taken.get(peer)!.map((cells) => cells[loop]),
        key,
      )
    const each = (key: keyof Cell, digits: number) => peers.map((peer) => of(peer, key).toFixed(digits)).join(', ')
    const ratios = installedBrokers.map((broker) => (of('qsec', 'cpuMicros') / of(broker, 'cpuMicros')).toFixed(2))
    console.log(
      `| ${size} | ${loop} | ${each('cpuMicros', 2)} | ${ratios.join(', ')} | ${each('p50Ms', 2)} | ${each('p99Ms', 2)} | ${each('perSecond', 0)} |`,
    )
  }
}
process.exit(0)
