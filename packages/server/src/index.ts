/** The relay: keeps order, forwards sealed bytes, writes the metadata log. It has nothing that could open a message. */
export { findDatabase } from './config.ts'
export { defaultLimits, type RelayLimits } from './limits.ts'
export { serve } from './program.ts'
export type { Reporter, ReportRecord } from './report.ts'
export { openRoomLog, type RoomLogReader, type RoomLogSummary } from './room-log-reader.ts'
export { type RelayOptions, type RelayStats, type RunningRelay, startRelay } from './server.ts'
export { ConfigError, settingFlags } from './settings/read.ts'
export { settingsHelp, settingsTable } from './settings/words.ts'
