/** Backup, restore and export of what belongs to a person: who they are, whom they verified, what was said. */
import type { SecureRandom, Storage } from '../ports.ts'
import type { Secret, Secrets, Stretch, StretchCost } from '../vault/index.ts'
import { collect, type Restored, restore } from './content.ts'
import { openBackup, sealBackup } from './file.ts'
import type { Describe } from './history.ts'

export { eraseRestored, type Restored, restoredHistories } from './content.ts'
export { type HistoryWords, historyAsHtml, historyAsJson } from './export.ts'
export { backupBytesAtMost, isBackup } from './file.ts'
export {
  type Describe,
  type History,
  type HistoryItem,
  type HistoryPerson,
  personOfHistory,
  readHistory,
  type StoredDevice,
  storedDevices,
} from './history.ts'
export { type StoredRoom, storedRooms } from './rooms.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface BackupOptions {
  secrets: Secrets
  describe: Describe
  nowMs: number
  random: SecureRandom
  stretch: Stretch
  cost?: StretchCost
}

/** Everything that this storage may give away, as one sealed file. */
export async function makeBackup(storage: Storage, options: BackupOptions): Promise<Bytes> {
  const { secrets, describe, nowMs, ...tools } = options
  return await sealBackup(await collect(storage, describe, nowMs), secrets, tools)
}

export type RestoreOutcome =
  | { ok: true; restored: Restored }
  | { ok: false; reason: Extract<Awaited<ReturnType<typeof openBackup>>, { ok: false }>['reason'] }

/** Opens a backup and puts in what this storage does not have itself. A file that does not open changes nothing. */
export async function restoreBackup(
  storage: Storage,
  file: Bytes,
  secret: Secret,
  stretch: Stretch,
): Promise<RestoreOutcome> {
  const opened = await openBackup(file, secret, stretch)
  if (!opened.ok) return opened
  return { ok: true, restored: await restore(storage, opened.content) }
}
