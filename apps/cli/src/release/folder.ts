/** A build of the web client in a folder: its list of files, its signature, and whether both fit what lies there. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type FileList,
  fileListName,
  judgeSignature,
  parseFileList,
  relaySettingName,
  signatureName,
  type Verdict,
} from '@qsec/client/release'
import { CommandFailed } from '../command.ts'

/** Where `npm start` builds it. */
export const builtFolder: string = fileURLToPath(new URL('../../../web/dist', import.meta.url))

export interface ReleaseFolder {
  folder: string
  /** The bytes of `qsec-files.json`. */
  listBytes: Buffer
  list: FileList
  verdict: Verdict
}

/**
 * Reads a build whose files are exactly those of its list.
 *
 * @throws CommandFailed that names the first file that is missing, changed or not listed
 */
export async function openReleaseFolder(folder: string): Promise<ReleaseFolder> {
  const listFile = path.join(folder, fileListName)
  if (!existsSync(listFile)) throw new CommandFailed(`There is no build in ${folder}: ${fileListName} is missing.`)
  const listBytes = readFileSync(listFile)
  const list = parseFileList(listBytes)
  if (!list) throw new CommandFailed(`${listFile} is no list of a build.`)
  const [wrong] = faultsOf(folder, list)
  if (wrong !== undefined) throw new CommandFailed(`${folder} is not what its own list says: ${wrong}.`)
  const signatureFile = path.join(folder, signatureName)
  const signature = existsSync(signatureFile) ? readFileSync(signatureFile) : undefined
  return { folder, listBytes, list, verdict: await judgeSignature(listBytes, signature) }
}

function faultsOf(folder: string, list: FileList): string[] {
  const named = new Set([...list.files.map((file) => file.path), fileListName, signatureName, relaySettingName])
  const there = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
  const extra = there.filter((file) => !named.has(file)).map((file) => `${file} is not in it`)
  const wrong = list.files.flatMap(({ path: file, sha256 }) => {
    const where = path.join(folder, file)
    if (!existsSync(where)) return [`${file} is missing`]
    return sha256Of(readFileSync(where)) === sha256 ? [] : [`${file} was changed`]
  })
  return [...wrong, ...extra]
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** In words for people. */
export function verdictWords(verdict: Verdict): string {
  if (verdict.signed) return `signed ${verdict.signedAt} by the key ${verdict.fingerprint}`
  return verdict.reason === 'none' ? 'built here, unsigned' : 'with a signature that is not of these files'
}
