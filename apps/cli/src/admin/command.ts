/** `qsec admin`: what the operator may see and do. It knows sizes, times and numbers, as the relay does. */
import { existsSync } from 'node:fs'
import { parseRoomAddress, type RoomAddress } from '@qsec/protocol'
import {
  type AdminAnswer,
  askRelay,
  type DeletedRoom,
  deleteStoppedRoom,
  type LiveFigures,
  type Quota,
  readRoomFigures,
} from '@qsec/server'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { databaseFlags, databaseFrom, databaseHelp } from '../database.ts'
import { readFlags } from '../flags.ts'
import { oneLine, say } from '../output.ts'
import { deletedWords, type ListedRoom, quotaWords, roomWords } from './words.ts'

const options = {
  ...databaseFlags,
  json: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  'log-only': { type: 'boolean', default: false },
} as const

export const admin: Command = {
  help: `qsec admin rooms: every room with its size and times, the latest first; beside a running relay or without one.
qsec admin quotas: the bounds of a running relay, and what is used of them.
qsec admin delete ROOM --yes: deletes all that the relay knows of a room, for ever.

  --log-only    with delete: the lines of its log alone; the room goes on
  --yes         with delete: yes, I mean it
  --json        one JSON document
${databaseHelp}

Devices that are in a deleted room are told, and refused from then on; what they have, they keep. Whoever types the word
of an open room makes it anew. A relay that runs is asked through a socket beside its database, which only the user that
runs the relay can open: be that user.

Examples:
  qsec admin rooms --json | jq '.[] | select(.members == 0)'
  sudo -u qsec qsec admin delete lab1 --yes`,

  async run(args) {
    const { values, positionals } = readFlags('admin', args, options, 2)
    const [what, name] = positionals
    const { json } = values
    if (what !== 'delete' && (values.yes || values['log-only'] || name !== undefined)) {
      throw new UsageError('--yes, --log-only and the name of a room belong to: qsec admin delete ROOM')
    }
    const database = databaseFrom(values)
    if (what === 'rooms') await sayRooms(database, json)
    else if (what === 'quotas') await sayQuotas(database, json)
    else if (what === 'delete') await deleteRoom(database, roomFrom(name), { ...values, logOnly: values['log-only'] })
    else throw new UsageError('What? rooms, quotas or delete. See: qsec admin --help')
    return 0
  },
}

async function sayRooms(database: string, json: boolean): Promise<void> {
  mustExist(database)
  const [known, answer] = await Promise.all([
    readRoomFigures(database).catch(unreadable(database)),
    askRelay(database, 'GET', '/rooms'),
  ])
  const live = liveAnswer<{ rooms: LiveFigures[] }>(answer)
  const now = new Map(live?.rooms.map((room) => [room.room, room]))
  const rooms = known.map((room): ListedRoom => {
    const { connected = null, ringBytes = null } = now.get(room.room) ?? {}
    return { ...room, connected, ringBytes }
  })
  if (json) say(JSON.stringify(rooms))
  else say(roomWords(rooms, live !== undefined))
}

async function sayQuotas(database: string, json: boolean): Promise<void> {
  const answer = await askRelay(database, 'GET', '/quotas')
  const value = liveAnswer<{ quotas: Quota[] }>(answer)
  if (!value)
    throw new CommandFailed('The relay is not running, so there is nothing to count. Its bounds: qsec serve --help')
  if (json) say(JSON.stringify(value.quotas))
  else say(quotaWords(value.quotas))
}

async function deleteRoom(
  database: string,
  room: RoomAddress,
  { yes, logOnly, json }: { yes: boolean; logOnly: boolean; json: boolean },
): Promise<void> {
  if (!yes) throw new UsageError(`This cannot be undone. If you mean it: qsec admin delete ${room} --yes`)
  mustExist(database)
  const answer = await askRelay(database, 'DELETE', `/rooms/${room}${logOnly ? '/log' : ''}`)
  const deleted =
    liveAnswer<Partial<DeletedRoom>>(answer) ??
    (await deleteStoppedRoom(database, room, logOnly).catch(unreadable(database))) ??
    inUse()
  const { existed = true, logLines = 0, told = 0 } = deleted
  if (!existed && logLines === 0) throw new CommandFailed(`The relay knows of no room ${room}.`)
  const what = { room, existed: existed && !logOnly, logLines, told }
  say(json ? JSON.stringify(what) : deletedWords(what))
}

function inUse(): never {
  throw new CommandFailed('A relay has the database, but cannot be asked. Stop it, or ask as the user that runs it.')
}

/** Undefined where no relay runs. */
function liveAnswer<T>(answer: AdminAnswer): T | undefined {
  if (answer.ok) return answer.value as T
  if (answer.reason === 'not-running') return undefined
  throw new CommandFailed(answer.message)
}

function roomFrom(name: string | undefined): RoomAddress {
  const room = parseRoomAddress(name)
  if (room) return room
  throw new UsageError('Which room? Its id: 22 characters, or 1 to 20 of A-Z a-z 0-9 _ and -. See: qsec admin rooms')
}

function mustExist(database: string): void {
  if (existsSync(database)) return
  throw new CommandFailed(`There is no database ${database}. Name it with --db FILE, QSEC_DATA_DIR or QSEC2_DB.`)
}

function unreadable(database: string): (error: unknown) => never {
  return (error) => {
    const message = oneLine(error instanceof Error ? error.message : String(error)).slice(0, 200)
    throw new CommandFailed(`The database ${database} cannot be used: ${message}.`, { cause: error })
  }
}
