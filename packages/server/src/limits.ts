/** The limits that a relay enforces: those of the wire, and its own against floods. Tests turn them. */
import { limits as wire } from '@qsec/protocol'

export interface RelayLimits {
  loginLifetimeMs: number
  loginDeadlineMs: number
  /** How far a device's clock may be off at login. Unsynchronised laptops are off by seconds; the nonce carries the
   * freshness anyway, so a generous value costs nothing. */
  clockSkewMs: number
  joinRequestMs: number
  commitStandsMs: number
  /** An open room in which no member has been connected for so long may be begun anew by whoever comes. */
  abandonedAfterMs: number
  capacity: number
  /** Devices in one room, members and waiting ones: a person has several, and lists must stay within the wire's. */
  devicesPerRoom: number
  /** After a restore nothing is taken into a room for so long from its first member on, so that those who know more can say so. */
  restoredHoldMs: number
  /** Standing requests of devices that knock, in one room. They take no place from those who come by a link. */
  knocksPerRoom: number
  /** Knocks from one address in each window. A class behind one address comes by a link, which does not count. */
  knocksPerAddress: number
  knockWindowMs: number
  /** Offers to link a device that are held at a time, and for how long. */
  deviceLinks: number
  deviceLinkLifetimeMs: number
  /** Tries to take one, from one address in each window of knocks. */
  linkTakesPerAddress: number
  /** Devices of one person that wait without an invite link, because another device of it is inside; else twice as many. */
  ownDevicesWaiting: number
  /** Characters of the requests of newcomers in one room, with their bundles: each member that comes gets them all. */
  requestBytesPerRoom: number
  ringFrames: number
  ringBytes: number
  ringAgeMs: number
  ringBytesInAll: number
  /** What rooms that keep their sealed frames may have on disk, a room and all of them; over it the oldest go. */
  keptBytesPerRoom: number
  keptBytesInAll: number
  /** What may wait in memory for the disk, in a room and in all: a disk that stalls must not fill it. */
  keptWaitingBytesPerRoom: number
  keptWaitingBytesInAll: number
  /** The longest time that a room may ask for, in days; 0: no room keeps any. */
  keepDaysAtMost: number
  /** Between two changes of it in one room. */
  keepSwitchMs: number
  /** What every device has is deleted after about so long, and is out of the write-ahead log after `eraseMs` more. */
  keptPruneMs: number
  eraseMs: number
  /** Pages of 4 KiB that the database may have; 0: as many as the disk takes. */
  databasePages: number
  slowReaderBytes: number
  /** One packet: a commit with its Welcome in base64url, and room for bundles. */
  packetBytes: number
  /** Events of one socket. A BB84 run sends about a hundred frames a second. */
  eventsPerSecond: number
  eventsAtOnce: number
  /** Bytes of one socket, as they come off the wire. */
  bytesPerSecond: number
  bytesAtOnce: number
  /** What each device of a room may send whatever the others do, and over all of its connections. */
  ownEventsPerSecond: number
  ownEventsAtOnce: number
  ownBytesPerSecond: number
  ownBytesAtOnce: number
  /** What all devices of a room may send beyond that, together. */
  roomEventsPerSecond: number
  roomEventsAtOnce: number
  roomBytesPerSecond: number
  roomBytesAtOnce: number
  /** Bytes of a connection without a seat, as they come off the wire. */
  strangerBytesPerSecond: number
  strangerBytesAtOnce: number
  /** Whole classes sit behind one address. */
  connectionsPerAddress: number
  /** Connections of one address without a seat, where others with a seat have all of its places. */
  strangersPerAddress: number
  roomsPerAddressPerHour: number
  /** Wrong tokens for making rooms, from one address in each window of knocks. */
  wrongTokensPerAddress: number
  /** User lists of one room are gathered for this long. */
  userListMs: number
  /** Where the streams stand is told after a pause between these two. */
  heartbeatLeastMs: number
  heartbeatMostMs: number
  /** See `RepairLimits`. */
  gapAnswerMs: number
  gapWantsPerSecond: number
  gapWantsAtOnce: number
  /** The largest file that is passed on; 0: none is. */
  fileBytes: number
  /** Characters of pieces of files that each device gives, and takes, and that all of a room take together. */
  fileBytesPerSecond: number
  fileBytesAtOnce: number
  roomFileBytesPerSecond: number
  roomFileBytesAtOnce: number
  /** Pieces that one device waits for at a time. */
  fileWantsAtOnce: number
  /** Members who are asked for one piece, how long each has, and for how long one that has none is left in peace. */
  fileGiversAsked: number
  fileAnswerMs: number
  fileLackMs: number
  /** What is kept in memory of given pieces for the others who are here, and for how long. */
  filesHeldMs: number
  filesHeldBytesPerRoom: number
  filesHeldBytesInAll: number
  pingIntervalMs: number
  pingTimeoutMs: number
  /** Writes are gathered for this long before they share one transaction. */
  gatherMs: number
  logGatherMs: number
  /** Lines of the room log reach members after so long at the latest; with frames, after half of it. */
  logPushMs: number
  sweepMs: number
  /** Lines of room logs are deleted at that age: any; those that tell of frames; those of a room that has ended. */
  logAgeMs: number
  trafficLogAgeMs: number
  endedRoomLogAgeMs: number
  /** Between two deletions of a room's log by its owner. */
  logDeletionPauseMs: number
  /** A device that is away is called so often at most until it comes, and so often in any case. */
  pushEveryMs: number
  pushPauseMs: number
  /** Seconds for which its push service is to keep the call. */
  pushTtlS: number
  /** For one exchange with a push service; how often one is tried; and the first pause, after which each is four times as long. */
  pushTimeoutMs: number
  pushTries: number
  pushRetryMs: number
  /** Exchanges at a time, and calls that wait for one. */
  pushesAtOnce: number
  pushesWaiting: number
  /** An address that no browser has confirmed for so long is deleted. */
  pushAgeMs: number
  /** Looks of one connection at what is stored about its room: each may read through a table. */
  holdingsPerSecond: number
  holdingsAtOnce: number
  /** When they are looked for, first and then again, and how many at once with which pause. */
  retentionFirstMs: number
  retentionEveryMs: number
  retentionSliceLines: number
  retentionPauseMs: number
}

const dayMs = 86_400_000

export const defaultLimits: Readonly<RelayLimits> = {
  loginLifetimeMs: wire.loginLifetimeMs,
  loginDeadlineMs: wire.loginDeadlineMs,
  clockSkewMs: 60_000,
  joinRequestMs: wire.joinRequestMs,
  commitStandsMs: wire.commitStandsMs,
  abandonedAfterMs: 5_000,
  capacity: wire.capacity,
  restoredHoldMs: 3_000,
  devicesPerRoom: 2 * wire.capacity - wire.knocksPerRoom,
  knocksPerRoom: wire.knocksPerRoom,
  knocksPerAddress: 10,
  knockWindowMs: 600_000,
  deviceLinks: 1_024,
  deviceLinkLifetimeMs: wire.deviceLinkLifetimeMs,
  linkTakesPerAddress: 60,
  ownDevicesWaiting: 8,
  requestBytesPerRoom: 8 * 1_048_576,
  ringFrames: wire.ringFrames,
  ringBytes: wire.ringBytes,
  ringAgeMs: wire.ringAgeMs,
  ringBytesInAll: wire.ringBytesInAll,
  keptBytesPerRoom: 64 * 1_048_576,
  keptBytesInAll: 1_024 * 1_048_576,
  keptWaitingBytesPerRoom: 8 * 1_048_576,
  keptWaitingBytesInAll: 128 * 1_048_576,
  keepDaysAtMost: 30,
  keepSwitchMs: 5_000,
  keptPruneMs: 1_000,
  eraseMs: 2_000,
  databasePages: 0,
  slowReaderBytes: wire.slowReaderBytes,
  packetBytes: 18 * 1_048_576,
  eventsPerSecond: 400,
  eventsAtOnce: 4_000,
  bytesPerSecond: 8 * 1_048_576,
  bytesAtOnce: 64 * 1_048_576,
  ownEventsPerSecond: 40,
  ownEventsAtOnce: 1_000,
  ownBytesPerSecond: 262_144,
  ownBytesAtOnce: 16 * 1_048_576,
  roomEventsPerSecond: 4_000,
  roomEventsAtOnce: 40_000,
  roomBytesPerSecond: 16 * 1_048_576,
  roomBytesAtOnce: 256 * 1_048_576,
  strangerBytesPerSecond: 65_536,
  strangerBytesAtOnce: 524_288,
  connectionsPerAddress: 1_000,
  strangersPerAddress: 250,
  roomsPerAddressPerHour: 2_000,
  wrongTokensPerAddress: 20,
  userListMs: 50,
  heartbeatLeastMs: wire.heartbeatLeastMs,
  heartbeatMostMs: wire.heartbeatMostMs,
  gapAnswerMs: 2_000,
  gapWantsPerSecond: 2,
  gapWantsAtOnce: 64,
  fileBytes: 100 * 1_048_576,
  fileBytesPerSecond: 4 * 1_048_576,
  fileBytesAtOnce: 8 * 1_048_576,
  roomFileBytesPerSecond: 16 * 1_048_576,
  roomFileBytesAtOnce: 32 * 1_048_576,
  fileWantsAtOnce: 32,
  fileGiversAsked: 8,
  fileAnswerMs: 15_000,
  fileLackMs: 5_000,
  filesHeldMs: 30_000,
  filesHeldBytesPerRoom: 8 * 1_048_576,
  filesHeldBytesInAll: 128 * 1_048_576,
  pingIntervalMs: 20_000,
  pingTimeoutMs: 20_000,
  gatherMs: 3,
  logGatherMs: 75,
  logPushMs: 1_000,
  sweepMs: 60_000,
  logAgeMs: 90 * dayMs,
  trafficLogAgeMs: 14 * dayMs,
  endedRoomLogAgeMs: 30 * dayMs,
  logDeletionPauseMs: 5_000,
  pushEveryMs: 300_000,
  pushPauseMs: 10_000,
  pushTtlS: 86_400,
  pushTimeoutMs: 10_000,
  pushTries: 3,
  pushRetryMs: 15_000,
  pushesAtOnce: 16,
  pushesWaiting: 10_000,
  pushAgeMs: 90 * dayMs,
  holdingsPerSecond: 4,
  holdingsAtOnce: 60,
  retentionFirstMs: 60_000,
  retentionEveryMs: 6 * 3_600_000,
  retentionSliceLines: 250,
  retentionPauseMs: 50,
}
