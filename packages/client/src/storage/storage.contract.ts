/**
 * What every Storage promises, as plain functions: a test runner wraps them by `describeStorage`, and a page without
 * one runs them by contract-in-page.ts. So this file imports no runner; the suite functions come as an argument.
 */
import { type Storage, type StorageChange, StorageError } from '../ports.ts'

export interface OpenedStorage {
  storage: Storage
  /** Opens again what a closed storage left; absent where it leaves nothing. */
  reopen?(): Promise<Storage>
  /** Called at the end, whatever happened. */
  dispose?(): Promise<void>
}
export type OpenStorage = () => Promise<OpenedStorage>

export interface StorageCase {
  name: string
  run(opened: OpenedStorage): Promise<void>
}

/** The functions of a test runner that a suite needs; Vitest's fit. */
export interface Suite {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
}

/** Runs all cases, each on a storage of its own that `open` makes empty. */
export function describeStorage(name: string, open: OpenStorage, suite: Suite): void {
  suite.describe(name, () => {
    for (const { name: title, run } of storageCases) suite.it(title, () => runCase(run, open))
  })
}

export async function runCase(run: StorageCase['run'], open: OpenStorage): Promise<void> {
  const opened = await open()
  try {
    await run(opened)
  } finally {
    await opened.storage.close()
    await opened.dispose?.()
  }
}

export const storageCases: readonly StorageCase[] = [
  {
    name: '[ST1] what was put is got back, byte for byte; an unknown key gives undefined',
    async run({ storage }) {
      const every = Uint8Array.from({ length: 256 }, (_, i) => i)
      const large = new Uint8Array(3_000_000).fill(7)
      await storage.apply([put('a/every', every), put('a/empty', new Uint8Array()), put('a/large', large)])
      same(await storage.get('a/every'), every)
      same(await storage.get('a/empty'), new Uint8Array())
      same(await storage.get('a/large'), large)
      same(await storage.get('a/unknown'), undefined)
      await storage.apply([put('a/every', bytes(1))])
      same(await storage.get('a/every'), bytes(1))
    },
  },
  {
    name: '[ST2] changes of one apply act in their order',
    async run({ storage }) {
      await storage.apply([put('a', bytes(1)), { type: 'delete', key: 'a' }, put('a', bytes(2))])
      same(await storage.get('a'), bytes(2))
      await storage.apply([put('b/1', bytes(1)), { type: 'delete-prefix', prefix: 'b/' }, put('b/2', bytes(2))])
      same(await keys(storage, 'b/'), ['b/2'])
      await storage.apply([])
      await storage.apply([{ type: 'delete', key: 'never/there' }])
      same(await keys(storage, ''), ['a', 'b/2'])
    },
  },
  {
    name: '[ST3] an apply with one impossible change rejects with StorageError and changes nothing',
    async run({ storage }) {
      await storage.apply([put('a', bytes(1))])
      for (const key of ['', 'with space', 'ümlaut', 'line\nbreak', 'x'.repeat(513)]) {
        await refused('failed', storage.apply([put('a', bytes(2)), put('b', bytes(3)), put(key, bytes(4))]))
        await refused('failed', storage.get(key))
      }
      same(await storage.get('a'), bytes(1))
      same(await keys(storage, ''), ['a'])
    },
  },
  {
    name: '[ST4] list gives the entries of a prefix in the order of code units, and takes no character for a wildcard',
    async run({ storage }) {
      const all = ['device/B/x', 'device/a', 'device/a/1', 'device/a/10', 'device/a/2', 'device0', 'p%/1', 'pX/1', '~']
      await storage.apply(all.toReversed().map((key) => put(key, bytes(key.length))))
      same(await keys(storage, ''), all.toSorted())
      same(await keys(storage, 'device/'), ['device/B/x', 'device/a', 'device/a/1', 'device/a/10', 'device/a/2'])
      same(await keys(storage, 'device/a/1'), ['device/a/1', 'device/a/10'])
      same(await keys(storage, 'p%'), ['p%/1'])
      same(await keys(storage, '~'), ['~'])
      same(await keys(storage, 'p_'), [])
      const [entry] = await storage.list('device/B')
      same(entry?.value, bytes('device/B/x'.length))
    },
  },
  {
    name: '[ST43] keys gives the keys of a prefix as list does, sees earlier calls, and refuses when closed',
    async run({ storage }) {
      const all = ['device/B/x', 'device/a', 'device/a/1', 'device0', 'p%/1', '~']
      const written = storage.apply(all.toReversed().map((key) => put(key, bytes(1))))
      same(await storage.keys('device/'), ['device/B/x', 'device/a', 'device/a/1'])
      await written
      same(await storage.keys(''), all.toSorted())
      same(await storage.keys('p_'), [])
      await refused('failed', storage.keys('ümlaut'))
      await storage.close()
      await refused('closed', storage.keys(''))
    },
  },
  {
    name: '[ST5] delete-prefix takes exactly the keys that begin with the prefix',
    async run({ storage }) {
      await storage.apply(['a', 'a/', 'a/1', 'a/~', 'a0', 'b%1', 'b_1', 'bX1'].map((key) => put(key, bytes(1))))
      await storage.apply([{ type: 'delete-prefix', prefix: 'a/' }])
      same(await keys(storage, ''), ['a', 'a0', 'b%1', 'bX1', 'b_1'])
      await storage.apply([{ type: 'delete-prefix', prefix: 'b_' }])
      same(await keys(storage, ''), ['a', 'a0', 'b%1', 'bX1'])
      await storage.apply([{ type: 'delete-prefix', prefix: '' }])
      same(await keys(storage, ''), [])
    },
  },
  {
    name: '[ST6] calls take effect in the order in which they were made, awaited or not',
    async run({ storage }) {
      const writes = Array.from({ length: 60 }, (_, i) => storage.apply([put('n', bytes(i)), put(`n/${i}`, bytes(i))]))
      const read = storage.get('n')
      const later = storage.apply([put('n', bytes(99))])
      same(await read, bytes(59))
      await Promise.all([...writes, later])
      same(await storage.get('n'), bytes(99))
      same((await storage.list('n/')).length, 60)
    },
  },
  {
    name: '[ST7] a value is taken at the call: what its owner writes into the buffer afterwards does not count',
    async run({ storage }) {
      const buffer = new Uint8Array([9, 1, 2, 3, 9])
      const value = buffer.subarray(1, 4)
      const change = { type: 'put', key: 'a', value } as const
      const changes: StorageChange[] = [change]
      const applied = storage.apply(changes)
      buffer.fill(0)
      changes.push(put('b', bytes(1)))
      await applied
      same(await storage.get('a'), bytes(1, 2, 3))
      same(await storage.get('b'), undefined)
    },
  },
  {
    name: '[ST8] what is read belongs to the reader, with nothing else in the buffer behind it',
    async run({ storage }) {
      await storage.apply([put('a', new Uint8Array([9, 1, 2, 9]).subarray(1, 3))])
      const first = await storage.get('a')
      same(first?.buffer.byteLength, 2)
      first?.fill(0)
      const [listed] = await storage.list('a')
      same(listed?.value, bytes(1, 2))
      listed?.value.fill(0)
      same(await storage.get('a'), bytes(1, 2))
    },
  },
  {
    name: '[ST9] after close every operation rejects with closed; what was called before it is done; closing twice is fine',
    async run({ storage, reopen }) {
      const before = storage.apply([put('a', bytes(1))])
      const closing = storage.close()
      await refused('closed', storage.apply([put('a', bytes(2))]))
      await before
      await closing
      await storage.close()
      await refused('closed', storage.get('a'))
      await refused('closed', storage.list(''))
      await refused('closed', storage.apply([]))
      if (!reopen) return
      const again = await reopen()
      same(await again.get('a'), bytes(1))
      await again.close()
    },
  },
  {
    name: '[ST10] what apply resolved for is there when the storage is opened again',
    async run({ storage, reopen }) {
      await storage.apply([put('a/1', bytes(1)), put('a/2', bytes(2)), put('b', bytes(3))])
      await storage.apply([{ type: 'delete', key: 'b' }])
      await storage.close()
      if (!reopen) return
      const again = await reopen()
      same(await keys(again, ''), ['a/1', 'a/2'])
      same(await again.get('a/2'), bytes(2))
      await again.close()
    },
  },
]

export function bytes(...values: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values)
}

export function put(key: string, value: Uint8Array<ArrayBuffer>): StorageChange {
  return { type: 'put', key, value }
}

async function keys(storage: Storage, prefix: string): Promise<string[]> {
  return (await storage.list(prefix)).map(({ key }) => key)
}

/** Assertion without a runner: numbers, text, bytes, lists of text, undefined. */
export function same(actual: unknown, expected: unknown): void {
  if (show(actual) !== show(expected)) throw new Error(`expected ${show(expected)}, got ${show(actual)}`)
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    return `bytes(${value.length}): ${value.slice(0, 300).join(' ')} sum ${value.reduce((sum, byte) => sum + byte, 0)}`
  }
  return value === undefined ? 'undefined' : JSON.stringify(value)
}

/** Waits until `promise` rejects, and holds the error against its code. */
export async function refused(code: StorageError['code'], promise: Promise<unknown>): Promise<StorageError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof StorageError)) throw new Error(`expected StorageError '${code}', got ${String(error)}`)
  same(error.code, code)
  return error
}
