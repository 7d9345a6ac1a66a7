/** The relay: keeps order, forwards sealed bytes, writes the metadata log. It has nothing that could open a message. */
export { type DeletedRoom, deleteStoppedRoom } from './admin/delete-room.ts'
export { type RoomFigures, readRoomFigures } from './admin/overview.ts'
export { type AdminAnswer, askRelay, type LiveFigures, type Quota } from './admin/talk.ts'
export { type ClientHostOptions, type RunningClientHost, serveClient } from './client-host.ts'
export { findDatabase } from './config.ts'
export {
  clientHostHeaders,
  isWorkerScript,
  securityHeaders,
  serviceWorkerPath,
  serviceWorkerPolicy,
  workerPolicy,
} from './http/headers.ts'
export { defaultLimits, type RelayLimits } from './limits.ts'
export { serve } from './program.ts'
export type { Reporter, ReportRecord } from './report.ts'
export { openRoomLog, type RoomLogReader, type RoomLogSummary } from './room-log-reader.ts'
export { type RelayOptions, type RelayStats, type RunningRelay, startRelay } from './server.ts'
export { ConfigError, settingFlags } from './settings/read.ts'
export { settingsHelp, settingsTable } from './settings/words.ts'
export { type BackupFigures, backUp, restore } from './store/backup.ts'
