import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { RoomRowsAnswer, RowKey } from '@qsec/protocol'
import { limits } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import {
  Client,
  closedAddress,
  code,
  Member,
  messageId,
  ok,
  pairId,
  personPair,
  random,
  relay,
  room,
  TestDevice,
  type TestRoom,
  until,
} from '../../test/harness.ts'
import { Vapid } from '../push/vapid.ts'
import { foreignTables, tables } from '../store/holdings.ts'

const soon = { keptPruneMs: 20, eraseMs: 20, keepSwitchMs: 0, logDeletionPauseMs: 0, logPushMs: 20 }
const asks = { holdingsAtOnce: 10_000 }

const tablesFor = (member: Member) => member.client.request('fetch_room_tables', { room: member.room })
const rowsFor = (member: Member, table: string, after?: RowKey) =>
  member.client.request('fetch_room_rows', { room: member.room, table, ...(after ? { after } : {}) })
const deleteFor = (member: Member) => member.client.request('delete_room_logs', { room: member.room })

/** Every row of a table that `member` is shown, page after page, by its columns. */
async function allRows(member: Member, table: string): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = []
  for (let after: RowKey | undefined; ; ) {
    const page: RoomRowsAnswer = ok(await rowsFor(member, table, after))
    expect(page.rows.length).toBeLessThanOrEqual(limits.roomRows)
    all.push(...page.rows.map((row) => Object.fromEntries(row.map((value, i) => [page.columns[i]!, value]))))
    after = page.next
    if (!after) return all
  }
}

function inDatabase<T>(file: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return read(db)
  } finally {
    db.close()
  }
}

/** What is wrong with the list of tables, for this database. */
function faults(db: DatabaseSync): string[] {
  const names = db.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").all()
  return names.flatMap(({ name }) => {
    const table = name as string
    if (foreignTables.includes(table)) return []
    const held = Object.hasOwn(tables, table) ? tables[table as keyof typeof tables] : undefined
    if (held === undefined) return [`${table}: neither shown nor named as holding nothing`]
    const columns = db.prepare(`select name, pk from pragma_table_info('${table}')`).all()
    const found = columns.map((column) => column.name as string)
    if (held === 'nothing') return found.some((one) => /room|address/.test(one)) ? [`${table}: has a room`] : []
    const listed = Object.entries(held.columns)
    const missing = found.filter((one) => !listed.some(([column]) => column === one))
    const ofRoom = listed.filter(([, kind]) => kind === 'room').map(([column]) => column)
    const primary = columns.filter(({ pk }) => (pk as number) > 0).map((column) => column.name as string)
    const key = [...ofRoom, ...held.key]
    return [
      ...missing.map((column) => `${table}.${column}: not shown`),
      ...(ofRoom.length === 1 ? [] : [`${table}: no one column names the room`]),
      ...(primary.every((column) => key.includes(column)) ? [] : [`${table}: its key is not ${key}`]),
    ]
  })
}

describe('the list of what is stored', () => {
  it('[WK1] has every table and every column of the database', async () => {
    const { relay: running, databasePath } = await relay()
    await running.close()
    expect(inDatabase(databasePath, faults)).toEqual([])
    const db = new DatabaseSync(databasePath)
    db.exec('create table planted (room text primary key, said text); alter table rooms add column planted text')
    expect(faults(db)).toEqual(['rooms.planted: not shown', 'planted: neither shown nor named as holding nothing'])
    db.close()
  })

  it('[WK2] members get every row about their room as the database has it, and how long it is kept', async () => {
    const made = await fullRoom()
    const [ana] = made.members as [Member]
    const told = ok(await tablesFor(ana))
    const other = await memberElsewhere(made)
    for (const { table, rows, withheld } of told.tables) {
      const held = tables[table as keyof typeof tables]
      if (held === 'nothing') throw new Error(table)
      const [ofRoom] = Object.entries(held.columns).find(([, kind]) => kind === 'room')!
      const stored = inDatabase(made.databasePath, (db) =>
        db.prepare(`select * from ${table} where ${ofRoom} = ?`).all(made.address),
      )
      expect(rows, table).toBe(stored.length)
      expect(withheld, table).toBe(0)
      const shown = await allRows(ana, table)
      expect(shown.length, table).toBe(stored.length)
      for (const row of shown) {
        const same = stored.filter((one) => held.key.every((column) => one[column] === row[column]))
        expect(same, table).toHaveLength(1)
        for (const [column, value] of Object.entries(row)) {
          const is = same[0]![column]
          if (typeof value !== 'object' || value === null) expect(value, `${table}.${column}`).toBe(is)
          else if ('bytes' in value) expect(value.bytes).toBe((is as Uint8Array).length)
          else expect([(is as string).startsWith((value as { start: string }).start), is]).toEqual([true, is])
        }
      }
    }
    expect(told.tables.filter(({ rows }) => rows > 0).map(({ table }) => table)).toEqual(
      Object.keys(tables).filter((table) => tables[table as keyof typeof tables] !== 'nothing'),
    )
    expect(told.others).toContain('lives')
    expect(told.keeps).toMatchObject({ logMs: 90 * 86_400_000, sealedMs: 14 * 86_400_000, requestMs: 604_800_000 })
    expect(told.memory).toMatchObject({ epoch: ana.epoch, connected: 3, pairs: 1 })
    expect(told.memory.frames).toBeGreaterThan(0)
    // Another room at the same relay has rows of its own alone.
    for (const { table } of told.tables) {
      expect(JSON.stringify(await allRows(other, table)), table).not.toContain(made.address)
    }
    expect(ok(await tablesFor(other)).memory).toMatchObject({ epoch: 0, connected: 1, pairs: 0, frames: 0 })
  })

  it('[WK3] a table comes in pages, each row once, the newest lines of the log first', async () => {
    const made = await room(2, { limits: { ...soon, ...asks } })
    const [ana] = made.members as [Member]
    for (let i = 0; i < 230; i++) {
      ok(await ana.client.request('bb84_meta', { room: made.address, tag: 'KEY_DESTROYED', epoch: i }))
    }
    const rows = await allRows(ana, 'room_logs')
    const ids = rows.map(({ id }) => id as number)
    expect(ids.length).toBeGreaterThan(230)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a))
    expect(ok(await tablesFor(ana)).tables.find(({ table }) => table === 'room_logs')?.rows).toBe(ids.length)
  })

  it('[WK4] nobody else gets anything, and there is no way to another table', async () => {
    const made = await room(2, { limits: { ...soon, ...asks } })
    const [ana] = made.members as [Member]
    const stranger = new Member(new TestDevice(made.address), new Client(made.relay.url))
    await stranger.client.connected()
    await stranger.client.hello()
    expect(code(await tablesFor(stranger))).toBe('not-logged-in')
    ok(await stranger.client.join(stranger.device, { joinKey: made.joinKey }))
    const waiting = [await tablesFor(stranger), await rowsFor(stranger, 'rooms'), await deleteFor(stranger)]
    expect(waiting).toEqual(waiting.map(() => ({ ok: false, code: 'no-access', message: expect.any(String) })))
    expect(new Set(waiting.map((answer) => !answer.ok && answer.message)).size).toBe(1)
    const elsewhere = await memberElsewhere(made)
    const abroad = await elsewhere.client.request('fetch_room_tables', { room: made.address })
    const nowhere = await elsewhere.client.request('fetch_room_tables', { room: closedAddress() })
    expect(abroad).toEqual(nowhere)
    expect(code(abroad)).toBe('no-access')
    for (const table of ['sqlite_master', 'lives', 'kysely_migration', 'constructor', 'rooms_']) {
      expect(code(await rowsFor(ana, table)), table).toBe('bad-request')
    }
    for (const table of ['rooms; drop table rooms', '__proto__', '"rooms"', '']) {
      expect(code(await rowsFor(ana, table)), table).toBe('bad-request')
    }
    for (const after of [['1', 'b'], ['a'], ['-1'], []] as RowKey[]) {
      expect(code(await rowsFor(ana, 'room_logs', after)), `${after}`).toBe('bad-request')
    }
    expect(code(await rowsFor(ana, 'room_logs', ['0']))).toBe('ok')
  })

  it('[WK5] rows of streams between other people are counted, and shown to those people alone', async () => {
    const made = await fullRoom()
    const [ana, ben, cleo] = made.members as [Member, Member, Member]
    const ofPairs = ['streams', 'kept_streams', 'kept_frames', 'kept_devices']
    const told = new Map(ok(await tablesFor(cleo)).tables.map((table) => [table.table, table]))
    for (const table of ofPairs) {
      const own = await allRows(ana, table)
      const others = await allRows(cleo, table)
      expect(
        own.some(({ pair }) => pair !== ''),
        table,
      ).toBe(true)
      expect(others.length, table).toBeGreaterThan(0)
      expect(
        others.every(({ pair }) => pair === ''),
        table,
      ).toBe(true)
      expect(told.get(table)).toMatchObject({ rows: own.length, withheld: own.length - others.length })
      expect(await allRows(ben, table)).toHaveLength(own.length)
    }
  })

  it('[WK6] no ciphertext and no whole KeyPackage comes down', async () => {
    const made = await fullRoom()
    const [, ben] = made.members as [Member, Member]
    const told = ok(await tablesFor(ben))
    const shown = (await Promise.all(told.tables.map(({ table }) => allRows(ben, table)))).map((rows) =>
      JSON.stringify(rows),
    )
    for (const secret of made.secrets)
      expect(
        shown.some((rows) => rows.includes(secret)),
        secret,
      ).toBe(false)
    expect(shown.some((rows) => rows.includes(made.secrets[0]!.slice(0, 40)))).toBe(true)
    const frames = told.tables.find(({ table }) => table === 'kept_frames')
    expect(frames?.sealedBytes).toBeGreaterThan(900)
  })

  it('[WK7] whoever looks without end is told to wait, and nobody else is', async () => {
    const made = await room(2, { limits: { holdingsAtOnce: 3, holdingsPerSecond: 0.001 } })
    const [ana, ben] = made.members as [Member, Member]
    const answers = []
    for (let i = 0; i < 6; i++) answers.push(code(await tablesFor(ana)))
    expect(answers.at(-1)).toBe('rate-limited')
    expect(answers[0]).toBe('ok')
    expect(code(await tablesFor(ben))).toBe('ok')
    expect(code(await ana.say())).toBe('ok')
  })
})

describe('deleting the log', () => {
  it('[WK10] the owner deletes every line that is there, from the files too, and the room is told', async () => {
    const made = await room(2, { limits: { ...soon, ...asks, logGatherMs: 5 } })
    const [ana, ben] = made.members as [Member, Member]
    const message = ok(await ben.say({ ct: random(777) }))
    const before = await allRows(ana, 'room_logs')
    expect(before.some(({ data }) => (data as string).includes('bytes=777'))).toBe(true)
    expect(ok(await tablesFor(ana)).owner).toBe(true)
    expect(ok(await deleteFor(ana))).toEqual({ ok: true, deleted: before.length })
    const after = await allRows(ana, 'room_logs')
    expect(after.map(({ event, data }) => `${event} ${data}`)).toEqual([
      `ROOM_LOG_DELETED device=${ana.id} lines=${before.length}`,
    ])
    await ben.client.next('room_logs', ({ logs }) => logs.some((line) => line.message.startsWith('[ROOM_LOG_DELETED]')))
    await until(() => !isOnDisk(made.databasePath, 'bytes=777'), undefined, 'the line to be gone from the disk')
    // What is said goes on, and is written down again.
    expect(ok(await ben.say()).seq).toBe(message.seq + 1)
    expect((await allRows(ana, 'room_logs')).map(({ event }) => event)).toEqual(['MSG_RELAYED', 'ROOM_LOG_DELETED'])
  })

  it('[WK11] nobody else does, not too often, and another room keeps its lines', async () => {
    const made = await room(2, { limits: { ...soon, ...asks, logDeletionPauseMs: 60_000 } })
    const [ana, ben] = made.members as [Member, Member]
    const other = await memberElsewhere(made)
    const before = (await allRows(ana, 'room_logs')).length
    expect(ok(await tablesFor(ben)).owner).toBe(false)
    expect(code(await deleteFor(ben))).toBe('no-access')
    expect(code(await other.client.request('delete_room_logs', { room: made.address }))).toBe('no-access')
    expect(await allRows(ana, 'room_logs')).toHaveLength(before)
    ok(await deleteFor(ana))
    expect(code(await deleteFor(ana))).toBe('rate-limited')
    expect((await allRows(other, 'room_logs')).map(({ event }) => event)).toContain('ROOM_CREATED')
  })

  it('[WK12] whose room it is goes with the person, with a handing over, and back with a commit that falls', async () => {
    const made = await room(3, { limits: { ...soon, ...asks } })
    const [ana, ben, cleo] = made.members as [Member, Member, Member]
    const isOwner = async (member: Member) => ok(await tablesFor(member)).owner
    // Nobody takes a room by saying so.
    const stolen = ok(await ben.commit({ leader: ben.id }))
    await settled(made, ben, stolen.seq)
    expect([await isOwner(ana), await isOwner(ben)]).toEqual([true, false])
    const given = ok(await ana.commit({ leader: cleo.id }))
    expect([await isOwner(ana), await isOwner(cleo)]).toEqual([false, true])
    await settled(made, ana, given.seq)
    expect([await isOwner(ana), await isOwner(cleo)]).toEqual([false, true])
    // Withdrawn: all others refuse it.
    const event = cleo.commitEvent({ leader: ben.id })
    const { seq } = ok(await cleo.client.request('commit', event))
    expect([await isOwner(cleo), await isOwner(ben)]).toEqual([false, true])
    for (const member of [ana, ben]) ok(await member.nack({ seq, epoch: event.epoch, ct: event.ct }))
    await ana.client.next('commit_nack', (verdict) => verdict.seq === seq)
    expect([await isOwner(cleo), await isOwner(ben)]).toEqual([true, false])
    await made.relay.close()
    const again = await relay({ databasePath: made.databasePath })
    const back = new Member(cleo.device, new Client(again.relay.url))
    ok(await back.client.join(back.device))
    expect(await isOwner(back)).toBe(true)
  })

  it('[WK13] another device of the owner is the owner, and whoever is named once the owner has gone', async () => {
    const made = await room(1, { limits: { ...soon, ...asks } })
    const [ana] = made.members as [Member]
    const tablet = await made.admit(new TestDevice(made.address, { person: ana.device.person }))
    const ben = await made.admit()
    expect(ok(await tablesFor(tablet)).owner).toBe(true)
    for (const member of [tablet, ana]) ok(await member.client.request('leave', { room: made.address }))
    expect(code(await deleteFor(ben))).toBe('no-access')
    ok(await ben.commit({ leader: ben.id, removed: [ana.id, tablet.id] }))
    expect(ok(await tablesFor(ben)).owner).toBe(true)
    expect(code(await deleteFor(ben))).toBe('ok')
  })
})

/** The commit at `seq` stands, and everybody is in its epoch. */
async function settled(made: TestRoom, committer: Member, seq: number): Promise<void> {
  const other = made.members.find((member) => member !== committer)!
  ok(await other.ack(seq))
  for (const member of made.members) {
    await member.client.next('commit_stands', (verdict) => verdict.seq === seq)
    member.epoch += 1
  }
}

/** A room with something in every table: three members, a pair of the first two, a request, KeyPackages, kept frames. */
async function fullRoom(): Promise<TestRoom & { secrets: string[] }> {
  // Nothing is tidied up while the rows are compared.
  const vapid = new Vapid(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'mailto:a@b.example')
  const limits = { ...soon, ...asks, keptPruneMs: 1_000_000 }
  const made = await room(3, { limits, expected: 5, push: { vapid } })
  const [ana, ben] = made.members as [Member, Member]
  ok(await ana.client.request('set_push', { room: made.address, endpoint: 'https://push.example/ana' }))
  ok(await ana.client.request('keep_sealed', { room: made.address, days: 14 }))
  const secrets = Array.from({ length: 6 }, () => random(500))
  const [keyPackage, lastResort, request, said, paired, welcome] = secrets as [never, never, never, never, never, never]
  ok(await ben.client.request('announce_pubkey', { room: made.address, keyPackages: [keyPackage], lastResort }))
  const newcomer = new Client(made.relay.url)
  const device = new TestDevice(made.address)
  ok(await newcomer.join(device, { joinKey: made.joinKey }))
  ok(await newcomer.request('announce_pubkey', { room: made.address, request }))
  newcomer.socket.disconnect()
  await ana.client.next('user_list', ({ waiting }) => waiting.includes(device.id))
  ok(await ana.say({ ct: said }))
  const pair = pairId()
  ben.client.takesWelcomes = false
  const opening = { pair, epoch: 0, open: { to: ben.id }, welcomes: [{ to: [ben.id], ct: welcome }] }
  const { seq } = ok(await ana.commit(opening))
  const frame = { room: made.address, pair, id: messageId(), epoch: 1, n: 0, ct: paired, to: ben.id }
  ok(await ana.client.request('bb84_relay', frame))
  await ana.client.next('commit_stands', (verdict) => verdict.pair === pair && verdict.seq === seq)
  return { ...made, secrets }
}

async function memberElsewhere(made: TestRoom): Promise<Member> {
  const device = new TestDevice(closedAddress(), { person: personPair() })
  const member = new Member(device, new Client(made.relay.url))
  ok(await member.client.join(device, { create: { joinKeys: [] } }))
  return member
}

function isOnDisk(databasePath: string, text: string): boolean {
  return [databasePath, `${databasePath}-wal`].some((file) => existsSync(file) && readFileSync(file).includes(text))
}
