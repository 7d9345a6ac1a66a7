/** Socket.IO on the relay's HTTP server: for handshake, events and heartbeats alone; order and resume are ours. */
import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { Server } from 'socket.io'
import type { RelayLimits } from '../limits.ts'
import { disconnect } from '../room/seats.ts'
import { Batch } from './batch.ts'
import type { HandlerContext } from './handlers.ts'
import { Decoder, Encoder } from './parser.ts'
import { Session } from './session.ts'
import { takePacket } from './wrapper.ts'

export interface Gateway {
  io: Server
  /** Connections of `address` now. */
  connectionsOf(address: string): number
  readonly connections: number
  /** Those that a client holds now. */
  readonly sessions: ReadonlySet<Session>
}

export function openGateway(http: HttpServer | HttpsServer, limits: RelayLimits, context: HandlerContext): Gateway {
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
  const perAddress = new Map<string, number>()
  const batch = new Batch()
  const sessions = new Set<Session>()
  io.engine.on('connection', (connection: { remoteAddress: string; once(event: 'close', run: () => void): void }) => {
    const address = connection.remoteAddress
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1)
    connection.once('close', () => {
      const left = (perAddress.get(address) ?? 1) - 1
      if (left > 0) perAddress.set(address, left)
      else perAddress.delete(address)
    })
  })
  io.on('connection', (socket) => {
    const session = new Session(socket, socket.conn.remoteAddress, limits, batch, () => {
      context.report({ level: 'info', event: 'slow-reader-cut', device: session.identity?.device })
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
    connectionsOf: (address) => perAddress.get(address) ?? 0,
    get connections() {
      return io.engine.clientsCount
    },
  }
}
