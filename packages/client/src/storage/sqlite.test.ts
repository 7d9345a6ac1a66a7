import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openNodeStorage } from '../node.ts'
import { openSqliteStorage } from './sqlite.node.ts'
import { bytes, put, refused } from './storage.contract.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qsec-sqlite-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const nodeEntry = fileURLToPath(new URL('../node.ts', import.meta.url))

/** Another process that opens the storage in `folder` and writes w/0, w/1, …, telling each write that resolved. */
function writer() {
  const script = `
    const { openNodeStorage } = await import(process.argv[1])
    const storage = await openNodeStorage(process.argv[2]).catch((error) => {
      console.log('refused ' + error.code + ' ' + error.message)
      process.exit(3)
    })
    for (let i = 0; ; i++) {
      await storage.apply([{ type: 'put', key: 'w/' + i, value: new Uint8Array(2000).fill(i) }])
      console.log('wrote ' + i)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, nodeEntry, folder])
  child.stderr.on('data', (text) => process.stderr.write(text))
  return { child, lines: createInterface(child.stdout) }
}

describe('sqlite storage', () => {
  it('[ST22] files and folder are for their owner alone', async () => {
    const inside = join(folder, 'device')
    const storage = await openNodeStorage(inside)
    await storage.apply([put('a', bytes(1))])
    expect(statSync(inside).mode & 0o777).toBe(0o700)
    expect(readdirSync(inside).sort()).toEqual(['storage.db', 'storage.db-wal', 'storage.key'])
    for (const name of readdirSync(inside))
      expect([name, statSync(join(inside, name)).mode & 0o777]).toEqual([name, 0o600])
    await storage.close()
  })

  it('[ST23] a second opener is refused in plain words, in this process and in another', async () => {
    const storage = await openNodeStorage(folder)
    const error = await refused('failed', openNodeStorage(folder))
    expect(error.message).toContain('in use by another process')
    const { child, lines } = writer()
    const [line] = await once(lines, 'line')
    expect(line).toMatch(/^refused failed .*in use by another process/)
    if (child.exitCode === null) await once(child, 'exit')
    await storage.close()
    const again = await openNodeStorage(folder)
    await again.close()
  })

  it('[ST24] after kill -9 everything that resolved is there, whole, and the storage opens', async () => {
    const { child, lines } = writer()
    let told = -1
    lines.on('line', (line) => {
      told = Number(line.split(' ')[1])
      if (told === 60) child.kill('SIGKILL')
    })
    await once(child, 'exit')
    expect(told).toBeGreaterThanOrEqual(60)
    const storage = await openNodeStorage(folder)
    for (let i = 0; i <= told; i++) expect(await storage.get(`w/${i}`)).toEqual(new Uint8Array(2000).fill(i))
    await storage.close()
  })

  it('[ST25] a full disk rejects with full and changes nothing; with space again it goes on', async () => {
    const storage = openSqliteStorage(join(folder, 'storage.db'), { maxPages: 20 })
    await storage.apply([put('a', bytes(1))])
    await refused('full', storage.apply([put('a', bytes(2)), put('b', new Uint8Array(200_000))]))
    expect(await storage.get('a')).toEqual(bytes(1))
    expect(await storage.list('b')).toEqual([])
    await storage.apply([put('a', bytes(3))])
    expect(await storage.get('a')).toEqual(bytes(3))
    await storage.close()
  })

  it('[ST26] a damaged, foreign or newer file is refused as such and left as it is', async () => {
    const path = join(folder, 'storage.db')
    writeFileSync(path, 'this is no database, and long enough to have a header of one hundred bytes '.repeat(20))
    const garbage = readFileSync(path)
    await refused('damaged', (async () => openSqliteStorage(path))())
    expect(readFileSync(path).equals(garbage)).toBe(true)

    rmSync(path)
    const foreign = new DatabaseSync(path)
    foreign.exec('CREATE TABLE photos (name TEXT)')
    foreign.close()
    await refused('damaged', (async () => openSqliteStorage(path))())

    rmSync(path)
    await openSqliteStorage(path).close()
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 3')
    newer.close()
    const error = await refused('failed', (async () => openSqliteStorage(path))())
    expect(error.message).toContain('newer')
  })

  it('[ST27] a file that lost its end is damaged, never read with rows missing', async () => {
    const path = join(folder, 'storage.db')
    const storage = openSqliteStorage(path)
    await storage.apply(Array.from({ length: 50 }, (_, i) => put(`a/${i}`, new Uint8Array(3000).fill(i))))
    await storage.close()
    truncateSync(path, statSync(path).size - 3 * 4096)
    await refused('damaged', (async () => openSqliteStorage(path))())
  })

  it('[ST40] an apply that fails halfway leaves nothing of itself, and the storage goes on', async () => {
    const path = join(folder, 'storage.db')
    await openSqliteStorage(path).close()
    const outside = new DatabaseSync(path)
    outside.exec(`
      CREATE TRIGGER refuse BEFORE INSERT ON entries WHEN new.key = 'bad' BEGIN SELECT raise(ABORT, 'refused'); END`)
    outside.close()
    const storage = openSqliteStorage(path)
    await storage.apply([put('a', bytes(1))])
    await refused('failed', storage.apply([put('a', bytes(2)), put('bad', bytes(3))]))
    expect(await storage.get('a')).toEqual(bytes(1))
    await storage.apply([put('b', bytes(4))])
    await storage.close()
    const again = openSqliteStorage(path)
    expect((await again.list('')).map(({ key }) => key)).toEqual(['a', 'b'])
    await again.close()
  })

  it('[ST41] a log cut anywhere loses the latest writes at most, never part of one and none from the middle', async () => {
    const source = join(folder, 'source')
    const dataKey = new Uint8Array(32).fill(5)
    const storage = await openNodeStorage(source, { dataKey })
    for (let i = 0; i < 30; i++) {
      await storage.apply([put(`w/${i}`, new Uint8Array(3000).fill(i)), put('last', bytes(i))])
    }
    const [db, wal] = ['storage.db', 'storage.db-wal'].map((name) => readFileSync(join(source, name)))
    await storage.close()
    let seed = 7
    for (let round = 0; round < 25; round++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      const cutAt = seed % wal!.length
      const copy = mkdtempSync(join(folder, 'copy-'))
      writeFileSync(join(copy, 'storage.db'), db!)
      writeFileSync(join(copy, 'storage.db-wal'), wal!.subarray(0, cutAt))
      // Cut within the first transaction, the file is that of a new storage.
      const after = await openNodeStorage(copy, { dataKey })
      const last = (await after.get('last'))?.[0] ?? -1
      expect((await after.list('w/')).length, `cut at ${cutAt}`).toBe(last + 1)
      for (let i = 0; i <= last; i++) expect(await after.get(`w/${i}`)).toEqual(new Uint8Array(3000).fill(i))
      await after.close()
    }
  })

  it('[ST42] a key file without its database, or with an empty one, is refused, not begun anew', async () => {
    const storage = await openNodeStorage(folder)
    await storage.apply([put('a', bytes(1))])
    await storage.close()
    truncateSync(join(folder, 'storage.db'))
    await refused('damaged', openNodeStorage(folder))
    rmSync(join(folder, 'storage.db'))
    const error = await refused('damaged', openNodeStorage(folder))
    expect(error.message).toContain('begin anew')
    expect(existsSync(join(folder, 'storage.db'))).toBe(false)
  })

  it('[ST28] entries without their key file are refused, not begun anew; a cut key file too', async () => {
    const storage = await openNodeStorage(folder)
    await storage.apply([put('a', bytes(1))])
    await storage.close()
    const keyFile = join(folder, 'storage.key')
    const key = readFileSync(keyFile)
    rmSync(keyFile)
    await refused('damaged', openNodeStorage(folder))
    expect(existsSync(keyFile)).toBe(false)
    writeFileSync(keyFile, key.subarray(0, 31))
    await refused('damaged', openNodeStorage(folder))
    writeFileSync(keyFile, key)
    const again = await openNodeStorage(folder)
    expect(await again.get('a')).toEqual(bytes(1))
    await again.close()
  })

  it('[ST29] a data key that is handed in is used and left whole, and no key file is made', async () => {
    const dataKey = new Uint8Array(32).fill(5)
    const storage = await openNodeStorage(folder, { dataKey })
    await storage.apply([put('a', bytes(1))])
    await storage.close()
    expect(dataKey.every((byte) => byte === 5)).toBe(true)
    expect(existsSync(join(folder, 'storage.key'))).toBe(false)
    const other = await openNodeStorage(folder, { dataKey: new Uint8Array(32).fill(6) })
    await refused('damaged', other.get('a'))
    await other.close()
  })

  it('[ST30] no plaintext and no data key stands in the database or its log', async () => {
    const storage = await openNodeStorage(folder)
    await storage.apply([put('a', new TextEncoder().encode('MARKER'.repeat(100)))])
    const key = readFileSync(join(folder, 'storage.key'))
    for (const name of ['storage.db', 'storage.db-wal']) {
      const content = readFileSync(join(folder, name))
      expect(content.includes('MARKER')).toBe(false)
      expect(content.includes(key)).toBe(false)
    }
    await storage.close()
  })
})
