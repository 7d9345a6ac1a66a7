/** What is kept, on the browser's own shelf: a cache for each version, and one with the note of which is which. */
import type { Kept, KeptVersion } from '../kept/kept.ts'

const prefix = 'qsec-page-'
const noteCache = `${prefix}note`
const noteAddress = '/qsec-kept'

export interface StoredFile {
  /** As the page asks for it: `/assets/…`. */
  address: string
  response: Response
}

export async function readKept(): Promise<Kept> {
  // Asked so, a cache that is not there is not made: whoever has erased everything finds none.
  const note = await caches.match(noteAddress, { cacheName: noteCache })
  return note === undefined ? {} : ((await note.json()) as Kept)
}

/** Then throws away the versions that it does not name. */
export async function writeKept(kept: Kept): Promise<void> {
  await (await caches.open(noteCache)).put(noteAddress, Response.json(kept))
  const named = [kept.current, kept.before, kept.offered].map((version) => version && prefix + version.id)
  const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== noteCache)
  await Promise.all(others.filter((name) => !named.includes(name)).map((name) => caches.delete(name)))
}

export async function storeVersion(id: string, files: readonly StoredFile[]): Promise<void> {
  await caches.delete(prefix + id) // what a killed worker may have left half done
  const cache = await caches.open(prefix + id)
  await Promise.all(files.map(({ address, response }) => cache.put(address, response)))
}

export async function dropAll(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix))
  await Promise.all(names.map((name) => caches.delete(name)))
}

/** The first of these versions that has the address. */
export async function findFile(
  versions: readonly (KeptVersion | undefined)[],
  address: string,
): Promise<Response | undefined> {
  for (const version of versions) {
    if (version === undefined) continue
    const found = await caches.match(address, { cacheName: prefix + version.id, ignoreVary: true })
    if (found !== undefined) return found
  }
  return undefined
}
