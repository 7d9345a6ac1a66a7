/**
 * The server under load, in a process of its own: the relay, stock Socket.IO, or plain ws. Run by fan-out.ts. Each loads
 * its own modules alone, or the memory of one would be counted for the others.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { WebSocket } from 'ws'

export type Kind = 'qsec' | 'socket.io' | 'ws'
/** Servers that are no programs of ours, started by brokers.ts. */
export type Broker = 'mosquitto' | 'ejabberd'

export interface ServerFigures {
  cpuMicros: number
  rssBytes: number
}

/** All features on: login, order, resume, ring, log in SQLite. Only the limits against floods are out of the way. */
async function startQsec(): Promise<number> {
  const { startRelay } = await import('@qsec/server')
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const relay = await startRelay({
    databasePath: path.join(folder, 'qsec2.db'),
    limits: {
      eventsPerSecond: 1e9,
      eventsAtOnce: 1e9,
      bytesPerSecond: 1e12,
      bytesAtOnce: 1e12,
      connectionsPerAddress: 1e6,
      ownEventsPerSecond: 1e9,
      ownEventsAtOnce: 1e9,
      ownBytesPerSecond: 1e12,
      ownBytesAtOnce: 1e12,
      // A load that is busy is no connection that is dead.
      loginDeadlineMs: 120_000,
      pingTimeoutMs: 120_000,
    },
  })
  return relay.port
}

/** No login, no order, nothing kept: a broadcast. */
async function startSocketIo(): Promise<number> {
  const { Server } = await import('socket.io')
  const http = createServer()
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
  io.on('connection', (socket) => {
    socket.on('join', (room: string, done: () => void) => {
      void socket.join(room)
      done()
    })
    socket.on('encrypted_message', (message: { room: string }) => {
      io.to(message.room).emit('encrypted_message', message)
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return (http.address() as AddressInfo).port
}

async function startWs(): Promise<number> {
  const { WebSocketServer } = await import('ws')
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  const rooms = new Map<string, Set<WebSocket>>()
  server.on('connection', (socket) => {
    let mine: Set<WebSocket> | undefined
    socket.on('message', (data, binary) => {
      if (mine) {
        for (const one of mine) one.send(data, { binary })
        return
      }
      const room = data.toString()
      mine = rooms.get(room) ?? new Set()
      rooms.set(room, mine)
      mine.add(socket)
      socket.send('joined')
    })
    socket.on('close', () => mine?.delete(socket))
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}

const starts: Record<Kind, () => Promise<number>> = { qsec: startQsec, 'socket.io': startSocketIo, ws: startWs }

if (process.send) {
  process.send({ port: await starts[process.argv[2] as Kind]() })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const figures: ServerFigures = { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() }
    process.send!(figures)
  })
  process.on('disconnect', () => process.exit(0))
}
