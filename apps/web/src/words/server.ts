/** What the server says that it has stored about a room, in plain words. */
import type { ServerTables } from '@qsec/client'
import { formatOf, isolated } from './locale.ts'
import { sizeWords } from './sizes.ts'
import { daysWords, hoursWords } from './time.ts'
import { type Translatable, translatable } from './translatable.ts'

type Table = ServerTables['tables'][number]
type Memory = ServerTables['memory']
type Keeps = ServerTables['keeps']

const serverEnglish = {
  title: 'What the server knows',
  intro:
    'This is everything about this room that the server says is in its database now, table by table. Nobody here can check that it is all there is.',
  fetching: 'Asking the server…',
  fetched: (time: string): string => `The server answered this at ${time}.`,
  refresh: 'Refresh',
  failed: 'The server did not tell what it has stored.',
  stored: 'In its database',
  empty: 'Nothing at the moment.',
  others: (tables: readonly string[]): string => `These tables hold nothing about any room: ${rawNames(tables)}.`,
  table: (name: string, rows: number): string => (rows === 1 ? `${name}: 1 row` : `${name}: ${rows} rows`),
  unknownTable: 'This version of the page does not know what this table is for.',
  withheldOthers: (rows: number): string =>
    rows === 1
      ? '1 row is that of another device. It is counted and not shown.'
      : `${rows} rows are those of other devices. They are counted and not shown.`,
  withheld: (rows: number): string =>
    rows === 1
      ? '1 row is about a line between other people. It is counted and not shown, since it would tell you who talks with whom.'
      : `${rows} rows are about lines between other people. They are counted and not shown, since they would tell you who talks with whom.`,
  sealed: (bytes: number): string => `Sealed bytes in these rows: ${sizeWords(bytes)}. The server cannot open them.`,
  noRows: 'The rows could not be fetched.',
  moreRows: 'Show more rows',
  cut: (start: string, length: number): string => `${start}… (${length} characters)`,
  bytes: (count: number): string => `${sizeWords(count)}, sealed`,
  nothing: 'none',
  memory: 'In its memory',
  memoryHelp: 'This is gone when the server stops.',
  sees: 'What it sees besides',
  seen: [
    'The internet address from which each device connects, and when it comes and goes.',
    'The size and the time of everything that passes, and which device it comes from.',
    'Between which devices quantum keys are made.',
    'That a private line carries something, and for which devices.',
  ],
  seenHelp:
    'It needs this to pass things on, and whoever runs the server could write it down elsewhere. It does not see names, texts, the room’s title, or any key.',
  deleteLog: 'Delete the server’s log',
  deleteHelp: 'You own this room, so you can have the server delete its log of it.',
  deleteTitle: 'Delete the server’s log of this room?',
  deleteWhat: [
    'The server deletes every line that it has written down about this room so far. Messages stay where they are.',
    'Everybody in the room is told that you did it. What somebody has read or copied before cannot be called back, and new lines are written from here on.',
  ],
  deleteYes: 'Delete the log',
  deleteNo: 'Keep it',
  deleteFailed: 'The log was not deleted.',
} as const

export const serverWords: Translatable<typeof serverEnglish> = translatable('serverWords', serverEnglish)

const whileRoom = 'It stays as long as the room does.'
const whileMember =
  'It stays as long as the room does, for devices that have left too: others need it to check old keys.'
const whileSealed = ({ sealedMs }: Keeps): string =>
  sealedMs === undefined
    ? 'This room keeps no sealed messages at the server.'
    : `It is deleted once every device has it, and after ${spanWords(sealedMs)} at the latest.`

type TableName =
  | 'rooms'
  | 'members'
  | 'join_requests'
  | 'key_packages'
  | 'streams'
  | 'kept_streams'
  | 'kept_frames'
  | 'kept_devices'
  | 'kept_welcomes'
  | 'kept_invited'
  | 'push_subscriptions'
  | 'room_logs'

interface TableWords {
  name: string
  /** What stands in it. */
  holds: string
  /** How long. */
  kept(keeps: Keeps): string
}

const tablesEnglish: Readonly<Record<TableName, TableWords>> = {
  rooms: {
    name: 'The room',
    holds:
      'Its address, when it was made, the device of its owner, the expected number of people, and the public keys of its links.',
    kept: () => whileRoom,
  },
  members: {
    name: 'Devices in the room',
    holds: 'The fingerprint of each device, its public keys, and whether it has left. No name.',
    kept: () => whileMember,
  },
  join_requests: {
    name: 'Requests to come in',
    holds: 'Devices that asked to be let in and wait, with their public keys.',
    kept: ({ requestMs }) => `A request goes when it is answered, and after ${spanWords(requestMs)} at the latest.`,
  },
  key_packages: {
    name: 'Public keys for private lines',
    holds: 'Keys that devices left so that others can open a private line to them while they are away.',
    kept: () => 'Each is handed out once and deleted with that; all of a device go when it leaves.',
  },
  streams: {
    name: 'Positions of streams',
    holds: 'How far the room and each private line have come: numbers, and which device changed the keys last.',
    kept: () => whileRoom,
  },
  kept_streams: {
    name: 'Streams with kept messages',
    holds: 'From where to where sealed messages are kept.',
    kept: whileSealed,
  },
  kept_frames: {
    name: 'Kept sealed messages',
    holds:
      'Messages and changes of keys, sealed so that the server cannot open them, with their sender, size and time.',
    kept: whileSealed,
  },
  kept_devices: {
    name: 'How far each device is',
    holds: 'The last sealed message that each device has got.',
    kept: whileSealed,
  },
  kept_welcomes: {
    name: 'Kept sealed welcomes',
    holds: 'What newcomers need to read along, sealed for them alone.',
    kept: whileSealed,
  },
  kept_invited: {
    name: 'Who has a welcome to fetch',
    holds: 'For which devices those welcomes are, and whose change of keys let them in.',
    kept: whileSealed,
  },
  push_subscriptions: {
    name: 'Where to call',
    holds: 'The push addresses of devices that want to be called while they are away, and when they were last told.',
    kept: () =>
      'They go when this is switched off, when the device leaves or the address holds no more, and after 90 days without a word.',
  },
  room_logs: {
    name: 'Room log',
    holds: 'What happened in the room, line by line: fingerprints, times and sizes. No name, no text.',
    kept: ({ logMs, trafficLogMs, endedLogMs }) =>
      logMs === undefined || trafficLogMs === undefined
        ? 'Lines stay until somebody deletes them.'
        : endedLogMs === undefined
          ? `A line goes after ${spanWords(logMs)}, one about a single message after ${spanWords(trafficLogMs)}.`
          : `A line goes after ${spanWords(logMs)}, one about a single message after ${spanWords(trafficLogMs)}; when the room has ended, all of them after ${spanWords(endedLogMs)}.`,
  },
}

export const tableWords: Translatable<typeof tablesEnglish> = translatable('tableWords', tablesEnglish)

function memoryEnglish(memory: Memory): readonly string[] {
  const { frames, frameBytes, pairs, pairFrames, pairFrameBytes, framesMs, connected, welcomes, links } = memory
  return [
    `Connected devices now: ${connected}.`,
    `Sealed messages of the room, so that devices can catch up: ${frames}, of ${sizeWords(frameBytes)}. Each goes after ${spanWords(framesMs)}.`,
    `Private lines between devices: ${pairs}, with ${pairFrames} sealed items of ${sizeWords(pairFrameBytes)}.`,
    `Sealed welcomes that nobody has fetched: ${welcomes}. Sealed device links that nobody has taken: ${links}.`,
    `The room’s place: number ${memory.seq} of run ${memory.inc.slice(0, 6)}, epoch ${memory.epoch}.`,
  ]
}

/** One sentence for each thing in memory. */
export const memoryWords: Translatable<typeof memoryEnglish> = translatable('memoryWords', memoryEnglish)

/** The heading of a table, with how many rows it has. */
export function tableTitle({ table, rows }: Pick<Table, 'table' | 'rows'>): string {
  return serverWords.table(isKnown(table) ? tableWords[table].name : rawName(table), rows)
}

/** Why rows of it are not shown. */
export function withheldWords({ table, withheld }: Pick<Table, 'table' | 'withheld'>): string {
  return table === 'push_subscriptions' ? serverWords.withheldOthers(withheld) : serverWords.withheld(withheld)
}

/** What stands in it, and how long. */
export function tableHelp(table: string, keeps: Keeps): readonly string[] {
  if (!isKnown(table)) return [serverWords.unknownTable]
  const { holds, kept } = tableWords[table]
  return [holds, kept(keeps)]
}

function isKnown(table: string): table is TableName {
  return Object.hasOwn(tablesEnglish, table)
}

function rawName(table: string): string {
  return isolated(table.replaceAll('_', ' '))
}

const and = formatOf(Intl.ListFormat, { type: 'conjunction' })

/** Tables that have no words, as the database calls them. */
export function rawNames(tables: readonly string[]): string {
  return and().format(tables.map(rawName))
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** How long the server keeps something: in days, or in hours below two of them. */
export function spanWords(ms: number): string {
  if (ms >= 2 * dayMs || ms % dayMs === 0) return daysWords(Math.round(ms / dayMs))
  return hoursWords(Math.max(1, Math.round(ms / hourMs)))
}
