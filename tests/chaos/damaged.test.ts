/** A relay that finds its database damaged says so in one line and leaves the file as it is, or starts with what was there. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startRelay } from '@qsec/server'
import { afterAll, expect, it } from 'vitest'
import { ok, room, temporaryFolder } from '../../packages/server/test/harness.ts'

const main = path.join(import.meta.dirname, '../../packages/server/src/main.ts')
const what = 'it is damaged '
const remedy = 'Put a backup in its place; to begin anew move it and its .life file away.'

const source = mkdtempSync(path.join(tmpdir(), 'qsec-damaged-'))
afterAll(() => rmSync(source, { recursive: true }))
const ends = ['', '-wal', '.life']

/** Database, write-ahead log and `.life` file of a relay that was killed with a room of three in it. */
async function leftBehind(): Promise<string> {
  const original = path.join(source, 'qsec2.db')
  if (!existsSync(original)) {
    const made = await room(3)
    for (let i = 0; i < 30; i++) ok(await made.members[i % 3]!.say())
    for (const end of ends) copyFileSync(made.databasePath + end, original + end)
  }
  const file = path.join(temporaryFolder(), 'qsec2.db')
  for (const end of ends) copyFileSync(original + end, file + end)
  return file
}

/** The same without a write-ahead log. */
function checkpoint(file: string): void {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}

interface Ran {
  code: number | null
  err: string
}

/** Starts the relay as an operator does; one that serves is sent SIGTERM. */
async function start(file: string, uid?: number): Promise<Ran> {
  const child = spawn(process.execPath, [main, '--port', '0'], {
    env: { PATH: process.env.PATH, QSEC2_DB: file },
    ...(uid === undefined ? {} : { uid }),
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdout.on('data', () => child.kill('SIGTERM'))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, err }
}

const refusal = (file: string, why: string) => `The database ${file} (QSEC_DATA_DIR, QSEC2_DB) cannot be used: ${why}\n`

const damages: [string, (file: string) => void, string | RegExp][] = [
  ['whose header was overwritten', (file) => flip(file, 0, 16), `${what}(file is not a database). ${remedy}`],
  ['whose pages were overwritten', (file) => flip(file, 4_096, 3 * 4_096), /^it is damaged \(.+\)\. Put a backup/],
  [
    'that lost its second half',
    (file) => truncateSync(file, statSync(file).size >> 1),
    /^it is damaged \(.+\)\. Put a backup/,
  ],
  [
    'that is empty',
    (file) => truncateSync(file, 0),
    'it is empty, but had rooms. Put a backup in its place; to begin anew delete its .life file.',
  ],
  [
    'of a newer version',
    (file) => run(file, "insert into kysely_migration values ('999-later', '2030-01-01')"),
    'a newer QSEC has written it (999-later). Start that one, or put a backup in its place.',
  ],
  [
    'of another program',
    (file) => run(file, 'drop table kysely_migration'),
    'another program has made it. Name another file.',
  ],
]

function flip(file: string, from: number, bytes: number): void {
  const content = readFileSync(file)
  for (let i = from; i < from + bytes; i++) content[i] = content[i]! ^ 0x5a
  writeFileSync(file, content)
}

function run(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

it.each(damages)(
  '[CX20] a database %s ends the start with one line that says what to do, and stays as it is',
  async (_, damage, why) => {
    const file = await leftBehind()
    checkpoint(file)
    damage(file)
    const before = readFileSync(file)
    const { code, err } = await start(file)
    expect(code, err).toBe(1)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    if (typeof why === 'string') expect(err).toBe(refusal(file, why))
    else expect(err.slice(refusal(file, '').length - 1)).toMatch(why)
    expect(readFileSync(file).equals(before)).toBe(true)
  },
)

it('[CX21] a write-ahead log that was cut or changed anywhere costs the latest writes at most, and adds none', async () => {
  const whole = await leftBehind()
  const log = readFileSync(`${whole}-wal`)
  const { members, epoch } = rowsOf(whole)
  expect(members.length).toBe(3)
  for (let part = 0; part <= 16; part++) {
    const at = Math.min(log.length - 1, Math.floor((log.length * part) / 16) + part)
    const file = await leftBehind()
    if (part % 2 === 0) truncateSync(`${file}-wal`, at)
    else flip(`${file}-wal`, at, 1)
    try {
      const relay = await startRelay({ databasePath: file, report: () => undefined })
      await relay.close()
    } catch (error) {
      // Where nothing at all is left, the `.life` file beside it still says that there was something.
      expect(String(error)).toContain('it is empty, but had rooms')
      expect(at).toBeLessThan(log.length / 2)
      continue
    }
    const left = rowsOf(file)
    for (const member of left.members) expect(members).toContainEqual(member)
    expect(left.epoch).toBeLessThanOrEqual(epoch)
  }
})

/** What a relay has on disk of its one room, as far as it is lost or not, never otherwise. */
function rowsOf(file: string): { members: unknown[]; epoch: number } {
  const database = new DatabaseSync(file, { readOnly: true })
  const members = database.prepare('select room, device, bundle from members').all()
  const { epoch } = database.prepare('select coalesce(max(epoch), 0) as epoch from streams').get() as { epoch: number }
  database.close()
  return { members, epoch }
}

it('[CX22] a database that may not be written ends the start with one line that says what to do', async () => {
  const file = await leftBehind()
  checkpoint(file)
  const folder = path.dirname(file)
  const isRoot = process.getuid?.() === 0 // who may write everything
  for (const name of [file, `${file}.life`]) chmodSync(name, 0o444)
  chmodSync(folder, 0o555)
  const { code, err } = await start(file, isRoot ? 65_534 : undefined)
  chmodSync(folder, 0o755)
  expect(code, err).toBe(1)
  expect(err).toBe(
    refusal(file, 'this user may not write it. Give the file and its folder to the user that runs the relay.'),
  )
})
