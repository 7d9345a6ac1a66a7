/**
 * Where the operator asks a relay that runs: HTTP on a Unix socket beside the database, which its owner alone can open. Not
 * a port: on one, whoever has an account on the machine could ask, and a password would have to be kept somewhere.
 */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseRoomAddress, type RoomAddress } from '@qsec/protocol'
import type { RelayLimits } from '../limits.ts'
import type { RelayState } from '../metrics/metrics.ts'
import { describeFault, type Reporter } from '../report.ts'
import type { Rooms } from '../room/rooms.ts'
import type { DeletedRoom } from './delete-room.ts'
import { adminPathOf, type LiveFigures, type Quota } from './talk.ts'

export interface AdminPorts {
  rooms: Rooms
  limits: RelayLimits
  state(): RelayState
  deleteRoom(address: RoomAddress): Promise<DeletedRoom>
  deleteLog(address: RoomAddress): Promise<number>
  report: Reporter
}

export interface AdminSocket {
  close(): Promise<void>
}

/** Undefined, and said, where there can be none: on Windows, or where the path is too long for a socket. */
export async function openAdminSocket(databasePath: string, ports: AdminPorts): Promise<AdminSocket | undefined> {
  const path = adminPathOf(databasePath)
  if (path === undefined) {
    ports.report({
      level: 'warn',
      event: 'no-admin-socket',
      error: 'the path of the database is too long, or this is Windows',
    })
    return undefined
  }
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(ports, request).then(
      ([status, value]) => send(response, status, value),
      (error: unknown) => {
        ports.report({ level: 'error', event: 'admin-failed', ...describeFault(error) })
        send(response, 503, { message: 'The relay could not do it; the disk may be full. Its log says more.' })
      },
    )
  })
  try {
    rmSync(path, { force: true }) // of a relay that was killed: one alone has the database
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, () => resolve())
    })
    chmodSync(path, 0o600)
  } catch (error) {
    ports.report({ level: 'warn', event: 'no-admin-socket', ...describeFault(error) })
    server.close()
    return undefined
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve()) // takes the file away too
        server.closeAllConnections()
      }),
  }
}

async function answer(ports: AdminPorts, { method, url = '' }: IncomingMessage): Promise<[number, object]> {
  if (method === 'GET' && url === '/rooms') return [200, { rooms: liveFigures(ports) }]
  if (method === 'GET' && url === '/quotas') return [200, { quotas: quotasOf(ports) }]
  const [, name, log] = /^\/rooms\/([^/]+?)(\/log)?$/.exec(url) ?? []
  const room = parseRoomAddress(name)
  if (method !== 'DELETE' || !room) return [404, { message: 'There is no such thing to ask.' }]
  ports.report({ level: 'info', event: log ? 'operator-deletes-log' : 'operator-deletes-room', room })
  return [200, log ? { logLines: await ports.deleteLog(room) } : await ports.deleteRoom(room)]
}

function liveFigures({ rooms }: AdminPorts): LiveFigures[] {
  return [...rooms.all()].map((room) => {
    const channels = [room.main, ...room.pairs.values()]
    return {
      room: room.address,
      connected: room.seats.size,
      ringBytes: channels.reduce((sum, { stream }) => sum + stream.ringBytes, 0),
    }
  })
}

function quotasOf({ limits, state }: AdminPorts): Quota[] {
  const now = state()
  const infinite = (limit: number) => (Number.isFinite(limit) ? limit : null)
  return [
    { name: 'connections', used: now.connections, limit: null },
    { name: 'connections of one address', used: null, limit: limits.connectionsPerAddress },
    { name: 'rooms', used: now.rooms, limit: null },
    { name: 'new rooms of one address in an hour', used: null, limit: limits.roomsPerAddressPerHour },
    { name: 'persons in one room', used: null, limit: limits.capacity },
    { name: 'bytes of sealed frames in memory', used: now.ringBytes, limit: limits.ringBytesInAll },
    { name: 'of one room', used: null, limit: limits.ringBytes },
    { name: 'bytes of sealed frames on disk', used: now.keptBytes, limit: limits.keptBytesInAll },
    { name: 'of one room on disk', used: null, limit: limits.keptBytesPerRoom },
    { name: 'days for which a room may keep them', used: null, limit: limits.keepDaysAtMost },
    { name: 'days of the room log', used: null, limit: infinite(limits.logAgeMs / 86_400_000) },
    { name: 'days of its lines of single frames', used: null, limit: infinite(limits.trafficLogAgeMs / 86_400_000) },
    { name: 'days of it after a room has ended', used: null, limit: infinite(limits.endedRoomLogAgeMs / 86_400_000) },
  ]
}

function send(response: ServerResponse, status: number, value: object): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(value))
}
