/** The arrows only go down: every import in the tree is held against one table (docs/architecture.md). */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

interface Layer {
  /** Files whose path begins with this; the longest match counts. */
  files: string
  /** Packages that may be imported, and other layers (by their path) of the same package. */
  may: string[]
  /** Node's own modules are allowed. */
  node?: boolean
}

const noble = ['@noble/hashes', '@noble/curves', '@noble/ciphers', '@noble/post-quantum']
const layers: Layer[] = [
  { files: 'packages/protocol/src', may: ['valibot'] },
  { files: 'packages/qkd/src', may: [] },
  // Protocol code of BB84 must not know photon states or the eavesdropper: those live in the channel module alone.
  { files: 'packages/qkd/src/channel', may: ['packages/qkd/src/'] },
  { files: 'packages/qkd/src/index.ts', may: ['packages/qkd/src/*'] },
  { files: 'packages/qkd/src/run.ts', may: ['packages/qkd/src/*'] },
  { files: 'packages/qkd/src/simulate-run.ts', may: ['packages/qkd/src/*'] },
  { files: 'packages/qkd/src/small-runs.ts', may: ['packages/qkd/src/*'] },
  {
    files: 'packages/server/src',
    may: [
      '@qsec/protocol',
      'socket.io',
      'kysely',
      'sirv',
      'pino',
      'packages/server/src/metrics',
      'packages/server/src/certificates/index.ts',
      'packages/server/src/lan/',
    ],
    node: true,
  },
  // Loaded only where an operator asked for metrics.
  { files: 'packages/server/src/metrics', may: ['@qsec/protocol', 'prom-client', 'packages/server/src/*'], node: true },
  { files: 'packages/server/src/lan', may: ['packages/server/src/*', 'qr'], node: true },
  // The one place that writes certificates: for relays on a LAN, and for the simulated KMEs.
  { files: 'packages/server/src/certificates', may: ['@peculiar/x509'] },
  { files: 'packages/client/src/', may: ['@qsec/protocol', 'valibot', 'packages/client/src/*'] },
  { files: 'packages/client/src/ports.ts', may: ['@qsec/protocol', '@qsec/qkd'] },
  { files: 'packages/client/src/sync', may: ['@qsec/protocol', 'packages/client/src/ports.ts'] },
  {
    files: 'packages/client/src/crypto',
    may: [
      '@qsec/protocol',
      'packages/client/src/ports.ts',
      'ts-mls',
      '@hpke/core',
      '@hpke/hybridkem-x-wing',
      '@hpke/common',
      ...noble,
    ],
  },
  {
    files: 'packages/client/src/trust',
    may: ['@qsec/protocol', 'valibot', 'packages/client/src/ports.ts', 'packages/client/src/crypto'],
  },
  {
    files: 'packages/client/src/quantum',
    may: [
      '@qsec/protocol',
      '@qsec/qkd',
      'valibot',
      'packages/client/src/ports.ts',
      'packages/client/src/sync',
      'packages/client/src/crypto',
      'packages/client/src/content.ts',
      'packages/client/src/snapshot.ts',
      'packages/client/src/room',
    ],
  },
  {
    files: 'packages/client/src/provenance',
    may: [
      '@qsec/protocol',
      'valibot',
      'packages/client/src/ports.ts',
      'packages/client/src/crypto',
      'packages/client/src/quantum',
      'packages/client/src/snapshot.ts',
      'packages/client/src/room',
    ],
  },
  {
    files: 'packages/client/src/conversations',
    may: [
      '@qsec/protocol',
      'valibot',
      'packages/client/src/ports.ts',
      'packages/client/src/sync',
      'packages/client/src/crypto',
      'packages/client/src/room',
      'packages/client/src/messages/content.ts',
      'packages/client/src/files/content.ts',
    ],
  },
  // Files know nothing of rooms: a place to lie, pieces on their way, pictures without metadata.
  {
    files: 'packages/client/src/files',
    may: ['@qsec/protocol', 'valibot', 'packages/client/src/ports.ts'],
  },
  {
    files: 'packages/client/src/release',
    may: ['@qsec/protocol', 'valibot', '@noble/hashes', 'packages/client/src/ports.ts', 'packages/client/src/crypto'],
  },
  {
    files: 'packages/client/src/storage',
    may: [
      'packages/client/src/ports.ts',
      'packages/client/src/vault',
      '@qsec/protocol',
      'idb',
      'packages/client/src/transport/clock.ts',
    ],
  },
  { files: 'packages/client/src/vault', may: ['packages/client/src/ports.ts', '@qsec/protocol', '@noble/hashes'] },
  { files: 'packages/client/src/vault/stretch.node.ts', may: ['packages/client/src/vault'], node: true },
  {
    files: 'packages/client/src/storage/sqlite.node.ts',
    may: ['packages/client/src/ports.ts', 'packages/client/src/storage'],
    node: true,
  },
  {
    files: 'packages/client/src/storage/data-key.node.ts',
    may: ['packages/client/src/ports.ts', 'packages/client/src/storage'],
    node: true,
  },
  {
    files: 'packages/client/src/transport',
    may: ['packages/client/src/ports.ts', '@qsec/protocol', 'socket.io-client'],
  },
  { files: 'packages/client/src/node.ts', may: ['packages/client/src/*'], node: true },
  { files: 'packages/client/src/browser.ts', may: ['packages/client/src/*', '@qsec/protocol'] },
  { files: 'packages/client/src/quantum-worker.ts', may: ['packages/client/src/*'] },
  {
    files: 'apps/web/src',
    may: [
      'apps/web/src/markup',
      '@qsec/client',
      '@qsec/client/backup',
      '@qsec/client/browser',
      '@qsec/client/commands',
      '@qsec/client/relay-setting',
      'apps/web/src/kept/facts.ts',
      'preact',
      '@preact/signals',
      'qr',
    ],
  },
  // Pages without a secure context: nothing of the client.
  {
    files: 'apps/web/src/plain',
    may: ['preact', 'apps/web/src/parts/', 'apps/web/src/words/locale.ts', 'apps/web/src/words/quantum.ts'],
  },
  { files: 'apps/web/src/plain/lab.worker.ts', may: ['@qsec/qkd', 'apps/web/src/plain'] },
  { files: 'apps/web/src/markup', may: ['apps/web/src/', 'preact', 'markdown-it'] },
  // The worker's script alone takes in the code of runs: the page must do without it.
  { files: 'apps/web/src/quantum.worker.ts', may: ['@qsec/client/quantum-worker'] },
  // What keeps the page knows releases and nothing of rooms; the page knows of it what both say to each other.
  { files: 'apps/web/src/kept/facts.ts', may: ['@qsec/client/release', 'apps/web/src/kept/kept.ts'] },
  { files: 'apps/web/src/service-worker', may: ['@qsec/client/release', 'apps/web/src/kept/kept.ts'] },
  { files: 'apps/web/src/argon2.worker.ts', may: ['@qsec/client/argon2-worker'] },
  {
    files: 'apps/cli/src',
    may: [
      '@qsec/client',
      '@qsec/client/commands',
      '@qsec/client/node',
      '@qsec/client/release',
      '@qsec/server',
      '@qsec/protocol',
      '@qsec/qkd',
      'apps/cli/src/kme/command.ts',
      'apps/cli/src/chat/page.ts',
    ],
    node: true,
  },
  // The page's sentences, which need no page: one catalogue for every screen.
  {
    files: 'apps/cli/src/chat/page.ts',
    may: ['apps/web/src/words/', 'apps/web/src/names.ts', 'apps/web/src/parts/compose/mentions.ts'],
  },
  {
    files: 'apps/cli/src/kme',
    may: [
      'apps/cli/src/command.ts',
      'apps/cli/src/flags.ts',
      'apps/cli/src/output.ts',
      'apps/cli/src/until-signal.ts',
      'apps/cli/src/qkd/files.ts',
      '@qsec/qkd',
      '@qsec/server/certificates',
    ],
    node: true,
  },
]

function sourceFiles(): string[] {
  return ['packages', 'apps'].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })
      .map((file) => `${top}/${file.replaceAll(path.sep, '/')}`)
      .filter((file) => /\/src\/.*\.tsx?$/.test(file) && !/node_modules|dist\//.test(file))
      .filter((file) => !/\.test\.tsx?$|\.contract\.ts$|test-world|in-page|testing/.test(file)),
  )
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g

function importsOf(source: string): string[] {
  return [...source.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3]!)
}

function layerOf(file: string): Layer | undefined {
  return layers.filter((layer) => file.startsWith(layer.files)).sort((a, b) => b.files.length - a.files.length)[0]
}

/** Why `file` may not import `wanted`; undefined where it may. */
function fault(file: string, wanted: string): string | undefined {
  const layer = layerOf(file)
  if (!layer) return `${file}: stands in no layer`
  if (wanted.startsWith('node:')) return layer.node ? undefined : `${file}: imports ${wanted}`
  if (!wanted.startsWith('.')) {
    const allowed = layer.may.some(
      (name) => wanted === name || (!name.startsWith('@qsec') && wanted.startsWith(`${name}/`)),
    )
    return allowed ? undefined : `${file}: imports ${wanted}`
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), wanted))
  // The address of a script, not the script.
  if (/\.(css|svg)$|\?worker&url$/.test(target)) return undefined
  const own = layer.files.endsWith('.ts') ? path.posix.dirname(layer.files) : layer.files
  const inner = layerOf(target)
  if (inner === layer || (layer.files.endsWith('.ts') && target.startsWith(`${own}/`) && inner?.files === own))
    return undefined
  const allowed = layer.may.some((name) =>
    name.endsWith('/*') ? target.startsWith(name.slice(0, -1)) : target.startsWith(name),
  )
  return allowed ? undefined : `${file}: imports ${target}`
}

it('[LA1] every import stays inside what its layer may use', () => {
  const faults = sourceFiles().flatMap((file) =>
    importsOf(readFileSync(path.join(root, file), 'utf8')).flatMap((wanted) => fault(file, wanted) ?? []),
  )
  expect(faults).toEqual([])
})

it('[LA2] refuses what must never be', () => {
  const planted: [string, string][] = [
    ['packages/server/src/server.ts', 'ts-mls'],
    ['packages/server/src/server.ts', '@qsec/client'],
    ['packages/server/src/server.ts', '../../client/src/crypto/group.ts'],
    ['packages/client/src/sync/stream.ts', '../storage/memory.ts'],
    ['packages/client/src/sync/stream.ts', '../crypto/index.ts'],
    ['packages/client/src/room/room.ts', 'ts-mls'],
    ['packages/client/src/room/room.ts', 'node:fs'],
    ['packages/protocol/src/index.ts', '../../server/src/index.ts'],
    ['packages/qkd/src/session/alice.ts', '@qsec/protocol'],
    ['packages/unknown/src/index.ts', './a.ts'],
    ['apps/web/src/main.tsx', '@qsec/server'],
    ['apps/cli/src/main.ts', '@peculiar/x509'],
    ['apps/cli/src/chat/chat.ts', '../../../web/src/words/system.ts'],
    ['apps/cli/src/chat/page.ts', '../../../web/src/real-keeper.ts'],
    ['packages/server/src/server.ts', '@peculiar/x509'],
    ['apps/web/src/plain/lab.tsx', '@qsec/client'],
    ['apps/web/src/plain/lab.tsx', '@qsec/qkd'],
    ['apps/web/src/main.tsx', '@qsec/client/quantum-worker'],
    ['apps/web/src/quantum.worker.ts', '@qsec/client'],
  ]
  for (const [file, wanted] of planted) expect(fault(file, wanted), `${file} → ${wanted}`).toBeDefined()
})
