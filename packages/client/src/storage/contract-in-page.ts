/** The contracts of storage and locks in a page of a real browser, without a test runner; and what else needs a page. */
import type { DeviceId, RoomAddress } from '@qsec/protocol'
import {
  browserClock,
  browserRandom,
  connectSocketIo,
  createBrowserLocks,
  openBrowserStorage,
  openBrowserVault,
  tabDevice,
} from '../browser.ts'
import type { Transport } from '../ports.ts'
import { newRecoverySecret } from '../vault/recovery-code.ts'
import type { Stretch } from '../vault/stretch.ts'
import { openIndexedDb } from './indexeddb.ts'
import { locksCases } from './locks.contract.ts'
import { sealStorage } from './sealed.ts'
import {
  bytes,
  type OpenedStorage,
  type OpenStorage,
  put,
  refused,
  runCase,
  same,
  storageCases,
} from './storage.contract.ts'

export interface Outcome {
  name: string
  ok: boolean
  error?: string
}

/** Runs every case on a database of its own and tells how each ended. */
export async function runContracts(): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const locks = createBrowserLocks({ clock: browserClock })
  for (const { name, run } of storageCases) {
    outcomes.push(await outcome(`IndexedDB: ${name}`, () => runCase(run, openPlain)))
    outcomes.push(await outcome(`openBrowserStorage: ${name}`, () => runCase(run, openSealed)))
  }
  for (const { name, run } of locksCases) outcomes.push(await outcome(`Web Locks: ${name}`, () => run(locks, locks)))
  for (const { name, run } of indexedDbCases) outcomes.push(await outcome(name, run))
  return outcomes
}

async function outcome(name: string, run: () => Promise<void>): Promise<Outcome> {
  try {
    await run()
    return { name, ok: true }
  } catch (error) {
    return { name, ok: false, error: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error) }
  }
}

let databases = 0
function freshName(): string {
  databases++
  return `contract-${databases}`
}

const openPlain: OpenStorage = () =>
  opened(async (name) => (await openIndexedDb({ clock: browserClock, name })).storage)
const openSealed: OpenStorage = () => opened(openBrowserStorage)

async function opened(open: (name: string) => Promise<OpenedStorage['storage']>): Promise<OpenedStorage> {
  const name = freshName()
  return { storage: await open(name), reopen: () => open(name), dispose: () => deleteDatabase(name) }
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
  })
}

const indexedDbCases: { name: string; run(): Promise<void> }[] = [
  {
    name: '[ST31] a storage whose database another tab deletes is closed, and says so',
    async run() {
      const name = freshName()
      const storage = await openBrowserStorage(name)
      await storage.apply([put('a', bytes(1))])
      await deleteDatabase(name)
      const error = await refused('closed', storage.get('a'))
      same(error.message.includes('reload'), true)
      await refused('closed', storage.apply([put('a', bytes(1))]))
    },
  },
  {
    name: '[ST32] a database of a newer version is refused in plain words',
    async run() {
      const name = freshName()
      const newer = indexedDB.open(name, 2)
      await new Promise((resolve) => {
        newer.onsuccess = resolve
      })
      newer.result.close()
      const error = await refused('failed', openBrowserStorage(name))
      same(error.message.includes('newer'), true)
      await deleteDatabase(name)
    },
  },
  {
    name: '[ST33] openers at the same time get one data key, which cannot be exported; lost with entries left, it is missed',
    async run() {
      const name = freshName()
      const tabs = await Promise.all(Array.from({ length: 8 }, () => openIndexedDb({ clock: browserClock, name })))
      const keys = await Promise.all(tabs.map((tab) => tab.dataKey()))
      const exported = await crypto.subtle.exportKey('raw', keys[0]!).then(
        () => 'exported',
        () => 'refused',
      )
      same(exported, 'refused')
      const storages = tabs.map(({ storage }, i) =>
        sealStorage(storage, { name, key: keys[i]!, random: browserRandom }),
      )
      await storages[0]!.apply([put('a', bytes(1))])
      for (const storage of storages) same(await storage.get('a'), bytes(1))
      for (const storage of storages) await storage.close()
      await deleteStore(name, 'keys')
      await refused('damaged', openBrowserStorage(name))
      await deleteDatabase(name)
    },
  },
  {
    name: '[ST34] no plaintext stands in the database',
    async run() {
      const name = freshName()
      const storage = await openBrowserStorage(name)
      await storage.apply([put('a', new TextEncoder().encode('MARKER of a secret value'))])
      const plain = (await openIndexedDb({ clock: browserClock, name })).storage
      const [entry] = await plain.list('')
      same(new TextDecoder().decode(entry!.value).includes('MARKER'), false)
      await plain.close()
      await storage.close()
      await deleteDatabase(name)
    },
  },
  {
    name: '[AR16] with a passphrase the profile’s own key is gone from the database, and other tabs are shut out',
    async run() {
      const name = freshName()
      // Argon2id itself runs elsewhere; here only what the database does with the key box is at stake.
      const stretch: Stretch = async (secret, salt) =>
        new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...secret, ...salt])))
      const [one, two] = [await openBrowserVault({ name, stretch }), await openBrowserVault({ name, stretch })]
      await one.storage.apply([put('a', bytes(1))])
      await two.storage.apply([put('b', bytes(2))])
      await one.protect('correct horse battery', newRecoverySecret(browserRandom))
      same((await refused('closed', two.storage.apply([put('lost', bytes(3))]))).message.includes('another tab'), true)
      await refused('closed', two.storage.get('b'))
      await one.storage.apply([put('c', bytes(3))])
      same(await rawKeys(name), ['generation', 'vault'])
      await refused('locked', openBrowserStorage(name))
      const later = await openBrowserVault({ name, stretch })
      same(later.state, 'locked')
      same(await later.unlock({ passphrase: 'incorrect horse' }), false)
      same(await later.unlock({ passphrase: 'correct horse battery' }), true)
      same(
        (await later.storage.list('')).map(({ key }) => key),
        ['a', 'b', 'c'],
      )
      await later.unprotect()
      same(await rawKeys(name), ['data', 'generation'])
      await refused('closed', one.storage.get('a'))
      const plain = await openBrowserStorage(name)
      same(await plain.get('a'), bytes(1))
      await Promise.all([one.close(), two.close(), later.close(), plain.close()])
      await deleteDatabase(name)
    },
  },
  {
    name: '[ST35] a stolen lock is reported to who held it',
    async run() {
      const stolen: string[] = []
      const locks = createBrowserLocks({ clock: browserClock, onStolen: (name) => stolen.push(name) })
      await locks.acquire('st35', 0)
      await navigator.locks.request('qsec:st35', { steal: true }, () => Promise.resolve())
      same(stolen, ['st35'])
    },
  },
]

async function rawKeys(name: string): Promise<string[]> {
  const request = indexedDB.open(name)
  await new Promise((resolve) => {
    request.onsuccess = resolve
  })
  const all = request.result.transaction('keys').objectStore('keys').getAllKeys()
  await new Promise((resolve) => {
    all.onsuccess = resolve
  })
  request.result.close()
  return all.result.map(String)
}

async function deleteStore(name: string, store: string): Promise<void> {
  const request = indexedDB.open(name)
  await new Promise((resolve) => {
    request.onsuccess = resolve
  })
  const tx = request.result.transaction(store, 'readwrite')
  tx.objectStore(store).clear()
  await new Promise((resolve) => {
    tx.oncomplete = resolve
  })
  request.result.close()
}

/** Writes until the browser refuses; gives the code of that refusal. The test sets the quota before. */
export async function fillUp(): Promise<{ code: string; lostOne: boolean }> {
  const name = freshName()
  const storage = await openBrowserStorage(name)
  await storage.apply([put('kept', bytes(1))])
  let code = 'none'
  for (let i = 0; i < 40 && code === 'none'; i++) {
    await storage.apply([put('kept', bytes(2)), put(`fill/${i}`, browserRandom(1_000_000))]).catch((error) => {
      code = error.code
    })
    if (code === 'none') await storage.apply([put('kept', bytes(1))])
  }
  const kept = await storage.get('kept')
  await storage.close()
  await deleteDatabase(name)
  return { code, lostOne: kept?.[0] !== 1 }
}

/** For two tabs: one writes, the other reads under the key that they have to share. */
export async function writeShared(value: number): Promise<void> {
  const storage = await openBrowserStorage('shared')
  await storage.apply([put(`from/${value}`, bytes(value))])
  await storage.close()
}
export async function readShared(): Promise<number[]> {
  const storage = await openBrowserStorage('shared')
  const values = (await storage.list('from/')).map(({ value }) => value[0] ?? -1)
  await storage.close()
  return values
}

/** Holds the lock until the page is closed; gives whether it was had. */
export async function holdLock(name: string): Promise<boolean> {
  return (await createBrowserLocks({ clock: browserClock }).acquire(name, 0)) !== undefined
}
export async function waitForLock(name: string): Promise<boolean> {
  return (await createBrowserLocks({ clock: browserClock }).acquire(name, 5_000)) !== undefined
}

/** Sets this tab's device in a room, if one is given, and tells what is then read. */
export function tabDeviceAfter(room: string, device?: string): string | undefined {
  if (device !== undefined) tabDevice.set(room as RoomAddress, device as DeviceId)
  return tabDevice.get(room as RoomAddress)
}

let transport: Transport | undefined

/** Connects this page to a relay, asks one thing, and tells what came. */
export async function connectInPage(url: string): Promise<{ host: string; answer: unknown; events: string[] }> {
  const events: string[] = []
  const connected = connectSocketIo({ url, clock: browserClock })
  transport = connected
  connected.onEvent((name) => events.push(name))
  await new Promise<void>((resolve) => connected.onState((state) => state === 'connected' && resolve()))
  const answer = await connected.request('hello', { versions: [1] })
  return { host: connected.host, answer, events }
}
export function transportState(): string | undefined {
  return transport?.state
}
