/** Socket.IO on the relay's HTTP server: for handshake, events and heartbeats alone; order and resume are ours. */
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { Server } from 'socket.io'
import { addressOf, type TrustedProxies } from '../http/addresses.ts'
import { disconnect } from '../room/seats.ts'
import { Batch } from './batch.ts'
import type { HandlerContext } from './handlers.ts'
import { Decoder, Encoder } from './parser.ts'
import { Places } from './places.ts'
import { Session } from './session.ts'
import { takePacket } from './wrapper.ts'

export interface Gateway {
  io: Server
  hasConnection(id: string): boolean
  readonly connections: number
  /** Those that a client holds now. */
  readonly sessions: ReadonlySet<Session>
}

/** What is used of the engine's connections; its types hide the id. */
interface EngineConnection {
  readonly id: string
  readonly request: IncomingMessage
  once(event: 'close', run: () => void): void
  close(discard: true): void
}

export function openGateway(http: HttpServer, context: HandlerContext, trusted: TrustedProxies | undefined): Gateway {
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
  const places = new Places(limits)
  const ids = new Set<string>()
  const batch = new Batch()
  const sessions = new Set<Session>()
  io.engine.on('connection', (connection: EngineConnection) => {
    ids.add(connection.id)
    const address = addressOf(connection.request, trusted)
    places.enter(address, connection)
    connection.once('close', () => {
      ids.delete(connection.id)
      places.leave(address, connection)
    })
  })
  io.on('connection', (socket) => {
    const address = addressOf(socket.request, trusted)
    const session = new Session(socket, address, limits, batch, {
      onSlow: () => context.report({ level: 'info', event: 'slow-reader-cut', device: session.identity?.device }),
      onSeated: ({ role, room }) => role !== 'member' || places.seat(address, socket.conn, room),
      onUnseated: () => places.unseat(address, socket.conn),
    })
    sessions.add(session)
    // Not `socket.on(name)`: middleware sees every event, and by never calling `next` it is where events end. So there
    // is no listener that a client could reach by a clever name.
    socket.use((packet) => takePacket(context, session, packet as unknown[]))
    socket.on('error', () => context.report({ level: 'info', event: 'socket-error', socket: socket.id }))
    socket.on('disconnect', () => {
      sessions.delete(session)
      session.onDisconnected()
      const { seat, identity } = session
      if (identity) context.doorstep.leave(identity.device, session)
      seat?.room.later(() => disconnect(seat.room, seat))
    })
  })
  return {
    io,
    sessions,
    hasConnection: (id) => ids.has(id),
    get connections() {
      return io.engine.clientsCount
    },
  }
}
