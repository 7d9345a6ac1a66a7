/** Every HTTP request: headers first, then whoever is asked for. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { describeFault, type Reporter } from '../report.ts'
import { securityHeaders } from './headers.ts'
import { isAllowedOrigin, isHost } from './hosts.ts'
import type { Pages } from './pages.ts'
import { type ReachPorts, serveReach } from './reach.ts'

export interface HttpPorts {
  /** Asked one after the other. */
  pages: readonly Pages[]
  reachable: ReachPorts
  origins: ReadonlySet<string>
  /** The engine of Socket.IO. */
  sockets: {
    handleRequest(request: IncomingMessage, response: ServerResponse): void
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  }
  /** Whether one more connection from `address` is welcome. */
  hasRoomFor: (address: string) => boolean
  isReady: () => Promise<boolean>
  report: Reporter
}

export function handleRequest(ports: HttpPorts, request: IncomingMessage, response: ServerResponse): void {
  const host = isHost(request.headers.host) ? request.headers.host : undefined
  for (const [name, value] of securityHeaders(host)) response.setHeader(name, value)
  response.setHeader('Cache-Control', 'no-cache')
  try {
    const reply = route(ports, request, response, host)
    if (reply) answer(response, reply)
  } catch (error) {
    ports.report({ level: 'error', event: 'request-failed', ...describeFault(error) })
    if (response.headersSent) response.destroy()
    else answer(response, [500, 'Something went wrong at the relay.'])
  }
}

type Reply = readonly [status: number, text: string]

/** A short answer, or undefined where somebody else answers. */
function route(
  ports: HttpPorts,
  request: IncomingMessage,
  response: ServerResponse,
  host: string | undefined,
): Reply | undefined {
  const pathname = pathOf(request)
  if (!host || pathname === undefined) return [400, 'Bad request.']
  if (pathname.startsWith('/socket.io/')) {
    const refusal = refuseSocket(ports, request, host)
    if (refusal) return refusal
    response.setHeader('Cache-Control', 'no-store')
    ports.sockets.handleRequest(request, response)
    return undefined
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return [405, 'Method not allowed.']
  }
  if (pathname === '/healthz') return [200, 'ok']
  if (pathname === '/readyz') {
    const notReady: Reply = [503, 'not ready']
    ports.isReady().then(
      (ready) => answer(response, ready ? [200, 'ready'] : notReady),
      () => answer(response, notReady),
    )
    return undefined
  }
  if (serveReach(ports.reachable, request, response, pathname)) return undefined
  if (ports.pages.some((pages) => pages.serve(request, response, pathname))) return undefined
  return pathname === '/' ? [404, 'The web client has not been built yet: run npm start.'] : [404, 'Not found.']
}

/** WebSocket upgrades. The engine would answer a refusal with 400 and without headers, so they are refused here. */
export function handleUpgrade(ports: HttpPorts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => ports.report({ level: 'info', event: 'upgrade-error' }))
  const host = isHost(request.headers.host) ? request.headers.host : undefined
  const pathname = pathOf(request)
  const refusal =
    !host || pathname === undefined
      ? ([400, 'Bad Request'] as const)
      : pathname.startsWith('/socket.io/')
        ? refuseSocket(ports, request, host)
        : ([404, 'Not Found'] as const)
  if (refusal) answerRaw(socket, refusal)
  else ports.sockets.handleUpgrade(request, socket, head)
}

/** Requests that are not HTTP, or too large to be read. */
export function handleClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else if (error.code === 'HPE_HEADER_OVERFLOW') answerRaw(socket, [431, 'Request Header Fields Too Large'])
  else answerRaw(socket, [400, 'Bad Request'])
}

function refuseSocket(ports: HttpPorts, request: IncomingMessage, host: string): Reply | undefined {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (!isAllowedOrigin(origin, host, ports.origins)) return [403, 'Forbidden']
  // A page elsewhere can ask without naming its origin (an image, a script); its browser says so here.
  if (origin === undefined && site === 'cross-site') return [403, 'Forbidden']
  const isNew = !/[?&]sid=/.test(request.url ?? '')
  return isNew && !ports.hasRoomFor(request.socket.remoteAddress ?? '') ? [429, 'Too Many Requests'] : undefined
}

/** The path of the request, unescaped only by whoever serves it; undefined for absolute URIs and other forms. */
function pathOf(request: IncomingMessage): string | undefined {
  const url = request.url ?? ''
  return url.startsWith('/') ? url.replace(/[?#].*$/s, '') : undefined
}

function answer(response: ServerResponse, [status, text]: Reply): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain;charset=utf-8')
  response.end(`${text}\n`)
}

function answerRaw(socket: Duplex, [status, reason]: Reply): void {
  const headers = [...securityHeaders(undefined), ['Connection', 'close'], ['Content-Length', '0']]
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
}
