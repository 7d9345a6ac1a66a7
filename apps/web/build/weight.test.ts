import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { expect, it, onTestFinished, vi } from 'vitest'

/**
 * Bytes of JavaScript (gzip) that a page fetches: at its start, and before somebody who came by a link can write. The goal of
 * the latter is 120,000 (docs/weight.md). Lower these when it gets lighter; who adds to it makes it a part of its own.
 */
const atMost = { start: 60_500, room: 232_500 }

type Chunk = Rolldown.OutputChunk

async function builtChunks(): Promise<Chunk[]> {
  // As `vite build` has it, and not the tests.
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const built = await build({
    configFile: path.join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  })
  const { output } = built as Rolldown.RolldownOutput
  return output.filter((one) => one.type === 'chunk')
}

/** The files that come with that of these modules, imports on demand left out. */
function withModules(chunks: readonly Chunk[], modules: readonly string[]): Chunk[] {
  const open = chunks.filter((chunk) =>
    modules.some((name) => Object.keys(chunk.modules).some((id) => id.endsWith(name))),
  )
  const found = new Set<Chunk>()
  for (let chunk = open.pop(); chunk; chunk = open.pop()) {
    if (found.has(chunk)) continue
    found.add(chunk)
    const { imports } = chunk
    open.push(...chunks.filter(({ fileName }) => imports.includes(fileName)))
  }
  return [...found]
}

const gzipped = (chunks: readonly Chunk[]) =>
  chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
const modulesOf = (chunks: readonly Chunk[]) => chunks.flatMap((chunk) => Object.keys(chunk.modules))

it('[WG3] what somebody waits for who comes by a link stays within its bound, and the rest is apart from it', {
  timeout: 120_000,
}, async () => {
  const chunks = await builtChunks()
  const start = withModules(chunks, ['apps/web/src/main.tsx'])
  // What the page asks for on the way into a room, besides its start.
  const room = withModules(chunks, [
    'apps/web/src/main.tsx',
    'client/src/client.ts',
    'client/src/browser.ts',
    'earlier/earlier-top.tsx',
  ])
  expect(gzipped(start)).toBeLessThanOrEqual(atMost.start)
  expect(gzipped(room)).toBeLessThanOrEqual(atMost.room)
  // Nothing of the room comes with the start, and none of these with the room.
  expect(modulesOf(start).filter((id) => /client\/src\/(room|crypto|sync)\/|ts-mls/.test(id))).toEqual([])
  const lazy =
    /noble\/(curves|post-quantum)|confusables|qkd\/src\/(channel|amplification|reconciliation)|argon2\.js|markdown-it|node_modules\/qr|words\/(de|fr|es|ar|emoji|details)\b|files\/images\/|backup\/(content|history)|close-room|client\/src\/find\/search/
  expect(modulesOf(room).filter((id) => lazy.test(id))).toEqual([])
  expect(modulesOf(room).some((id) => id.includes('ts-mls'))).toBe(true) // the names above are still those of the tree
})

it('[WG5] what the room waits for before its first line is done does not wait for the room', {
  timeout: 120_000,
}, async () => {
  const chunks = await builtChunks()
  const isRoom = ({ moduleIds }: Chunk) => moduleIds.some((id) => id.endsWith('crypto/suite/backends.ts'))
  const fallbacks = ['suite/javascript-ml-kem.ts', 'suite/javascript-curves.ts']
  for (const fallback of fallbacks) {
    const fetched = withModules(chunks, [fallback])
    expect(fetched.length).toBeGreaterThan(0)
    expect(fetched.filter(isRoom).map(({ fileName }) => fileName)).toEqual([])
  }
  // The same by itself, and not because nothing was found.
  expect(withModules(chunks, ['client/src/client.ts']).filter(isRoom)).toHaveLength(1)
})
