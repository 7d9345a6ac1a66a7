/**
 * What one message of 1 KiB costs a device, its storage included, in Node with SQLite and in Chromium with IndexedDB:
 *
 *     npm run bench -- mls/messages [--sizes 2,50,500,1000] [--rounds 5] [--messages 100] [--in node,chromium] [--json]
 *
 * Sending is all of it: sealed and stored, sent, its answer stored, come back and stored. CPU time in Node is that of the
 * process, in Chromium that of all its processes.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { encodeGroup } from '../../packages/client/src/crypto/index.ts'
import { openNodeStorage } from '../../packages/client/src/node.ts'
import { toBase64Url } from '../../packages/protocol/src/index.ts'
import { median, rounded } from './measure.ts'
import { type Both, messageCost } from './message-cost.ts'
import { warmRoom } from './warm-room.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '2,50,500,1000' },
    rounds: { type: 'string', default: '5' },
    messages: { type: 'string', default: '100' },
    in: { type: 'string', default: 'node,chromium' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const messages = Number(values.messages)

/** One place to run in, with a clock of the CPU time that it takes. */
interface Place {
  begin(both: Both, allSpoke: boolean): Promise<void>
  run(what: 'send' | 'open', count: number): Promise<void>
  written(): Promise<{ bytes: number; writes: number }>
  cpuMs(): number
  end(): Promise<void>
}
const places: Record<string, () => Promise<Place>> = { node: inNode, chromium: inChromium }

interface Row {
  place: string
  members: number
  epoch: 'new' | 'all spoke'
  operation: string
  cpuMs: number
  wallMs: number
  /** Handed to storage, for each message. */
  bytes: number
  writes: number
}
const rows: Row[] = []
for (const members of values.sizes.split(',').map(Number)) {
  const { sender, receiver } = await warmRoom(members)
  const both = { sender: encodeGroup(sender), receiver: encodeGroup(receiver) }
  for (const name of values.in.split(',')) {
    const open = places[name]
    if (!open) throw new Error(`There is no place ${name}; there are ${Object.keys(places).join(', ')}.`)
    for (const allSpoke of [false, true]) await measure(name, await open(), members, both, allSpoke)
  }
}
if (values.json) console.log(JSON.stringify({ node: process.version, load: loadavg(), rounds, rows }, null, 2))
else console.table(rows)
process.exit(0)

async function measure(name: string, place: Place, members: number, both: Both, allSpoke: boolean): Promise<void> {
  console.error(`${members} members in ${name}`)
  await place.begin(both, allSpoke)
  await place.run('send', messages) // what is compiled is measured
  await place.run('open', messages)
  for (const operation of ['send', 'open'] as const) {
    const took: { cpuMs: number; wallMs: number }[] = []
    const before = await place.written()
    for (let i = 0; i < rounds; i++) {
      const [wall, cpu] = [performance.now(), place.cpuMs()]
      await place.run(operation, messages)
      took.push({ cpuMs: place.cpuMs() - cpu, wallMs: performance.now() - wall })
    }
    const after = await place.written()
    const all = rounds * messages
    rows.push({
      place: name,
      members,
      epoch: allSpoke ? 'all spoke' : 'new',
      operation,
      cpuMs: rounded(median(took.map(({ cpuMs }) => cpuMs)) / messages),
      wallMs: rounded(median(took.map(({ wallMs }) => wallMs)) / messages),
      bytes: Math.round((after.bytes - before.bytes) / all),
      writes: (after.writes - before.writes) / all,
    })
  }
  await place.end()
}

async function inNode(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'qsec-bench-'))
  let cost: Awaited<ReturnType<typeof messageCost>>
  return {
    async begin(both, allSpoke) {
      cost = await messageCost(both, allSpoke, (name) => openNodeStorage(join(folder, name)))
    },
    run: (what, count) => cost[what](count),
    written: async () => cost.written(),
    cpuMs() {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1_000
    },
    end: async () => rmSync(folder, { recursive: true }),
  }
}

async function inChromium(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'qsec-bench-'))
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    resolve: { alias: { crypto: here('../../apps/web/src/no-node-crypto.ts') } },
    build: {
      outDir: folder,
      target: 'es2024',
      lib: { entry: here('message-cost-in-page.ts'), formats: ['es'], fileName: () => 'page.js' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const script = readFileSync(join(folder, 'page.js'))
  const html = `<!doctype html><title>.</title>
    <script type="module">import * as inPage from '/page.js'; globalThis.inPage = inPage</script>`
  const server = createServer((request, response) => {
    if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else if (request.url === '/') response.setHeader('content-type', 'text/html').end(html)
    else response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A profile on disk, as a person has it: a window without one keeps its database in memory.
  const profile = join(folder, 'profile')
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.QSEC_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage'],
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(error))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await page.waitForFunction('globalThis.inPage !== undefined')
  const call = (name: string, ...args: unknown[]) =>
    page.evaluate(
      ([name, args]) => {
        const { inPage } = globalThis as unknown as { inPage: Record<string, (...args: unknown[]) => unknown> }
        return inPage[name]!(...args)
      },
      [name, args] as const,
    )
  return {
    async begin({ sender, receiver }, allSpoke) {
      await call('begin', toBase64Url(sender), toBase64Url(receiver), allSpoke)
    },
    async run(what, count) {
      await call('run', what, count)
    },
    written: async () => (await call('written')) as { bytes: number; writes: number },
    cpuMs: () => cpuMsOf(profile),
    async end() {
      await context.close()
      server.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** CPU time of the processes whose command line says `word`, and of all below them (proc(5)); a tick is 10 ms. */
function cpuMsOf(word: string): number {
  const processes = new Map<number, { parent: number; ticks: number }>()
  const tops: number[] = []
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')
      processes.set(pid, { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) })
      if (readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word)) tops.push(pid)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== 'ENOENT' && code !== 'ESRCH') throw error // it ended meanwhile
    }
  }
  const counted = new Set(tops)
  for (let before = 0; before !== counted.size; ) {
    before = counted.size
    for (const [pid, { parent }] of processes) if (counted.has(parent)) counted.add(pid)
  }
  return 10 * [...counted].reduce((sum, pid) => sum + (processes.get(pid)?.ticks ?? 0), 0)
}
