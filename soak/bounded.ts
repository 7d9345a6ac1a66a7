/**
 * Rooms begin, talk, keep sealed frames, are knocked at, and end, again and again, with every time of the relay cut short. In
 * the second half of the run its memory, handles and write-ahead log may not grow, and its database by the room log alone.
 *   npm run soak -- bounded [seconds, 300]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type RoomAddress, toBase64Url } from '@qsec/protocol'
import { startRelay } from '@qsec/server'
import { Asker } from '../packages/server/test/asker.ts'

interface Look {
  heapMiB: number
  rssMiB: number
  handles: number
  rooms: number
}

if (process.argv[2] === 'relay') await beRelay(process.argv[3]!)
else await drive(Number(process.argv[2] ?? '300'))

async function beRelay(databasePath: string): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const relay = await startRelay({
    databasePath,
    // What takes days takes seconds here, and floods are what this is made of.
    limits: {
      joinRequestMs: 3_000,
      knockWindowMs: 1_000,
      knocksPerAddress: 1_000,
      roomsPerAddressPerHour: 1_000_000,
      ringAgeMs: 2_000,
      sweepMs: 500,
      pingIntervalMs: 1_000,
      keepSwitchMs: 0,
    },
  })
  process.on('disconnect', () => process.exit(0))
  process.on('message', () => {
    collect()
    const { heapUsed, external, rss } = process.memoryUsage()
    const look: Look = {
      heapMiB: (heapUsed + external) / 1_048_576,
      rssMiB: rss / 1_048_576,
      handles: existsSync('/proc/self/fd')
        ? readdirSync('/proc/self/fd').length
        : process.getActiveResourcesInfo().length,
      rooms: relay.stats().rooms,
    }
    process.send!(look)
  })
  process.send!(relay.url)
}

async function drive(seconds: number): Promise<void> {
  if (!(seconds >= 20)) throw new Error('soak: bounded takes seconds, 20 at least')
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-bounded-'))
  const databasePath = path.join(folder, 'qsec2.db')
  const child = fork(import.meta.filename, ['relay', databasePath])
  try {
    const [url] = (await once(child, 'message')) as [string]
    const looks: (Look & { walMiB: number; databaseMiB: number; logMiB: number })[] = []
    const until = performance.now() + seconds * 1_000
    let cycles = 0
    const work = async () => {
      while (performance.now() < until) {
        await cycle(url, cycles++)
      }
    }
    const workers = Array.from({ length: 4 }, work)
    for (let i = 0; i < 10; i++) {
      await sleep((seconds * 1_000) / 10)
      const seen = { ...(await look(child)), ...sizes(databasePath) }
      looks.push(seen)
      console.log(
        `${cycles} cycles: ${JSON.stringify(seen, (_, value) => (typeof value === 'number' ? Math.round(10 * value) / 10 : value))}`,
      )
    }
    await Promise.all(workers)
    process.exitCode = judge(looks) ? 0 : 1
  } finally {
    child.disconnect()
    await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function look(child: ChildProcess): Promise<Look> {
  child.send('look')
  return ((await once(child, 'message')) as [Look])[0]
}

function sizes(databasePath: string): { walMiB: number; databaseMiB: number; logMiB: number } {
  const sizeOf = (file: string) => (existsSync(file) ? statSync(file).size / 1_048_576 : 0)
  const database = new DatabaseSync(databasePath, { readOnly: true })
  const row = database
    .prepare('select coalesce(sum(length(room_id) + length(event) + length(data) + 32), 0) as bytes from room_logs')
    .get()
  database.close()
  return {
    walMiB: sizeOf(`${databasePath}-wal`),
    databaseMiB: sizeOf(databasePath),
    logMiB: Number(row!.bytes) / 1_048_576,
  }
}

/** One room from its beginning to its end, with what may happen at its door. */
async function cycle(url: string, number: number): Promise<void> {
  const closed = toBase64Url(randomBytes(16)) as string as RoomAddress
  const ana = new Asker(url, closed)
  const joined = await ana.join({ create: { joinKeys: [] } })
  if (!joined.ok) throw new Error(`soak: ${joined.code}`)
  if (number % 3 === 0) await ana.request('keep_sealed', { room: closed, days: 1 })
  const strangers = [new Asker(url, closed), new Asker(url, toBase64Url(randomBytes(16)) as string as RoomAddress)]
  await Promise.all(strangers.map((one) => one.join({ knock: true })))
  await strangers[0]!.request('announce_pubkey', { room: closed, request: toBase64Url(randomBytes(300)) })
  for (let n = 0; n < 20; n++) {
    const id = toBase64Url(randomBytes(16))
    const ct = toBase64Url(randomBytes(3_000))
    const sent = await ana.request('encrypted_message', { room: closed, id, epoch: 0, n, ct })
    if (!sent.ok) throw new Error(`soak: ${sent.code}`)
  }
  for (const one of strangers) one.close()
  await ana.request('leave', { room: closed })
  ana.close()
}

/** The second half against its own beginning: what grows for ever grows there too. */
function judge(looks: readonly (Look & { walMiB: number; databaseMiB: number; logMiB: number })[]): boolean {
  const middle = looks.slice(4, 7)
  const end = looks.slice(7)
  const mean = (all: typeof middle, of: (look: (typeof looks)[number]) => number) =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length
  const bounds: [what: string, of: (look: (typeof looks)[number]) => number, most: number][] = [
    ['heap MiB', ({ heapMiB }) => heapMiB, 5],
    ['handles', ({ handles }) => handles, 10],
    ['rooms', ({ rooms }) => rooms, 5],
    ['write-ahead log MiB', ({ walMiB }) => walMiB, 4],
    ['database without the room log, MiB', ({ databaseMiB, logMiB }) => databaseMiB - 1.6 * logMiB, 2],
  ]
  let isBounded = true
  for (const [what, of, most] of bounds) {
    const grown = mean(end, of) - mean(middle, of)
    const holds = grown <= most
    console.log(`${holds ? 'ok' : 'GROWS'}: ${what} ${grown >= 0 ? '+' : ''}${grown.toFixed(1)} (at most +${most})`)
    isBounded &&= holds
  }
  return isBounded
}
