import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import {
  comeBack,
  type Member,
  type MemberAnswer,
  ok,
  relay,
  room,
  temporaryFolder,
  until,
} from '../../test/harness.ts'
import { backUp, restore } from './backup.ts'

const nowMs = Date.UTC(2026, 10, 23, 14, 0, 0)

function rowsIn(file: string, table: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  const n = Number(db.prepare(`select count(*) as n from ${table}`).get()?.n)
  db.close()
  return n
}

/** A room that keeps its sealed messages, with a backup of it in the midst of talking. */
async function backedUp() {
  const made = await room(2)
  const [ana] = made.members as [Member, Member]
  ok(await ana.client.request('keep_sealed', { room: made.address, days: 14 }))
  const file = path.join(path.dirname(made.databasePath), 'backup.db')
  let isOver = false
  const talking = (async () => {
    for (let i = 0; !isOver || i < 20; i++) ok(await ana.say())
  })()
  await until(() => made.members[1]!.client.events('encrypted_message').length > 5)
  const result = await backUp(made.databasePath, file)
  isOver = true
  await talking
  return { ...made, file, ana, result }
}

it('[OP14] a backup beside a relay that writes is one whole file, which its owner alone can read', async () => {
  const { file, result, databasePath } = await backedUp()
  expect(result).toMatchObject({ ok: true, rooms: 1, bytes: statSync(file).size })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(path.dirname(file)).filter((name) => name.startsWith('backup.db'))).toEqual(['backup.db'])
  const db = new DatabaseSync(file, { readOnly: true })
  expect(db.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
  expect(db.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'delete' })
  db.close()
  const kept = rowsIn(file, 'kept_frames')
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(rowsIn(databasePath, 'kept_frames'))
})

it('[OP14] a backup replaces no file, and says what cannot be backed up', async () => {
  const { file, databasePath } = await backedUp()
  const before = readFileSync(file)
  expect(await backUp(databasePath, file)).toMatchObject({ ok: false, reason: expect.stringContaining('exists') })
  expect(readFileSync(file).equals(before)).toBe(true)
  const folder = temporaryFolder()
  const to = path.join(folder, 'b.db')
  expect(await backUp(path.join(folder, 'none.db'), to)).toMatchObject({ ok: false })
  expect(await backUp(databasePath, path.join(folder, 'no', 'such', 'b.db'))).toMatchObject({ ok: false })
  writeFileSync(
    path.join(folder, 'text.db'),
    'no database at all, but long enough to look for a header in it'.repeat(99),
  )
  expect(await backUp(path.join(folder, 'text.db'), to)).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/damaged/),
  })
  expect(readdirSync(folder)).toEqual(['text.db'])
})

it('[OP15] what is restored is served again, and what stood there is kept beside it', async () => {
  const { file, databasePath, relay: running, ana } = await backedUp()
  const refused = await restore(databasePath, file, nowMs)
  expect(refused).toEqual({ ok: false, reason: 'The relay is running. Stop it, then restore.' })
  await running.close()
  const later = rowsIn(databasePath, 'kept_frames')
  const result = await restore(databasePath, file, nowMs)
  expect(result).toMatchObject({ ok: true, rooms: 1, replaced: `${databasePath}.before-20261123T140000Z` })
  expect(rowsIn(`${databasePath}.before-20261123T140000Z`, 'kept_frames')).toBe(later)
  expect(statSync(databasePath).mode & 0o777).toBe(0o600)
  const { relay: second, reports } = await relay({ databasePath })
  expect(second.stats().rooms).toBe(1)
  // The backup is seconds old, and yet numbers were given out since: the relay must not go on under them.
  const last = ana.client.events('encrypted_message').at(-1)!
  const answer = ok(await comeBack(second.url, ana, { inc: last.inc, seq: last.seq })) as MemberAnswer
  expect(answer).toMatchObject({ state: 'member', recovered: false, keeps: 14 })
  expect(answer.inc).not.toBe(last.inc)
  expect(answer.firstSeq).toBeGreaterThan(last.seq)
  expect(reports).toEqual([])
})

it('[OP15] it is restored where nothing was, too', async () => {
  const { file } = await backedUp()
  const databasePath = path.join(temporaryFolder(), 'new', 'qsec2.db')
  expect(await restore(databasePath, file, nowMs)).toMatchObject({ ok: true, rooms: 1, replaced: undefined })
  const { relay: running } = await relay({ databasePath })
  expect(running.stats().rooms).toBe(1)
})

it('[OP16] a backup that cannot be used changes nothing', async () => {
  const { file, databasePath, relay: running } = await backedUp()
  await running.close()
  const folder = temporaryFolder()
  const planted = (name: string, spoil: (copy: string) => void): string => {
    const copy = path.join(folder, name)
    writeFileSync(copy, readFileSync(file))
    spoil(copy)
    return copy
  }
  const sql = (text: string) => (copy: string) => {
    const db = new DatabaseSync(copy)
    db.exec(text)
    db.close()
  }
  const bad: [string, RegExp][] = [
    [
      planted('newer', sql("insert into kysely_migration values ('999-later', '2030')")),
      /newer QSEC has written it \(999-later\)/,
    ],
    [planted('other', sql('drop table kysely_migration')), /another program has made it/],
    [planted('empty', (copy) => truncateSync(copy)), /empty/],
    [planted('cut', (copy) => truncateSync(copy, statSync(copy).size - 8_192)), /damaged/],
    [planted('text', (copy) => writeFileSync(copy, 'x'.repeat(9_000))), /damaged/],
    [path.join(folder, 'none'), /There is no backup/],
    [databasePath, /is the database itself/],
  ]
  const life = readFileSync(`${databasePath}.life`, 'utf8')
  const before = readFileSync(databasePath)
  for (const [from, words] of bad) {
    const result = await restore(databasePath, from, nowMs)
    expect(result, from).toMatchObject({ ok: false, reason: expect.stringMatching(words) })
    expect((result as { reason: string }).reason).not.toContain('\n')
  }
  expect(readFileSync(databasePath).equals(before)).toBe(true)
  expect(readFileSync(`${databasePath}.life`, 'utf8')).toBe(life)
  expect(readdirSync(path.dirname(databasePath)).filter((name) => /restoring|before/.test(name))).toEqual([])
  expect(existsSync(`${databasePath}.restoring`)).toBe(false)
})
