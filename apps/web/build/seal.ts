/** The last step of the build: integrity into the HTML, the list of all files with their hashes, and who has signed it. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'
import { integrityOf, isPart, withHashesInHelper, withIntegrity } from './integrity.ts'
import { plainFolder } from './plain-pages.ts'

/** Stands beside `index.html`; lists every other file of the build but the two below (`@qsec/client/release` reads it). */
export const fileList = 'qsec-files.json'
/** Signature over the list, which `qsec release sign` puts in the place of what the build writes. */
const signature = 'qsec-files.json.sig'
/** Which relay the page talks to: for whoever serves the page to say. */
const relaySetting = 'qsec-relay.json'
/** The files of a build that its list does not name. */
export const unlisted: readonly string[] = [fileList, signature, relaySetting]
const unsigned = '{"unsigned":"built here"}\n'

export interface ListedFile {
  /** Below the folder of the build, with `/`. */
  path: string
  bytes: number
  /** Hexadecimal, as `sha256sum` writes it. */
  sha256: string
}

/** @param version - of the product, as `package.json` has it */
export function seal(version: string): Plugin {
  return {
    name: 'qsec:seal',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: /vite\/preload-helper/ },
      handler: (code) => ({ code: withHashesInHelper(code), map: null }),
    },
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir }) {
        if (dir === undefined) throw new Error('The build has no folder.')
        sealFolder(dir, version)
      },
    },
  }
}

/** Works on what stands on the disk: that is what will be served. */
export function sealFolder(folder: string, version: string): void {
  const files = filesIn(folder)
  const isPlain = (file: string) => file.startsWith(`${plainFolder}/`)
  sealPages(folder, files.filter((file) => !isPlain(file))) // biome-ignore format: one line for each
  sealPages(folder, files.filter(isPlain)) // biome-ignore format: one line for each
  const list = { version, files: listFiles(folder) }
  writeFileSync(path.join(folder, fileList), `${JSON.stringify(list, undefined, 1)}\n`)
  writeFileSync(path.join(folder, signature), unsigned)
}

/** Pages of one kind know the hashes of their own parts. */
function sealPages(folder: string, files: readonly string[]): void {
  const parts = files.filter(isPart)
  const hashes = new Map(parts.map((file) => [`/${file}`, integrityOf(readFileSync(path.join(folder, file)))]))
  for (const page of files.filter((file) => file.endsWith('.html'))) {
    const html = readFileSync(path.join(folder, page), 'utf8')
    writeFileSync(path.join(folder, page), withIntegrity(html, hashes))
  }
}

export function listFiles(folder: string): ListedFile[] {
  return filesIn(folder).map((file) => {
    const bytes = readFileSync(path.join(folder, file))
    return { path: file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
}

/** Sorted by code units, so that the order is everywhere the same. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !unlisted.includes(file))
    .sort()
}
