/** The list of a build's files: what it names, and within which bounds a stranger's list is read. */

import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8 } from '@qsec/protocol'
import * as v from 'valibot'

/** Stands beside `index.html`, and lists every file of the build but itself and the two below. */
export const fileListName = 'qsec-files.json'
/** Signature over the list; absent where nobody has signed the build. */
export const signatureName = 'qsec-files.json.sig'
/** Which relay the page talks to: the choice of whoever serves the page, so it is in no list. */
export const relaySettingName = 'qsec-relay.json'

export interface ListedFile {
  /** Below the folder of the build, with `/`. */
  path: string
  bytes: number
  /** Hexadecimal, as `sha256sum` writes it. */
  sha256: string
}

export interface FileList {
  /** As in `package.json`. */
  version: string
  files: ListedFile[]
}

/** What is read from a server at most. */
export const releaseBounds = {
  listBytes: 262_144,
  signatureBytes: 32_768,
  files: 1_000,
  fileBytes: 16_777_216,
  bytesInAll: 67_108_864,
} as const

const plainPath = /^(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*\/)*[A-Za-z0-9_~-][A-Za-z0-9_.~-]*$/
const unlisted: readonly string[] = [fileListName, signatureName, relaySettingName]

const fileListShape = v.strictObject({
  version: v.pipe(v.string(), v.maxLength(40), v.regex(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/)),
  files: v.pipe(
    v.array(
      v.strictObject({
        path: v.pipe(v.string(), v.maxLength(200), v.regex(plainPath)),
        bytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(releaseBounds.fileBytes)),
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      }),
    ),
    v.maxLength(releaseBounds.files),
  ),
})

/** Undefined for what is no list, names a file twice, names itself, or has no page. */
export function parseFileList(bytes: Uint8Array): FileList | undefined {
  if (bytes.length > releaseBounds.listBytes) return undefined
  const parsed = v.safeParse(fileListShape, parseJson(bytes))
  if (!parsed.success) return undefined
  const list = parsed.output
  const paths = new Set(list.files.map(({ path }) => path))
  const bytesInAll = list.files.reduce((sum, file) => sum + file.bytes, 0)
  const whole = paths.size === list.files.length && paths.has('index.html') && !unlisted.some((name) => paths.has(name))
  return whole && bytesInAll <= releaseBounds.bytesInAll ? list : undefined
}

/** What people compare: the SHA-256 of the list as it is served, which `sha256sum qsec-files.json` says too. */
export function manifestHash(list: Uint8Array): string {
  return hex(sha256(list))
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** In groups of four, to be read aloud. */
export function grouped(hexadecimal: string): string {
  return hexadecimal.match(/.{1,4}/g)?.join(' ') ?? ''
}

/** Undefined for what is no JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = fromUtf8(bytes)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined // said by whoever asked for it
  }
}
