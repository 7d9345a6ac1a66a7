/** What Prometheus is told. No label names a room, a device or an address: labels are codes and names of events. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { clientEventNames, refusalCodes } from '@qsec/protocol'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { httpRefusals, pieceAnswers, pushOutcomes, type Tally } from '../tally.ts'

/** What a relay is at this moment. */
export interface RelayState {
  connections: number
  /** Connections that have a place in a room. */
  seats: number
  rooms: number
  ringBytes: number
  ringBytesAtMost: number
  keptBytes: number
  keptBytesAtMost: number
  /** Pieces of files in memory. */
  pieceBytes: number
  pieceBytesAtMost: number
  draining: boolean
}

export interface MetricSources {
  tally: Tally
  state(): RelayState
  /** `:memory:` has no file. */
  databasePath: string
}

export interface Metrics {
  readonly contentType: string
  /** All of them in the text format of Prometheus. */
  text(): Promise<string>
  /** Ends what is measured all the time. */
  close(): void
}

const nanoseconds = 1e-9
const loopResolutionMs = 10

export function openMetrics({ tally, state, databasePath }: MetricSources): Metrics {
  const registers = [new Registry()] as [Registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({ name, help, registers, collect() { this.set(read()) } }) // biome-ignore format: one line each
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({ name, help, registers, collect() { this.reset(); this.inc(read()) } }) // biome-ignore format: one line each

  gauge('qsec_connections', 'Open connections', () => state().connections)
  gauge('qsec_seats', 'Connections with a place in a room', () => state().seats)
  gauge('qsec_rooms', 'Rooms that exist', () => state().rooms)
  gauge('qsec_ring_bytes', 'Sealed frames in memory', () => state().ringBytes)
  gauge('qsec_ring_bytes_limit', 'What they may be', () => state().ringBytesAtMost)
  gauge('qsec_kept_bytes', 'Sealed frames on disk, in rooms that keep them', () => state().keptBytes)
  gauge('qsec_kept_bytes_limit', 'What they may be', () => state().keptBytesAtMost)
  gauge('qsec_file_bytes', 'Pieces of files in memory', () => state().pieceBytes)
  gauge('qsec_file_bytes_limit', 'What they may be', () => state().pieceBytesAtMost)
  gauge('qsec_draining', '1 while the relay closes', () => (state().draining ? 1 : 0))
  counter('qsec_connections_made_total', 'Connections since the start', () => tally.connectionsMade)
  counter('qsec_deliveries_total', 'Events sent down, once for each connection', () => tally.delivered)
  counter('qsec_slow_readers_cut_total', 'Connections cut with a full queue', () => tally.slowReadersCut)
  counter('qsec_log_lines_expired_total', 'Lines of room logs deleted for their age', () => tally.logLinesExpired)
  countByName(registers, 'qsec_events_total', 'Events from clients', 'event', clientEventNames, tally.events)
  countByName(registers, 'qsec_refusals_total', 'Answers that refuse', 'code', refusalCodes, tally.refusals)
  const http = 'Answers of HTTP that refuse, those of unknown addresses among them'
  countByName(registers, 'qsec_http_refusals_total', http, 'status', httpRefusals, tally.httpRefusals)
  const pieces = 'Wishes for pieces of files: given by a member, held in memory, or had by nobody'
  countByName(registers, 'qsec_file_pieces_total', pieces, 'answer', pieceAnswers, tally.pieces)

  countByName(
    registers,
    'qsec_pushes_total',
    'Tries to call a device that is away',
    'outcome',
    pushOutcomes,
    tally.pushes,
  )

  timeDatabase(registers, tally)
  const closeLoop = watchEventLoop(registers)
  describeProcess(gauge, counter)
  if (databasePath !== ':memory:') describeDisk(registers, databasePath)
  return {
    contentType: registers[0].contentType,
    text: () => registers[0].metrics(),
    close: closeLoop,
  }
}

/** A counter for each of `names`, from the first scrape on: a rate over a line that comes later would miss its beginning. */
function countByName(
  registers: [Registry],
  name: string,
  help: string,
  label: string,
  names: readonly string[],
  counts: ReadonlyMap<string, number>,
): void {
  new Counter({
    name,
    help,
    labelNames: [label],
    registers,
    collect() {
      this.reset()
      for (const one of names) this.inc({ [label]: one }, counts.get(one) ?? 0)
    },
  })
}

function timeDatabase(registers: [Registry], tally: Tally): void {
  const seconds = new Histogram({
    name: 'qsec_database_write_seconds',
    help: 'Each transaction, with its flush of the disk',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers,
  })
  const failures = new Counter({
    name: 'qsec_database_write_failures_total',
    help: 'Transactions that the disk refused',
    registers,
  })
  tally.onDatabaseWrite = (took, done) => {
    seconds.observe(took)
    if (!done) failures.inc()
  }
}

/** How much later than asked for a timer came, since the last scrape. */
function watchEventLoop(registers: [Registry]): () => void {
  const delay = monitorEventLoopDelay({ resolution: loopResolutionMs })
  delay.enable()
  new Gauge({
    name: 'qsec_event_loop_delay_seconds',
    help: 'How late timers came, since the last scrape',
    labelNames: ['quantile'],
    registers,
    collect() {
      for (const [quantile, value] of [
        ['0.5', delay.percentile(50)],
        ['0.99', delay.percentile(99)],
        ['1', delay.max],
      ] as const) {
        // The monitor counts the time that it waits on purpose as well.
        this.set({ quantile }, Math.max(0, value * nanoseconds - loopResolutionMs / 1_000))
      }
      delay.reset()
    },
  })
  return () => delay.disable()
}

type Measure = (name: string, help: string, read: () => number) => unknown

function describeProcess(gauge: Measure, counter: Measure): void {
  const startedAt = Date.now() / 1_000 - process.uptime()
  gauge('process_start_time_seconds', 'When the process began, since 1970', () => startedAt)
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss())
  gauge('process_heap_bytes', 'Heap of JavaScript in use', () => process.memoryUsage().heapUsed)
  counter('process_cpu_seconds_total', 'Processor time, user and system', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  if (!existsSync('/proc/self/limits')) return
  gauge('process_open_fds', 'Open files and sockets', () => readdirSync('/proc/self/fd').length)
  gauge('process_max_fds', 'How many there may be', () => {
    const [, soft = 'unlimited'] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
  })
}

function describeDisk(registers: [Registry], databasePath: string): void {
  new Gauge({
    name: 'qsec_database_bytes',
    help: 'Size of the database and of its write-ahead log',
    labelNames: ['file'],
    registers,
    collect() {
      this.set({ file: 'database' }, sizeOf(databasePath))
      this.set({ file: 'wal' }, sizeOf(`${databasePath}-wal`))
    },
  })
  new Gauge({
    name: 'qsec_disk_free_bytes',
    help: 'What the file system of the database has left for this user',
    registers,
    async collect() {
      const { bavail, bsize } = await statfs(path.dirname(path.resolve(databasePath)))
      this.set(bavail * bsize)
    },
  })
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
