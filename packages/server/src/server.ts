/** Starts a relay: database, rooms, sockets, pages, in this order, and closes them in the reverse one. */
import { createServer, type Server as HttpServer } from 'node:http'
import { createServer as createSecureServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { deleteRoomFor } from './admin/delete-room.ts'
import { type AdminSocket, openAdminSocket } from './admin/socket.ts'
import type { Identity } from './certificates/index.ts'
import { drain } from './drain.ts'
import type { TrustedProxies } from './http/addresses.ts'
import { type HttpPorts, handleClientError, handleExpectation, handleRequest, handleUpgrade } from './http/handler.ts'
import type { Reach } from './http/headers.ts'
import { builtWebRoot, openPages } from './http/pages.ts'
import { openPlainPages, plainFolderOf } from './http/plain-pages.ts'
import { defaultLimits, type RelayLimits } from './limits.ts'
import { openLog } from './log.ts'
import type { MetricSources } from './metrics/metrics.ts'
import { type MetricsPort, openMetricsPort } from './metrics/port.ts'
import { type PushOptions, PushSender } from './push/sender.ts'
import type { Reporter } from './report.ts'
import { startRetention } from './retention.ts'
import { DeviceLinks } from './room/device-links.ts'
import { Doorstep } from './room/doorstep.ts'
import { startHeartbeat } from './room/heartbeat.ts'
import { HeldPieces } from './room/held-pieces.ts'
import { Rooms } from './room/rooms.ts'
import { Creation } from './socket/creation.ts'
import { openGateway } from './socket/gateway.ts'
import { Quota } from './socket/quota.ts'
import { Store } from './store/store.ts'
import { KeptTotal } from './stream/kept.ts'
import { RingBudget } from './stream/ring-budget.ts'
import { Tally } from './tally.ts'

export interface RelayOptions {
  /** Default 0: any free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** File of the database, made where there is none; ':memory:' keeps nothing. */
  databasePath: string
  /** Folder of the built web client. */
  webRoot?: string
  /** Folder of the built pages that need no secure context. Default: `plain` in that one. */
  plainRoot?: string
  /** Origins that may connect besides the relay's own. */
  origins?: readonly string[]
  /** How browsers reach it, by itself or through a proxy. Default: without TLS. */
  tls?: Reach['tls']
  /** With it the relay itself speaks TLS. */
  certificate?: Identity
  /** Origins by which others reach the relay, the best one first, for invite links. Asked each time. */
  addresses?: () => readonly string[]
  /** Address of the guide to a private certificate. Asked each time. */
  guide?: () => string | undefined
  /** Only who has it makes rooms. Default: anybody does. */
  createToken?: string
  /** Whose `X-Forwarded-For` counts. Default: nobody's. */
  trustProxy?: TrustedProxies
  /** For tests: other limits and times. */
  limits?: Partial<RelayLimits>
  /** Milliseconds since 1970. */
  now?: () => number
  /** Default: warnings and errors, on standard error. */
  report?: Reporter
  /** Where Prometheus may ask; none: nowhere. */
  metrics?: { port: number; host: string } | undefined
  /** Calls devices that are away, through their push services. Default: nobody is called. */
  push?: PushOptions | undefined
  /** Whether `qsec admin` may ask this relay, by a socket beside the database. Default: no. */
  admin?: boolean
}

export interface RelayStats {
  connections: number
  rooms: number
  ringBytes: number
  /** Pieces of files that are held in memory for those who may want them next. */
  pieceBytes: number
}

export interface RunningRelay {
  /** Where a browser on this machine finds it. */
  readonly url: string
  readonly port: number
  /** Whether there is a web client to serve. */
  readonly servesPages: boolean
  stats(): RelayStats
  /** Serves from now on with another certificate; throws where it is none. For a relay that speaks TLS. */
  useCertificate(certificate: Identity): void
  /** Of the metrics, where there are some. */
  readonly metricsPort: number | undefined
  /** Tells everybody to come back later, sends them away, writes what waits, and frees port and database. */
  close(): Promise<void>
}

const hourMs = 3_600_000

export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const limits = { ...defaultLimits, ...options.limits }
  const now = options.now ?? Date.now
  const report = options.report ?? openLog('warn')

  const tally = new Tally()
  const store = await Store.open({
    file: options.databasePath,
    now,
    gatherMs: limits.gatherMs,
    logGatherMs: limits.logGatherMs,
    eraseMs: limits.eraseMs,
    pagesAtMost: limits.databasePages,
    onLogLines: (room, lines) => rooms.onLogLines(room, lines),
    onWrite: (seconds, done) => tally.onDatabaseWrite(seconds, done),
    report,
  })
  const budget = new RingBudget(limits.ringBytesInAll)
  const doorstep = new Doorstep()
  const links = new DeviceLinks(now, { lifetimeMs: limits.deviceLinkLifetimeMs, atMost: limits.deviceLinks })
  const kept = new KeptTotal()
  const pieces = new HeldPieces(limits, () => performance.now())
  const push = options.push && new PushSender(options.push, { limits, tally, now, report })
  const rooms = new Rooms({ store, limits, now, budget, kept, doorstep, links, pieces, push, tally, report })
  await rooms.restore(await store.readRooms())

  // A request without Host is ours to refuse: Node would leave the headers out.
  const timeouts = { requestTimeout: 60_000, headersTimeout: 20_000, requireHostHeader: false }
  const http = options.certificate
    ? createSecureServer({ ...timeouts, ...tlsOf(options.certificate) })
    : createServer(timeouts)
  const roomQuota = new Quota(limits.roomsPerAddressPerHour, hourMs, now)
  const knockQuota = new Quota(limits.knocksPerAddress, limits.knockWindowMs, now)
  const linkQuota = new Quota(limits.linkTakesPerAddress, limits.knockWindowMs, now)
  const wrongQuota = new Quota(limits.wrongTokensPerAddress, limits.knockWindowMs, now)
  const creation = new Creation({ token: options.createToken, wrongQuota, report })
  const quotas = { roomQuota, knockQuota, linkQuota }
  let closing: Promise<void> | undefined
  const isClosing = () => closing !== undefined
  const context = { rooms, store, doorstep, links, limits, now, report, tally, isClosing, creation, ...quotas }
  const gateway = openGateway(http, context, options.trustProxy)
  const webRoot = path.resolve(options.webRoot ?? builtWebRoot)
  const pages = openPages(webRoot)
  routeThroughUs(http, {
    pages: [openPlainPages(options.plainRoot ?? plainFolderOf(webRoot)), pages],
    reachable: {
      addresses: options.addresses ?? (() => []),
      guide: options.guide ?? (() => undefined),
      isPrivate: options.tls === 'private',
    },
    origins: new Set(options.origins),
    reach: { tls: options.tls ?? 'none' },
    sockets: gateway.io.engine,
    hasConnection: gateway.hasConnection,
    bound: gateway.bound,
    answered: (status) => tally.answered(status),
    isReady: async () => !isClosing() && (await store.writable()),
    report,
  })
  const sweeper = setInterval(() => rooms.sweep(), limits.sweepMs)
  sweeper.unref()
  const stopHeartbeat = startHeartbeat(() => rooms.all(), limits)
  const stopRetention = startRetention({ store, limits, tally, report })

  let metrics: MetricsPort | undefined
  let admin: AdminSocket | undefined
  const closeAll = async () => {
    clearInterval(sweeper)
    stopHeartbeat()
    stopRetention()
    http.close() // nobody new comes in
    await admin?.close()
    await drain([...gateway.sessions], () => rooms.idle())
    gateway.io.disconnectSockets(true)
    gateway.io.engine.close()
    await closeHttp(http)
    rooms.close()
    pieces.close()
    push?.close()
    await store.close()
    await metrics?.close()
  }
  const state = () => ({
    connections: gateway.connections,
    seats: [...gateway.sessions].filter(({ seat }) => seat !== undefined).length,
    rooms: rooms.size,
    ringBytes: budget.bytes,
    ringBytesAtMost: limits.ringBytesInAll,
    keptBytes: kept.bytes,
    keptBytesAtMost: limits.keptBytesInAll,
    pieceBytes: pieces.bytes,
    pieceBytesAtMost: limits.filesHeldBytesInAll,
    draining: isClosing(),
  })
  try {
    if (options.metrics) {
      metrics = await startMetrics({ tally, state, databasePath: options.databasePath }, { ...options.metrics, report })
    }
    if (options.admin && options.databasePath !== ':memory:') {
      admin = await openAdminSocket(options.databasePath, {
        rooms,
        limits,
        state,
        deleteRoom: (address) => deleteRoomFor(rooms, store, address),
        deleteLog: (address) => store.deleteLog(address),
        report,
      })
    }
    await listen(http, options.port ?? 0, options.host ?? '127.0.0.1')
  } catch (error) {
    await closeAll()
    throw error
  }
  const { port } = http.address() as AddressInfo
  return {
    url: `${options.certificate ? 'https' : 'http'}://${browserHost(options.host ?? '127.0.0.1')}:${port}`,
    port,
    servesPages: pages.built,
    useCertificate(certificate) {
      if (!('setSecureContext' in http)) throw new TypeError('The relay does not speak TLS.')
      http.setSecureContext(tlsOf(certificate))
    },
    metricsPort: metrics?.port,
    stats: () => ({
      connections: gateway.connections,
      rooms: rooms.size,
      ringBytes: budget.bytes,
      pieceBytes: pieces.bytes,
    }),
    close: () => {
      closing ??= closeAll()
      return closing
    },
  }
}

/** Loaded only where somebody asks for them. */
async function startMetrics(
  sources: MetricSources,
  place: Parameters<typeof openMetricsPort>[1],
): Promise<MetricsPort> {
  const { openMetrics } = await import('./metrics/metrics.ts')
  return openMetricsPort(openMetrics(sources), place)
}

/** Socket.IO puts its own listeners on the server. Ours come instead and call it where a request has passed the checks. */
function routeThroughUs(http: HttpServer | HttpsServer, ports: HttpPorts): void {
  http.removeAllListeners('request').removeAllListeners('upgrade')
  http.on('request', (request, response) => handleRequest(ports, request, response))
  http.on('upgrade', (request, socket, head) => handleUpgrade(ports, request, socket, head))
  http.on('checkExpectation', (request, response) => handleExpectation(ports, request, response))
  http.on('clientError', (error, socket) => handleClientError(ports, error, socket))
}

function tlsOf({ certificatePem, privateKeyPem }: Identity): { cert: string; key: string; minVersion: 'TLSv1.2' } {
  return { cert: certificatePem, key: privateKeyPem, minVersion: 'TLSv1.2' }
}

function listen(http: HttpServer | HttpsServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, () => {
      http.off('error', reject)
      resolve()
    })
  })
}

function closeHttp(http: HttpServer | HttpsServer): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}

/** Browsers count only `localhost` and loopback addresses as secure without TLS; wildcards are no address to go to. */
function browserHost(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === '::1') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
