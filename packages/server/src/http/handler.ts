/** Every HTTP request: headers first, then whoever is asked for. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { describeFault, type Reporter } from '../report.ts'
import { type Reach, securityHeaders } from './headers.ts'
import { isAllowedOrigin, isHost } from './hosts.ts'
import type { Pages } from './pages.ts'
import { type ReachPorts, serveReach } from './reach.ts'
import { handshakeOf, isHandshake } from './web-socket.ts'

export interface HttpPorts {
  /** Asked one after the other. */
  pages: readonly Pages[]
  reachable: ReachPorts
  origins: ReadonlySet<string>
  reach: Reach
  /** The engine of Socket.IO. */
  sockets: {
    handleRequest(request: IncomingMessage, response: ServerResponse): void
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  }
  /** Whether there is a connection of that name, which a WebSocket may take over. */
  hasConnection: (id: string) => boolean
  /** Ends a body that is too large for who sends it. */
  bound: (request: IncomingMessage, body: Duplex | IncomingMessage) => void
  isReady: () => Promise<boolean>
  /** Told the status of every answer. */
  answered: (status: number) => void
  report: Reporter
}

export function handleRequest(ports: HttpPorts, request: IncomingMessage, response: ServerResponse): void {
  const host = hostOf(request)
  for (const [name, value] of securityHeaders(host, ports.reach)) response.setHeader(name, value)
  response.setHeader('Cache-Control', 'no-cache')
  // The engine of Socket.IO answers some by itself, so it is looked at when they are out.
  response.once('finish', () => ports.answered(response.statusCode))
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
    if (request.method === 'POST') ports.bound(request, request)
    ports.sockets.handleRequest(request, response)
    return undefined
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return [405, 'Method not allowed.']
  }
  if (pathname === '/origin') return answerOrigin(ports, request, response, host)
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

/** `Expect` with anything but 100-continue, which Node would refuse without our headers. */
export function handleExpectation(ports: HttpPorts, request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of securityHeaders(hostOf(request), ports.reach)) response.setHeader(name, value)
  response.once('finish', () => ports.answered(response.statusCode))
  answer(response, [417, 'Expectation failed.'])
}

/**
 * Whether pages of the asking origin may connect. Any page may read the answer: a browser hides from a page why its
 * connection was refused, and whoever has put the page elsewhere needs to know.
 */
function answerOrigin(ports: HttpPorts, request: IncomingMessage, response: ServerResponse, host: string): Reply {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Cache-Control', 'no-store')
  const { origin } = request.headers
  return isAllowedOrigin(origin, host, ports.origins) ? [200, 'allowed'] : [403, 'refused: not in QSEC_ORIGINS']
}

/** WebSocket upgrades. The engine would answer a refusal with 400 and without headers, so they are refused here. */
export function handleUpgrade(ports: HttpPorts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => ports.report({ level: 'debug', event: 'upgrade-error' }))
  const refusal = refuseUpgrade(ports, request)
  if (refusal) answerRaw(socket, refusal, ports)
  else {
    const handshake = handshakeOf(request)
    ports.bound(handshake, socket)
    ports.sockets.handleUpgrade(handshake, socket, head)
  }
}

function refuseUpgrade(ports: HttpPorts, request: IncomingMessage): Reply | undefined {
  const host = hostOf(request)
  const pathname = pathOf(request)
  if (!host || pathname === undefined) return [400, 'Bad Request']
  if (!pathname.startsWith('/socket.io/')) return [404, 'Not Found']
  return (
    refuseSocket(ports, request, host) ?? (isHandshake(request, ports.hasConnection) ? undefined : [400, 'Bad Request'])
  )
}

/** Requests that are not HTTP, or too large to be read. */
export function handleClientError(ports: HttpPorts, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else answerRaw(socket, faults[error.code ?? ''] ?? [400, 'Bad Request'], ports)
}

const faults: Readonly<Record<string, Reply>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
}

function refuseSocket(ports: HttpPorts, request: IncomingMessage, host: string): Reply | undefined {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (!isAllowedOrigin(origin, host, ports.origins)) return [403, 'Forbidden']
  // A page elsewhere can ask without naming its origin (an image, a script); its browser says so here.
  const isForeign = site === 'cross-site' || site === 'same-site'
  return origin === undefined && isForeign ? [403, 'Forbidden'] : undefined
}

/** The host that was asked for; undefined where none, more than one, or none of a possible form was named. */
function hostOf(request: IncomingMessage): string | undefined {
  const { host } = request.headers
  return isHost(host) && request.headersDistinct.host?.length === 1 ? host : undefined
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

function answerRaw(socket: Duplex, [status, reason]: Reply, { reach, answered }: HttpPorts): void {
  answered(status)
  const headers = [...securityHeaders(undefined, reach), ['Connection', 'close'], ['Content-Length', '0']]
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
}
