/** The last step of the build: integrity into the HTML, and the list of all files with their hashes. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'
import { integrityOf, isPart, withHashesInHelper, withIntegrity } from './integrity.ts'

/** Stands beside `index.html`; lists every other file of the build. */
export const fileList = 'qsec-files.json'

export interface ListedFile {
  /** Below the folder of the build, with `/`. */
  path: string
  bytes: number
  /** Hexadecimal, as `sha256sum` writes it. */
  sha256: string
}

export function seal(): Plugin {
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
        sealFolder(dir)
      },
    },
  }
}

/** Works on what stands on the disk: that is what will be served. */
export function sealFolder(folder: string): void {
  const page = path.join(folder, 'index.html')
  const parts = filesIn(folder).filter(isPart)
  const hashes = parts.map((file) => [`/${file}`, integrityOf(readFileSync(path.join(folder, file)))] as const)
  writeFileSync(page, withIntegrity(readFileSync(page, 'utf8'), new Map(hashes)))
  writeFileSync(path.join(folder, fileList), `${JSON.stringify({ files: listFiles(folder) }, undefined, 1)}\n`)
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
    .filter((file) => file !== fileList)
    .sort()
}
