/** The BB84 runs of a room as its log tells them. The relay cannot check them: devices claim them. */
import { parseRoomAddress } from '@qsec/protocol'
import { wilsonInterval } from '@qsec/qkd'
import { CommandFailed, UsageError } from '../command.ts'
import { databaseFrom } from '../database.ts'
import type { LogLine } from '../logs/line.ts'
import { linesOf, withRoomLog } from '../logs/read.ts'
import type { Analysis } from './analyse.ts'
import { percent } from './simulate-words.ts'

export interface ClaimedRun extends Analysis {
  atMs: number
  /** Fingerprints of the two devices. */
  claimedBy: string
  peer: string
}

/** The newest run, and all of them. */
export interface RoomAnalysis extends Analysis {
  room: string
  sessions: ClaimedRun[]
}

export async function analyseRoom(room: string, db: string | undefined): Promise<RoomAnalysis> {
  if (parseRoomAddress(room) === undefined) {
    throw new UsageError('--room must be the id of a room: 22 characters, or 1 to 20 of A-Z a-z 0-9 _ and -.')
  }
  const sessions: ClaimedRun[] = []
  await withRoomLog(databaseFrom(db === undefined ? {} : { db }), async (reader) => {
    for await (const line of linesOf(reader, room)) {
      const run = claimedRun(line)
      if (run) sessions.push(run)
    }
  })
  const newest = sessions.at(-1)
  if (!newest) throw new CommandFailed('--room: the log of this room has no BB84 run.')
  const { atMs: _, claimedBy: __, peer: ___, ...analysis } = newest
  return { room, ...analysis, sessions }
}

/** undefined for any other line. */
export function claimedRun({ tag, fields, created_at }: LogLine): ClaimedRun | undefined {
  const { original, matched, mismatched, qber, threshold, accepted, claimed_by, peer } = fields
  if (tag !== 'BB84_SESSION_DERIVED' || typeof accepted !== 'boolean') return undefined
  const numbers = [original, matched, mismatched, qber, threshold]
  if (!numbers.every((value) => typeof value === 'number' && Number.isFinite(value))) return undefined
  const [bits, equal, mismatches, rate, limit] = numbers as [number, number, number, number, number]
  const sampled = equal + mismatches
  return {
    bits,
    mismatches,
    sampled,
    qber: rate,
    interval: wilsonInterval(mismatches, sampled),
    threshold: limit,
    accepted,
    atMs: created_at,
    claimedBy: String(claimed_by),
    peer: String(peer),
  }
}

export function roomWords({ room, sessions }: RoomAnalysis): string {
  const rows = sessions.map(({ atMs, claimedBy, peer, qber, interval, sampled, accepted }) => {
    const when = new Date(atMs).toLocaleString('sv-SE')
    const range = `${percent(interval[0])} to ${percent(interval[1])}`
    return `  ${when}  ${claimedBy} and ${peer}  ${percent(qber).padStart(8)} (${range}; ${sampled} bits)  ${accepted ? 'accepted' : 'refused'}`
  })
  return [`Room ${room}: ${sessions.length} BB84 runs, as the devices claim them`, ...rows].join('\n')
}
