/** What a made-up server says that it has stored. */
import type { ServerTables } from '../src/client-gate.ts'

const dayMs = 86_400_000
const table = (name: string, rows: number, more: Partial<ServerTables['tables'][number]> = {}) => ({
  table: name,
  rows,
  withheld: 0,
  ...more,
})

export const serverTables: ServerTables = {
  atMs: Date.UTC(2026, 0, 5, 12),
  tables: [
    table('rooms', 1),
    table('members', 4),
    table('join_requests', 0),
    table('key_packages', 96),
    table('streams', 7, { withheld: 3 }),
    table('kept_streams', 7, { withheld: 3 }),
    table('kept_frames', 12, { sealedBytes: 9_021 }),
    table('kept_devices', 6),
    table('kept_welcomes', 0, { sealedBytes: 0 }),
    table('kept_invited', 0),
    table('room_logs', 231),
    table('a_newer_table', 2),
  ],
  others: ['lives', 'kysely_migration'],
  keeps: {
    logMs: 90 * dayMs,
    trafficLogMs: 14 * dayMs,
    endedLogMs: 30 * dayMs,
    requestMs: 7 * dayMs,
    sealedMs: 14 * dayMs,
    sealedBytesAtMost: 67_108_864,
  },
  memory: {
    inc: 'EBAQEBAQEBAQEBAQEBAQEA' as ServerTables['memory']['inc'],
    seq: 311,
    epoch: 12,
    connected: 3,
    frames: 311,
    frameBytes: 402_311,
    pairs: 6,
    pairFrames: 96,
    pairFrameBytes: 2_204_800,
    framesMs: dayMs,
    welcomes: 0,
    links: 0,
  },
  owner: true,
}
