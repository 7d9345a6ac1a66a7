/** The contract against every storage that runs in Node; tests/e2e/indexeddb.test.ts has the browser's. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeClock, nodeRandom, openNodeStorage } from '../node.ts'
import { describeLocks } from './locks.contract.ts'
import { createMemoryLocks } from './locks-memory.ts'
import { openMemoryStorage } from './memory.ts'
import { importDataKey, sealStorage } from './sealed.ts'
import { openSqliteStorage } from './sqlite.node.ts'
import { bytes, describeStorage, type OpenedStorage, put, refused } from './storage.contract.ts'

const suite = { describe, it }
const seal = { name: 'test', key: await importDataKey(nodeRandom(32)), random: nodeRandom }

describeStorage('memory', async () => ({ storage: openMemoryStorage() }), suite)
describeStorage('memory, sealed', async () => ({ storage: sealStorage(openMemoryStorage(), seal) }), suite)
describeStorage('sqlite', () => inFolder(async (folder) => openSqliteStorage(join(folder, 'storage.db'))), suite)
describeStorage('sqlite in memory', async () => ({ storage: openSqliteStorage(':memory:') }), suite)
describeStorage('openNodeStorage', () => inFolder((folder) => openNodeStorage(join(folder, 'new', 'one'))), suite)
describeStorage('openNodeStorage in memory', async () => ({ storage: await openNodeStorage(':memory:') }), suite)

describeLocks(
  'locks in memory',
  () => {
    const locks = createMemoryLocks(nodeClock)
    return { ours: locks, theirs: locks }
  },
  suite,
)

async function inFolder(open: (folder: string) => ReturnType<typeof openNodeStorage>): Promise<OpenedStorage> {
  const folder = mkdtempSync(join(tmpdir(), 'qsec-storage-'))
  return {
    storage: await open(folder),
    reopen: () => open(folder),
    dispose: async () => rmSync(folder, { recursive: true }),
  }
}

describe('memory storage as a test double', () => {
  it('[ST14] fails one apply on demand and changes nothing then', async () => {
    const storage = openMemoryStorage()
    storage.failNextApply('full')
    await refused('full', storage.apply([put('a', bytes(1))]))
    expect(await storage.get('a')).toBeUndefined()
    expect(storage.applied).toBe(0)
    await storage.apply([put('a', bytes(2))])
    expect(await storage.get('a')).toEqual(bytes(2))
    expect(storage.applied).toBe(1)
  })

  it('[ST15] a clone is what a crash at that moment leaves: later changes of either do not reach the other', async () => {
    const storage = openMemoryStorage()
    await storage.apply([put('a', bytes(1))])
    const crashed = storage.clone()
    await storage.apply([put('a', bytes(2))])
    await crashed.apply([put('b', bytes(3))])
    expect(await crashed.get('a')).toEqual(bytes(1))
    expect(await storage.get('b')).toBeUndefined()
    await storage.close()
    expect(await crashed.get('b')).toEqual(bytes(3))
  })
})
