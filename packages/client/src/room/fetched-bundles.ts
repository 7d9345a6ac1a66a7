/** Device records of others, as the relay hands them out: each is checked before it is kept. */
import { type Base64Url, fromBase64Url, toBase64Url } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import type { RoomCore } from './core.ts'

/** Asks the relay for the records of these credentials (their hashes). What it does not have stays missing. */
export async function fetchBundles(core: RoomCore, credentials: readonly Uint8Array[]): Promise<void> {
  await askForBundles(core, credentials)
}

/** The same, and whether there was an answer: without one nobody knows what the relay has. */
export async function askForBundles(core: RoomCore, credentials: readonly Uint8Array[]): Promise<boolean> {
  const hashes = credentials.map((credential) => toBase64Url(credential))
  const answer = await core.transport.request('fetch_bundles', { room: core.address, hashes })
  if (answer?.ok) await takeBundles(core, answer.bundles)
  return answer?.ok === true
}

export async function takeBundles(core: RoomCore, bundles: readonly Base64Url[]): Promise<void> {
  const changes: StorageChange[] = []
  for (const text of bundles) {
    const bytes = fromBase64Url(text)
    if (bytes) changes.push(...(await core.bundles.add(bytes)))
  }
  // In one write: a newcomer gets hundreds, and each write waits for the disk.
  changes.push(...core.bundles.prune(core.stream?.group, core.device))
  if (changes.length > 0) await core.store(changes)
}
