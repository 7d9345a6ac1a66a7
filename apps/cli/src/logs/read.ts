/** Reads the room log of a database as a stream of lines, page by page. */
import { existsSync } from 'node:fs'
import { openRoomLog, type RoomLogReader } from '@qsec/server'
import { CommandFailed } from '../command.ts'
import { oneLine } from '../output.ts'
import { type LogLine, readLine } from './line.ts'
import { LogFold, type LogSummary } from './summary.ts'

const linesPerPage = 2_000

/** Opens the log read-only for `use`. What goes wrong with the file is said in one line. */
export async function withRoomLog<T>(file: string, use: (reader: RoomLogReader) => Promise<T>): Promise<T> {
  if (!existsSync(file)) {
    throw new CommandFailed(`There is no database ${file}. Name it with --db FILE, QSEC_DATA_DIR or QSEC2_DB.`)
  }
  let reader: RoomLogReader | undefined
  try {
    reader = openRoomLog(file)
    return await use(reader)
  } catch (error) {
    if (error instanceof CommandFailed || (error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw error
    const { message } = error as Error
    throw new CommandFailed(`The database ${file} cannot be read: ${oneLine(message).slice(0, 200)}.`, { cause: error })
  } finally {
    await reader?.close()
  }
}

/** Every line above `sinceId`, oldest first. */
export async function* linesOf(reader: RoomLogReader, room: string, sinceId = 0): AsyncGenerator<LogLine> {
  let last = sinceId
  for (;;) {
    const page = await reader.list(room, { sinceId: last, limit: linesPerPage })
    for (const line of page) yield readLine(line)
    if (page.length < linesPerPage) return
    last = page.at(-1)!.id
  }
}

export async function summarise(reader: RoomLogReader, room: string): Promise<LogSummary> {
  const fold = new LogFold(room)
  for await (const line of linesOf(reader, room)) fold.add(line)
  const { members, ...summary } = fold.summary
  return { ...summary, members: { ever: members.ever, now: await reader.members(room) } }
}
