/**
 * The door on plain HTTP beside a relay with a private certificate. It shows how to trust that certificate, gives it out,
 * and has the laboratory. Nothing of the chat is here: a browser would refuse it the cryptography, and whoever is on the
 * network could change it.
 */
import type { X509Certificate } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { securityHeaders } from '../http/headers.ts'
import { isHost } from '../http/hosts.ts'
import { openPlainPages, readGuide } from '../http/plain-pages.ts'
import { appleProfile, escapeXml, profileType } from './profile.ts'

export interface DoorOptions {
  port: number
  host: string
  authority: X509Certificate
  authorityPem: string
  /** Folder of the built pages. */
  plainRoot: string
  /** Name of the authority, as devices will show it. */
  name: string
  /** The relay's origin for who came to `hostname`, a name or address of this machine. */
  originFor: (hostname: string) => string
}

export interface Door {
  readonly port: number
  close(): Promise<void>
}

interface File {
  type: string
  name: string
  content: string | Buffer
}

type Reply = readonly [status: number, text: string]

/** @throws as `listen` does, where the port cannot be had */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const pages = openPlainPages(options.plainRoot)
  const guide = readGuide(options.plainRoot)
  const files = filesOf(options)
  const route = (request: IncomingMessage, response: ServerResponse): Reply | undefined => {
    const { host } = request.headers
    const hostname = isHost(host) ? new URL(`http://${host}`).hostname : undefined
    const origin = hostname === undefined ? undefined : options.originFor(hostname)
    for (const [name, value] of headersOf(origin)) response.setHeader(name, value)
    const pathname = request.url?.startsWith('/') ? request.url.replace(/[?#].*$/s, '') : undefined
    if (origin === undefined || pathname === undefined) return [400, 'Bad request.']
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return [405, 'Method not allowed.']
    }
    const file = files.get(pathname)
    if (file) give(request, response, file)
    else if (isGuide(pathname)) {
      if (guide === undefined) return [503, 'This page has not been built yet: run npm start.']
      response.setHeader('Content-Type', 'text/html;charset=utf-8')
      response.end(request.method === 'HEAD' ? undefined : filled(guide, options, origin))
    } else if (!pages.serve(request, response, pathname)) return [404, 'Not found.']
    return undefined
  }
  const answers = (request: IncomingMessage, response: ServerResponse): void => {
    const reply = route(request, response)
    if (!reply) return
    response.statusCode = reply[0]
    response.setHeader('Content-Type', 'text/plain;charset=utf-8')
    response.end(`${reply[1]}\n`)
  }
  const http = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, answers)
  http.maxConnections = 512
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port, options.host, resolve)
  })
  return {
    port: (http.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}

/** Whoever comes by the address of a room needs the guide first. What stands behind `#` never gets here. */
function isGuide(pathname: string): boolean {
  return pathname === '/' || /^\/room\/[A-Za-z0-9_-]{1,22}\/?$/.test(pathname)
}

/** Ours, but for those that browsers heed, and warn of, in secure contexts alone; and the guide may ask the relay. */
function headersOf(origin: string | undefined): (readonly [string, string])[] {
  const secureOnly = ['Cross-Origin-Opener-Policy', 'Origin-Agent-Cluster']
  const asks = origin === undefined || origin.includes('[') ? '' : ` ${origin}`
  const headers = securityHeaders(undefined)
    .filter(([name]) => !secureOnly.includes(name))
    .map(([name, value]) => [name, value.replace(/connect-src 'self'/, `$&${asks}`)] as const)
  return [...headers, ['Cache-Control', 'no-store']]
}

function filesOf({ authority, authorityPem, name }: DoorOptions): ReadonlyMap<string, File> {
  const der = { content: authority.raw, type: 'application/x-x509-ca-cert' }
  return new Map<string, File>([
    ['/qsec-ca.crt', { ...der, name: 'qsec-ca.crt' }],
    ['/qsec-ca.cer', { ...der, name: 'qsec-ca.cer' }],
    // Android's browsers would open its own installer for the usual type, which has refused authorities since Android 11.
    ['/android/qsec-ca.crt', { content: authority.raw, type: 'application/octet-stream', name: 'qsec-ca.crt' }],
    ['/qsec-ca.pem', { content: authorityPem, type: 'application/x-pem-file', name: 'qsec-ca.pem' }],
    ['/qsec.mobileconfig', { content: appleProfile(authority, name), type: profileType, name: 'qsec.mobileconfig' }],
  ])
}

function give(request: IncomingMessage, response: ServerResponse, { type, name, content }: File): void {
  response.setHeader('Content-Type', type)
  // A profile has to be opened where it is met; the others are files to be kept.
  if (type !== profileType) response.setHeader('Content-Disposition', `attachment; filename="${name}"`)
  response.setHeader('Content-Length', Buffer.byteLength(content))
  response.end(request.method === 'HEAD' ? undefined : content)
}

function filled(guide: string, { authority, name }: DoorOptions, origin: string): string {
  const values: Record<string, string> = { origin, name, fingerprint: authority.fingerprint256.replaceAll(':', ' ') }
  return guide.replaceAll(/\{\{([a-z]+)\}\}/g, (_, key: string) => escapeXml(values[key] ?? ''))
}
