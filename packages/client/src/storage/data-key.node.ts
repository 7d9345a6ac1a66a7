/** The data key of a Node device: 32 random bytes in a file that only its owner can read. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { type SecureRandom, StorageError } from '../ports.ts'

/**
 * Reads the key file, or makes it where `mayMake` says so: not where sealed entries exist, since a new key would open
 * none of them and hide that the old one is lost.
 */
export function readDataKey(path: string, random: SecureRandom, mayMake: boolean): Uint8Array<ArrayBuffer> {
  if (!existsSync(path)) {
    if (!mayMake) throw new StorageError('damaged', `storage: ${path} is gone, and nothing else opens the entries`)
    makeKeyFile(path, random(32))
  }
  chmodSync(path, 0o600)
  const key = new Uint8Array(readFileSync(path))
  if (key.length !== 32) throw new StorageError('damaged', `storage: ${path} has ${key.length} bytes instead of 32`)
  return key
}

/** Overwrites the key file and removes it, where it is there. What the disk itself keeps of it is not in our hands. */
export function forgetDataKey(path: string): void {
  if (!existsSync(path)) return
  const file = openSync(path, 'r+')
  try {
    writeSync(file, new Uint8Array(32))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  rmSync(path)
  syncFolder(dirname(path))
}

/** Under another name first: a crash leaves either no key file or a whole one, and of two makers the first wins. */
function makeKeyFile(path: string, key: Uint8Array): void {
  const draft = `${path}.${process.pid}.tmp`
  rmSync(draft, { force: true })
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, key)
    fsyncSync(file)
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    closeSync(file)
    rmSync(draft, { force: true })
    key.fill(0)
  }
  syncFolder(dirname(path))
}

/** Makes the new name in the folder durable. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return // a folder cannot be opened there, and NTFS journals its names
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
