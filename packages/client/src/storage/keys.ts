/** What every storage holds its keys against, before anything is changed. */
import { type StorageChange, StorageError } from '../ports.ts'

// Printable ASCII only: then SQLite's byte order, IndexedDB's code-unit order and JavaScript's sort are one order.
const keyShape = /^[\x21-\x7e]{1,512}$/
const prefixShape = /^[\x21-\x7e]{0,512}$/

export function checkKey(key: string): void {
  if (!keyShape.test(key)) throw new StorageError('failed', 'storage: a key is 1 to 512 printable ASCII characters')
}

export function checkPrefix(prefix: string): void {
  if (!prefixShape.test(prefix)) throw new StorageError('failed', 'storage: a prefix is printable ASCII characters')
}

export function checkChanges(changes: readonly StorageChange[]): void {
  for (const change of changes) {
    if (change.type === 'delete-prefix') checkPrefix(change.prefix)
    else checkKey(change.key)
  }
}

/** The smallest string that sorts after every key with this prefix; undefined for '', which all keys begin with. */
export function endOfPrefix(prefix: string): string | undefined {
  if (prefix === '') return undefined
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}

export function closedError(): StorageError {
  return new StorageError('closed', 'storage: it is closed')
}
