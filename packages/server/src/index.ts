/** The relay: keeps order, forwards sealed bytes, writes the metadata log. It has nothing that could open a message. */
export { type ClientHostOptions, type RunningClientHost, serveClient } from './client-host.ts'
export { ConfigError, databasePathOf } from './config.ts'
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
