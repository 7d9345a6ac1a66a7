/**
 * What of the web client's JavaScript a person waits for: `npm run bench -- web/weight [modules]`. Told is each chunk with its
 * gzip bytes, what imports it, and when a page fetches it: with the start page, before the host reads the first message of
 * a guest who came by a link, or later. Chromium says what it fetched until then; the chunks are those of a build made here, so build the client
 * of the same tree before: `npm start` once. `modules` is how many of the largest modules of each chunk are named.
 */
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { createRoom, joinRoom, openStage, reads } from '../../tests/e2e/browsers.ts'

const modules = Number(process.argv[2] ?? 3)
const root = path.resolve(import.meta.dirname, '../..')

type Chunk = Rolldown.OutputChunk

async function chunksOfBuild(): Promise<Map<string, Chunk>> {
  const built = await build({
    configFile: path.join(root, 'apps/web/vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  })
  const { output } = built as Rolldown.RolldownOutput
  return new Map(output.flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one]] : [])))
}

/** The scripts that a page asks for, as they come. */
function scriptsOf(page: Page): Set<string> {
  const asked = new Set<string>()
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (request.resourceType() === 'script') asked.add(pathname.slice(1))
  })
  return asked
}

async function fetched(): Promise<{ start: Set<string>; room: Set<string> }> {
  const stage = await openStage()
  try {
    const [host, guest] = [await stage.tab(), await stage.tab()]
    const asked = scriptsOf(host)
    await host.goto(stage.url)
    await host.getByRole('button', { name: 'Create room' }).waitFor()
    const start = new Set(asked)
    const link = await createRoom(host, stage.url, 'Ana')
    const room = scriptsOf(guest)
    await joinRoom(guest, link, 'Ben')
    await guest.getByRole('textbox', { name: 'Message' }).fill('first')
    await guest.keyboard.press('Enter')
    await reads(host, 'first')
    return { start, room: new Set(room) }
  } finally {
    await stage.close()
  }
}

const chunks = await chunksOfBuild()
const { start, room } = await fetched()
const unknown = [...room].filter((name) => !chunks.has(name) && !name.includes('.worker-'))
if (unknown.length > 0) throw new Error(`the client that is served is of another build (${unknown}): npm start once`)

const nameOf = (file: string): string => path.basename(file).replace(/-[\w-]{8}\.js$/, '')
const whenOf = (file: string): string => (start.has(file) ? 'start' : room.has(file) ? 'room' : 'later')
const bytes = { start: 0, room: 0, later: 0 } as Record<string, number>
const rows = [...chunks.values()].map((chunk) => {
  const gzip = gzipSync(chunk.code, { level: 9 }).length
  bytes[whenOf(chunk.fileName)]! += gzip
  const importers = [...chunks.values()].filter(({ imports, dynamicImports }) =>
    [...imports, ...dynamicImports].includes(chunk.fileName),
  )
  return {
    when: whenOf(chunk.fileName),
    chunk: nameOf(chunk.fileName),
    gzip,
    importedBy: importers.map(({ fileName }) => nameOf(fileName)).join(' '),
    largest: Object.entries(chunk.modules)
      .sort(([, a], [, b]) => b.renderedLength - a.renderedLength)
      .slice(0, modules)
      .map(([id, { renderedLength }]) => `${path.relative(root, id)} ${renderedLength}`)
      .join(', '),
  }
})
const order = ['start', 'room', 'later']
rows.sort((a, b) => order.indexOf(a.when) - order.indexOf(b.when) || b.gzip - a.gzip)
for (const { when, chunk, gzip, importedBy, largest } of rows) {
  console.log(`${when.padEnd(6)}${String(gzip).padStart(7)}  ${chunk.padEnd(18)} by ${importedBy || '-'}; ${largest}`)
}
console.log(
  JSON.stringify({ startPage: bytes.start, roomBeforeTheFirstMessage: bytes.start! + bytes.room!, later: bytes.later }),
)
