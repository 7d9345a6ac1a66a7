/** What the relay says that it has stored about the room, asked for when somebody wants to see it; and its log, deleted. */
import type { Answer, RoomRowsAnswer, RoomTablesAnswer, RowKey } from '@qsec/protocol'
import type { ServerRows, ServerTables } from '../snapshot.ts'
import type { RoomCore } from './core.ts'
import { RoomRefusal } from './refusal.ts'
import { dateOr } from './times.ts'
import type { Voice } from './voice.ts'

/** A log of many lines goes in slices. */
const deletionMs = 60_000

export class ServerHoldings {
  readonly #core: RoomCore
  readonly #voice: Voice

  constructor(core: RoomCore, voice: Voice) {
    this.#core = core
    this.#voice = voice
  }

  async tables(): Promise<ServerTables> {
    const { transport, address: room, nowMs } = this.#core
    const {
      ok: _,
      at,
      ...told
    }: RoomTablesAnswer & { ok: true } = taken(await transport.request('fetch_room_tables', { room }))
    return { ...told, atMs: dateOr(at, nowMs) }
  }

  async rows(table: string, after: RowKey | undefined): Promise<ServerRows> {
    const { transport, address: room } = this.#core
    const asked = { room, table, ...(after ? { after } : {}) }
    const { columns, rows, next }: RoomRowsAnswer = taken(await transport.request('fetch_room_rows', asked))
    return { columns, rows, ...(next ? { next } : {}) }
  }

  /** The room is told by this device itself: what the relay says of it is the relay's word. */
  async deleteLog(): Promise<number> {
    const core = this.#core
    if (core.phase.at !== 'member') throw new RoomRefusal('not-in-room')
    const { address: room } = core
    const { deleted } = taken(await core.transport.request('delete_room_logs', { room }, deletionMs))
    await core.run(() => this.#voice.say({ type: 'log-deleted', lines: deleted }))
    core.changed()
    return deleted
  }
}

function taken<T>(answer: Answer<T> | undefined): T & { ok: true } {
  if (!answer) throw new RoomRefusal('no-answer')
  if (!answer.ok) throw new RoomRefusal(codes[answer.code] ?? answer.code)
  return answer
}

/** In the words of this matter. */
const codes: Readonly<Record<string, string>> = {
  'no-access': 'not-for-you-at-server',
  'rate-limited': 'server-asked-often',
  'bad-request': 'server-too-old',
  unavailable: 'server-unavailable',
}
