/** Rooms and quotas for people: columns that line up. */
import type { Quota, RoomFigures } from '@qsec/server'

export interface ListedRoom extends RoomFigures {
  /** Null where the relay does not run, or the room has ended. */
  connected: number | null
  ringBytes: number | null
}

export function roomWords(rooms: readonly ListedRoom[], isLive: boolean): string {
  if (rooms.length === 0) return 'There are no rooms.'
  const head = ['room', 'members', 'here', 'waiting', 'made', 'last line', 'log lines', 'log', 'in memory', 'kept']
  const rows = rooms.map((room) => [
    room.room,
    room.exists ? `${room.members}${room.expected === null ? '' : ` of ${room.expected}`}` : 'ended',
    numberOr(room.connected),
    String(room.waiting),
    day(room.createdAtMs),
    day(room.lastAtMs),
    String(room.logLines),
    size(room.logBytes),
    room.ringBytes === null ? '-' : size(room.ringBytes),
    room.keepDays === null ? '-' : `${size(room.keptBytes)}, ${room.keepDays} days`,
  ])
  const note = isLive ? [] : ['', 'The relay is not running: nobody is here, and nothing is in memory.']
  return [...columns([head, ...rows]), ...note].join('\n')
}

export function quotaWords(quotas: readonly Quota[]): string {
  const rows = quotas.map(({ name, used, limit }) => [
    name,
    numberOr(used),
    limit === null ? 'no bound' : String(limit),
  ])
  return columns([['what', 'used', 'at most'], ...rows]).join('\n')
}

export function deletedWords(deleted: { room: string; existed: boolean; logLines: number; told: number }): string {
  const { room, existed, logLines, told } = deleted
  const lines = `${logLines} lines of its log`
  return existed
    ? `Room ${room} and ${lines} are deleted. Devices that were told: ${told}.`
    : `Of room ${room}, ${lines} are deleted.`
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  )
}

function numberOr(value: number | null): string {
  return value === null ? '-' : String(value)
}

function day(atMs: number | null): string {
  return atMs === null ? '-' : new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')
}

function size(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`
  return bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(1)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`
}
