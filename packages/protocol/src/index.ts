/** What crosses the wire between a device and the relay. No I/O, no cryptography. */
export * from './answers.ts'
export * from './bundle.ts'
export * from './bytes.ts'
export * from './client-events.ts'
export * from './codec.ts'
export * from './commit-nack.ts'
export type { Drain, GapAsked, GapFrame, GapGive, GapGiven, GapWant, Heartbeat } from './delivery.ts'
export type { FileAsked, FileGive, FileWant, FileWantAnswer } from './files.ts'
export { parseFileWantAnswer } from './files.ts'
export type {
  DeleteRoomLogs,
  DeleteRoomLogsAnswer,
  FetchRoomRows,
  FetchRoomTables,
  RoomMemory,
  RoomRetention,
  RoomRowsAnswer,
  RoomTable,
  RoomTablesAnswer,
  RowKey,
  RowValue,
} from './holdings.ts'
export { parseDeleteRoomLogsAnswer, parseRoomRowsAnswer, parseRoomTablesAnswer } from './holdings.ts'
export * from './ids.ts'
export * from './limits.ts'
export * from './login.ts'
export type { PushOffer, SetPush } from './push.ts'
export { isPushEndpoint } from './push.ts'
export * from './relay-events.ts'
