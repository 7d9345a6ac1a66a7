import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, vi } from 'vitest'
import { relay, temporaryFolder } from '../../test/harness.ts'
import { spellFields } from './log-line.ts'
import { Store } from './store.ts'

// A busy machine takes longer than the usual five seconds, and that is no fault.
vi.setConfig({ testTimeout: 40_000 })

const root = path.resolve(import.meta.dirname, '..')

function sources(): [file: string, text: string][] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => [file, readFileSync(path.join(root, file), 'utf8')])
}

/** Texts that become SQL as they are. */
function unprepared(text: string): string[] {
  const found = [...text.matchAll(/sql\s*\.\s*(?:raw|lit|id|ref|table)\b|CompiledQuery\.raw/g)].map(([hit]) => hit)
  for (const [, call, given] of text.matchAll(/\.(exec|prepare)\(\s*([^)]*)/g)) {
    const isConstant = /^'[^'$]*'|^"[^"$]*"/.test(given!) || !/^['"`]/.test(given!)
    if (!isConstant && /\$\{/.test(given!)) found.push(`${call}(${given})`)
  }
  return found
}

it('[HX28] no value becomes a part of SQL', () => {
  const all = sources().flatMap(([file, text]) => unprepared(text).map((hit) => `${file}: ${hit}`))
  // Names of our own tables and columns, quoted by the library; a number out of the relay's own limits: neither is a parameter.
  expect(all).toEqual([
    'admin/overview.ts: sql.table',
    ...all.filter((hit) => /^store\/holdings\.ts: sql\.(ref|table)$/.test(hit)),
    expect.stringMatching(/^store\/sqlite\.ts: exec\(`PRAGMA max_page_count = \$\{pagesAtMost\}`\)$/),
  ])
  expect(unprepared(`db.exec(\`delete from rooms where address = '$\{address}'\`)`)).toHaveLength(1)
  expect(unprepared('sql.raw(name)')).toHaveLength(1)
  expect(unprepared('db.prepare("select 1")')).toHaveLength(0)
})

it('[HX28] what looks like SQL is stored as the text that it is', async () => {
  const file = path.join(temporaryFolder(), 'qsec2.db')
  const { relay: running } = await relay({ databasePath: file })
  await running.close()
  const hostile = `x'); drop table room_logs; delete from rooms; --\u0000\n"`
  const none = () => undefined
  const store = await Store.open({
    file,
    now: Date.now,
    gatherMs: 1,
    logGatherMs: 1,
    eraseMs: 1,
    pagesAtMost: 0,
    onLogLines: none,
    onWrite: none,
    report: none,
  })
  store.log(hostile as never, 'USER_JOIN', { device: hostile })
  await store.close()
  const database = new DatabaseSync(file, { readOnly: true })
  const rows = database.prepare('select room_id, data from room_logs').all()
  database.close()
  expect(rows.map((row) => ({ ...row }))).toEqual([{ room_id: hostile, data: spellFields({ device: hostile }) }])
  expect(rows[0]!.data).not.toMatch(/[\n\0]/)
})
