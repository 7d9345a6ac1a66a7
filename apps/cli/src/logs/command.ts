/** `qsec logs`: what the relay has written down about a room. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseRoomAddress } from '@qsec/protocol'
import type { RoomLogReader } from '@qsec/server'
import { type Command, UsageError } from '../command.ts'
import { databaseFlags, databaseFrom, databaseHelp } from '../database.ts'
import { readFlags, wholeNumber } from '../flags.ts'
import { say } from '../output.ts'
import { untilSignal } from '../until-signal.ts'
import { type LogLine, readLine } from './line.ts'
import { linesOf, summarise, withRoomLog } from './read.ts'
import { lineWords, summaryWords } from './words.ts'

const defaultLimit = 200
const pollMs = 250

export const logs: Command = {
  help: `qsec logs --room ID [options]: reads the log of a room, beside a running relay or without one.
qsec logs: lists the rooms that have a log.

  --room ID    the room: 22 characters, or the word of an open room
  --limit N    the newest N lines (default ${defaultLimit})
  --follow     goes on with each new line, until Ctrl-C
  --summary    counts instead of lines: tags, members, messages, bytes, BB84 sessions
  --json       one JSON array (with --summary one object; with --follow one object a line)
${databaseHelp}

A line reads [TAG] key=value …; devices are named by fingerprint, and claimed_by= marks what a device claims and the
relay cannot check. As JSON: {"id", "message", "created_at" (milliseconds since 1970), "tag", "fields"}.

Examples:
  qsec logs --room lab1
  qsec logs --room lab1 --follow --limit 20
  qsec logs --room lab1 --summary --json
  qsec logs --room lab1 --json | jq '.[] | select(.tag == "BB84_SESSION_DERIVED") | .fields.qber'`,

  async run(args) {
    const { values } = readFlags('logs', args, {
      room: { type: 'string' },
      limit: { type: 'string' },
      follow: { type: 'boolean', default: false },
      summary: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      ...databaseFlags,
    })
    const { room, limit, follow, summary, json } = values
    if (room !== undefined && parseRoomAddress(room) === undefined) {
      throw new UsageError('--room must be the id of a room: 22 characters, or 1 to 20 of A-Z a-z 0-9 _ and -.')
    }
    if (room === undefined && (follow || summary || limit !== undefined)) throw new UsageError('Which room? --room ID')
    if (summary && (follow || limit !== undefined)) throw new UsageError('--summary covers the whole log of the room.')
    const newest = limit === undefined ? defaultLimit : wholeNumber('--limit', limit, 0, 10_000_000)
    await withRoomLog(databaseFrom(values), async (reader) => {
      if (room === undefined) return sayRooms(reader, json)
      if (summary) return saySummary(reader, room, json)
      const lines = (await reader.last(room, newest)).map(readLine)
      if (follow) return sayForEver(reader, room, lines, json)
      if (json) say(JSON.stringify(lines))
      else for (const line of lines) say(lineWords(line))
    })
    return 0
  },
}

async function sayRooms(reader: RoomLogReader, json: boolean): Promise<void> {
  const rooms = await reader.rooms()
  if (json) say(JSON.stringify(rooms))
  else for (const room of rooms) say(room)
}

async function saySummary(reader: RoomLogReader, room: string, json: boolean): Promise<void> {
  const summary = await summarise(reader, room)
  say(json ? JSON.stringify(summary) : summaryWords(summary))
}

async function sayForEver(
  reader: RoomLogReader,
  room: string,
  newest: readonly LogLine[],
  json: boolean,
): Promise<void> {
  const ended = untilSignal().then(() => 'signal')
  // With --limit 0 only what is yet to come counts.
  let lastId = newest.at(-1)?.id ?? (await reader.last(room, 1))[0]?.id ?? 0
  const sayLine = (line: LogLine) => {
    say(json ? JSON.stringify(line) : lineWords(line))
    lastId = line.id
  }
  newest.forEach(sayLine)
  while ((await Promise.race([ended, sleep(pollMs)])) !== 'signal') {
    for await (const line of linesOf(reader, room, lastId)) sayLine(line)
  }
}
