/** Takes a whole version from the server, every file held against the list, or nothing of it. */
import {
  type FileList,
  fileListName,
  judgeSignature,
  type ListedFile,
  manifestHash,
  parseFileList,
  relaySettingName,
  releaseBounds,
  signatureName,
} from '@qsec/client/release'
import type { KeptVersion, LookFault, Signed } from '../kept/kept.ts'
import type { StoredFile } from './shelf.ts'

/** What the server says of its version, before the files. */
export interface Announced {
  version: KeptVersion
  list: FileList
  /** The list, its signature and the relay's setting, as they came. */
  beside: StoredFile[]
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; fault: LookFault }

const guarded = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'permissions-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
]

export async function askServer(): Promise<Outcome<Announced>> {
  try {
    const [listed, signed, setting, page] = await Promise.all([
      get(`/${fileListName}`),
      get(`/${signatureName}`),
      get(`/${relaySettingName}`),
      get('/'),
    ])
    const listBytes = listed.ok ? await bytesOf(listed, releaseBounds.listBytes) : undefined
    const list = listBytes && parseFileList(listBytes)
    if (!listBytes || !list || !page.ok) return { ok: false, fault: { type: 'no-list' } }
    const signatureBytes = signed.ok ? await bytesOf(signed, releaseBounds.signatureBytes) : undefined
    const settingBytes = (setting.ok ? await bytesOf(setting, 1_024) : undefined) ?? new Uint8Array()
    const signature = withoutKey(await judgeSignature(listBytes, signatureBytes))
    const hash = manifestHash(listBytes)
    const relay = new TextDecoder().decode(settingBytes).trim()
    const headers = guarded.map((name) => `${name}: ${page.headers.get(name) ?? ''}`).join('\n')
    const by = signature.signed ? signature.fingerprint : signature.reason
    const id = manifestHash(new TextEncoder().encode([hash, by, relay, headers].join('\n')))
    const version = { id, version: list.version, hash, signature, relay, headers }
    const beside = [
      { address: `/${fileListName}`, response: copyOf(listed, listBytes) },
      { address: `/${relaySettingName}`, response: copyOf(setting, settingBytes) },
      ...(signatureBytes ? [{ address: `/${signatureName}`, response: copyOf(signed, signatureBytes) }] : []),
    ]
    return { ok: true, value: { version, list, beside } }
  } catch {
    return { ok: false, fault: { type: 'unreachable' } } // no connection: nothing is wrong with what is kept
  }
}

/** What is no part of the page: the laboratory and the guide to a certificate come from the server alone. */
const isElsewhere = ({ path }: ListedFile): boolean => path.startsWith('plain/')

/** Every file of the page, checked; the first that is not what the list says ends it. Stopped, it gives what it has. */
export async function downloadFiles({ files }: FileList, isStopped: () => boolean): Promise<Outcome<StoredFile[]>> {
  try {
    const stored: StoredFile[] = []
    for (const file of files) {
      if (isStopped()) break
      if (isElsewhere(file)) continue
      // The name of an asset holds its hash, so what the browser has of it will do; the check is the same.
      const isAsset = file.path.startsWith('assets/')
      const response = await get(file.path === 'index.html' ? '/' : `/${file.path}`, isAsset ? 'default' : 'no-store')
      const bytes = response.ok ? await bytesOf(response, file.bytes) : undefined
      if (!bytes || !(await isListed(bytes, file))) return { ok: false, fault: { type: 'not-listed', file: file.path } }
      stored.push({ address: `/${file.path}`, response: copyOf(response, bytes) })
    }
    return { ok: true, value: stored }
  } catch {
    return { ok: false, fault: { type: 'unreachable' } }
  }
}

function get(address: string, cache: RequestCache = 'no-store'): Promise<Response> {
  return fetch(address, { cache, redirect: 'error' })
}

/** Undefined where there is more than `bytesAtMost`. */
async function bytesOf(response: Response, bytesAtMost: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += part.value.length
    if (length > bytesAtMost) {
      await reader?.cancel()
      return undefined
    }
    parts.push(part.value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

async function isListed(bytes: Uint8Array<ArrayBuffer>, { bytes: length, sha256 }: ListedFile): Promise<boolean> {
  if (bytes.length !== length) return false
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256
}

/** With the headers that it came with: a version keeps the policy under which it was taken. */
function copyOf(response: Response, bytes: Uint8Array<ArrayBuffer>): Response {
  const headers = new Headers(response.headers)
  for (const name of ['content-encoding', 'content-length', 'date', 'etag', 'last-modified', 'vary'])
    headers.delete(name)
  return new Response(bytes, { status: response.status, headers })
}

function withoutKey(verdict: Awaited<ReturnType<typeof judgeSignature>>): Signed {
  if (!verdict.signed) return verdict
  const { fingerprint, signedAt } = verdict
  return { signed: true, fingerprint, signedAt }
}
