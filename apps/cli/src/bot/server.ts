/** What the server says that it has stored about the room, as events of the bot. */
import type { RoomClient, ServerRows, ServerTables } from '@qsec/client'

export type ServerEvent =
  | ({ event: 'server' } & ServerTables)
  | ({ event: 'server-rows'; table: string; more: boolean } & Pick<ServerRows, 'columns' | 'rows'>)
  | { event: 'server-refused'; problem: string }

/** A page has a hundred rows; whoever wants more of a long log reads it with `qsec logs`. */
const pagesAtMost = 10

/** All tables with their numbers, or the rows of one. */
export async function askServer(room: RoomClient, table: string | undefined): Promise<ServerEvent> {
  try {
    if (table === undefined) return { event: 'server', ...(await room.serverTables()) }
    let { columns, rows, next } = await room.serverRows(table)
    for (let pages = 1; next && pages < pagesAtMost; pages++) {
      const page = await room.serverRows(table, next)
      rows = [...rows, ...page.rows]
      next = page.next
    }
    return { event: 'server-rows', table, columns, rows, more: next !== undefined }
  } catch (error) {
    return { event: 'server-refused', problem: error instanceof Error ? error.message : 'The server did not tell.' }
  }
}
