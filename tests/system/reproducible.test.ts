/** F83: whoever builds the web client of one commit gets the same bytes, and the relay serves those and no others. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { startRelay } from '@qsec/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileList, type ListedFile, unlisted } from '../../apps/web/build/seal.ts'

const root = path.resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(path.join(tmpdir(), 'qsec-builds-'))
const sources = ['apps/web', 'packages/protocol', 'packages/qkd', 'packages/client', 'package.json']

/** The packages that the web client is made of, by the lock file: all that are neither for development nor ours. */
function ownPackages(): string[] {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; optional?: true; link?: true }>
  }
  const entries = Object.entries(lock.packages).filter(([name]) => name.startsWith('node_modules/'))
  return entries.filter(([, { dev, optional, link }]) => !dev && !optional && !link).map(([name]) => name)
}

/** A copy of the tree, at another place and of another date. */
function copyTree(to: string, time: Date): string {
  const isSource = (file: string) => !/[\\/](dist|node_modules)$/.test(file)
  for (const one of sources) cpSync(path.join(root, one), path.join(to, one), { recursive: true, filter: isSource })
  for (const one of ownPackages()) cpSync(path.join(root, one), path.join(to, one), { recursive: true })
  mkdirSync(path.join(to, 'node_modules/@qsec'))
  for (const name of ['protocol', 'qkd', 'client']) {
    symlinkSync(path.join(to, 'packages', name), path.join(to, 'node_modules/@qsec', name))
  }
  symlinkSync(path.join(root, 'node_modules/vite'), path.join(to, 'node_modules/vite'))
  for (const file of filesIn(path.join(to, 'apps'))) utimesSync(path.join(to, 'apps', file), time, time)
  return to
}

const filesIn = (where: string): string[] =>
  readdirSync(where, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(where, path.join(entry.parentPath, entry.name)))
    .sort()

/** Builds with a clock that says `time`; the folder of the result. */
async function buildIn(tree: string, time: Date, env: Record<string, string>): Promise<string> {
  const clock = path.join(tree, 'clock.mjs')
  writeFileSync(
    clock,
    `const shift = ${time.getTime()} - Date.now(), Real = Date
     globalThis.Date = class extends Real { constructor(...a) { a.length ? super(...a) : super(Real.now() + shift) }
       static now() { return Real.now() + shift } }`,
  )
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  const args = ['--import', clock, vite, 'build', path.join(tree, 'apps/web'), '--logLevel', 'warn']
  await promisify(execFile)(process.execPath, args, { cwd: tree, env: { PATH: process.env.PATH, ...env } })
  return path.join(tree, 'apps/web/dist')
}

let one = ''
let other = ''

beforeAll(async () => {
  const [early, late] = [new Date('2001-01-01T03:00:00Z'), new Date('2037-12-31T22:00:00Z')]
  const far = path.join(folder, 'with a space', 'and ünother', 'deep')
  const [near, deep] = [copyTree(path.join(folder, 'near'), early), copyTree(far, late)]
  one = await buildIn(near, early, { TZ: 'Pacific/Kiritimati', LC_ALL: 'C', HOME: folder, RAYON_NUM_THREADS: '1' })
  other = await buildIn(deep, late, { TZ: 'America/Los_Angeles', LC_ALL: 'tr_TR.UTF-8', CI: '1' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('[PG8] two builds at other places, dates, time zones and languages have the same bytes in every file', () => {
  const files = filesIn(one)
  expect(files.length).toBeGreaterThan(10)
  expect(filesIn(other)).toEqual(files)
  const different = files.filter((file) => {
    return !readFileSync(path.join(one, file)).equals(readFileSync(path.join(other, file)))
  })
  expect(different).toEqual([])
  // Every entry is among them: the page, both of its workers, the one that keeps it, and what the licences ask for.
  for (const entry of [
    /^index\.html$/,
    /quantum\.worker-/,
    /argon2\.worker-/,
    /^sw\.js$/,
    /^third-party-notices\.txt$/,
    /^plain\/lab\.html$/,
    /^plain\/guide\.html$/,
    /^plain\/lab\.worker-/,
  ]) {
    expect([entry, files.filter((file) => entry.test(file)).length]).toEqual([entry, 1])
  }
  for (const file of files) {
    const text = readFileSync(path.join(one, file), 'latin1')
    expect([file, text.includes(folder), text.includes('2001-01-0')]).toEqual([file, false, false])
  }
})

const addressesOf = (file: string): string[] => {
  if (file === 'index.html') return ['/', '/room/lobby', '/?x=1']
  return file === 'plain/lab.html' ? ['/lab', `/${file}`] : [`/${file}`]
}

it('[PG9] what the relay serves is what the list of the build says, file by file', async () => {
  const list = JSON.parse(readFileSync(path.join(one, fileList), 'utf8')) as { files: ListedFile[] }
  const options = { port: 0, host: '127.0.0.1', databasePath: path.join(folder, 'qsec2.db') }
  const relay = await startRelay({ ...options, webRoot: other })
  try {
    const get = async (where: string) => Buffer.from(await (await fetch(relay.url + where)).arrayBuffer())
    expect(JSON.parse((await get(`/${fileList}`)).toString())).toEqual(list)
    for (const { path: file, bytes, sha256 } of list.files) {
      for (const where of addressesOf(file)) {
        const served = await get(where)
        const hash = createHash('sha256').update(served).digest('hex')
        expect([where, served.length, hash]).toEqual([where, bytes, sha256])
      }
    }
    // Nothing is served that the list does not name.
    const named = [...list.files.map((file) => file.path), ...unlisted].sort()
    expect(filesIn(other)).toEqual(named)
  } finally {
    await relay.close()
  }
})
