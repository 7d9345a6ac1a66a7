/** How programs of the operator talk to a relay that runs beside them. */
import { request } from 'node:http'
import path from 'node:path'

/** Of a room that exists, at this moment. */
export interface LiveFigures {
  room: string
  connected: number
  /** Sealed frames in memory. */
  ringBytes: number
}

export interface Quota {
  name: string
  /** Null where it is not one number for all. */
  used: number | null
  /** Null: none. */
  limit: number | null
}

/** What Linux and others allow for the name of a socket, in bytes. */
const pathBytesAtMost = 103
const answerBytesAtMost = 64 * 1_048_576
const patienceMs = 60_000

/** Undefined where there can be no such socket. */
export function adminPathOf(databasePath: string): string | undefined {
  if (databasePath === ':memory:' || process.platform === 'win32') return undefined
  const socket = `${path.resolve(databasePath)}.admin`
  if (Buffer.byteLength(socket) <= pathBytesAtMost) return socket
  const shorter = path.relative('', socket)
  return Buffer.byteLength(shorter) <= pathBytesAtMost ? shorter : undefined
}

export type AdminAnswer =
  | { ok: true; value: unknown }
  | { ok: false; reason: 'not-running' | 'refused'; message: string }

/** Asks the relay that has this database. */
export function askRelay(databasePath: string, method: 'GET' | 'DELETE', what: string): Promise<AdminAnswer> {
  const socketPath = adminPathOf(databasePath)
  if (socketPath === undefined)
    return Promise.resolve(notRunning('There is no socket by which a relay could be asked.'))
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path: what, timeout: patienceMs }, (response) => {
      const pieces: Buffer[] = []
      let bytes = 0
      response.on('data', (piece: Buffer) => {
        bytes += piece.length
        if (bytes > answerBytesAtMost) asked.destroy(new Error('the answer is too long'))
        else pieces.push(piece)
      })
      response.on('end', () => resolve(read(response.statusCode, Buffer.concat(pieces).toString('utf8'))))
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer')))
    asked.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(notRunning('The relay is not running.'))
      else if (error.code === 'EACCES') resolve(refused('The relay belongs to another user. Ask as that one.'))
      else resolve(refused(`The relay gave no answer: ${error.message}.`))
    })
    asked.end()
  })
}

function read(status: number | undefined, text: string): AdminAnswer {
  try {
    const value: unknown = JSON.parse(text)
    if (status === 200) return { ok: true, value }
    return refused(String((value as { message?: unknown }).message ?? 'The relay refused.'))
  } catch {
    return refused('The relay gave an answer that makes no sense. Is it of another version?')
  }
}

function notRunning(message: string): AdminAnswer {
  return { ok: false, reason: 'not-running', message }
}

function refused(message: string): AdminAnswer {
  return { ok: false, reason: 'refused', message }
}
