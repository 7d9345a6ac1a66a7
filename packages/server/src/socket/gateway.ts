/** Socket.IO on the relay's HTTP server: for handshake, events and heartbeats alone; order and resume are ours. */
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Readable } from 'node:stream'
import { Server } from 'socket.io'
import { addressOf, type TrustedProxies } from '../http/addresses.ts'
import { forgetHeaders } from '../http/web-socket.ts'
import { disconnect } from '../room/seats.ts'
import { Batch } from './batch.ts'
import type { HandlerContext } from './handlers.ts'
import { Decoder, Encoder } from './parser.ts'
import { Places } from './places.ts'
import { Session } from './session.ts'
import { type EngineConnection, endAtOnce, Strangers } from './stranger.ts'
import { takePacket } from './wrapper.ts'

export interface Gateway {
  io: Server
  hasConnection(id: string): boolean
  /** Ends a body that is too large for who sends it. */
  bound(request: IncomingMessage, body: Readable): void
  readonly connections: number
  /** Those that a client holds now. */
  readonly sessions: ReadonlySet<Session>
}

export function openGateway(
  http: HttpServer | HttpsServer,
  context: HandlerContext,
  trusted: TrustedProxies | undefined,
): Gateway {
  const { limits } = context
  const io = new Server(http, {
    path: '/socket.io/',
    serveClient: false,
    transports: ['websocket', 'polling'],
    allowEIO3: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: limits.packetBytes,
    pingInterval: limits.pingIntervalMs,
    pingTimeout: limits.pingTimeoutMs,
    connectTimeout: limits.loginDeadlineMs,
    cookie: false,
    parser: { Decoder, Encoder },
  })
  const places = new Places(limits, (connection) => endAtOnce(connection as EngineConnection))
  const strangers = new Strangers(limits)
  const batch = new Batch(context.tally)
  const sessions = new Set<Session>()
  io.engine.on('connection', (connection: EngineConnection) => {
    strangers.enter(connection)
    const address = addressOf(connection.request, trusted)
    places.enter(address, connection)
    connection.once('close', () => places.leave(address, connection))
    if (connection.transport.name === 'websocket') forgetHeaders(connection.request)
  })
  io.on('connection', (socket) => {
    const address = addressOf(socket.request, trusted)
    const session = new Session(socket, address, limits, batch, {
      onSlow: () => {
        context.tally.slowReadersCut += 1
        context.report({ level: 'info', event: 'slow-reader-cut', device: session.identity?.device })
      },
      onSeated: ({ role, room }) => {
        if (role === 'waiting') return true
        strangers.seated(socket.conn)
        return places.seat(address, socket.conn, room)
      },
      onUnseated: () => places.unseat(address, socket.conn),
    })
    sessions.add(session)
    context.tally.connectionsMade += 1
    // Not `socket.on(name)`: middleware sees every event, and by never calling `next` it is where events end. So there
    // is no listener that a client could reach by a clever name.
    socket.use((packet) => takePacket(context, session, packet as unknown[]))
    socket.on('error', () => context.report({ level: 'debug', event: 'socket-error', socket: socket.id }))
    socket.on('disconnect', (reason) => {
      sessions.delete(session)
      session.onDisconnected()
      const { seat, identity } = session
      if (identity) context.doorstep.leave(identity.device, session)
      seat?.room.later(() => disconnect(seat.room, seat, { fellSilent: reason === 'ping timeout' }))
    })
  })
  return {
    io,
    sessions,
    hasConnection: (id) => strangers.has(id),
    bound: (request, body) => strangers.bound(request, body),
    get connections() {
      return io.engine.clientsCount
    },
  }
}
