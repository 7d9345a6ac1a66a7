/** What a person can do with all that this browser keeps: lock it, back it up, take it along, erase it. */
import type { RecoverySecret, VaultState } from '@qsec/client'
import type { History, HistoryItem, StoredRoom } from '@qsec/client/backup'
import type { RoomAddress } from './client-gate.ts'

export type { History, HistoryItem, StoredRoom, VaultState }

/** What people type to open something. */
export type Typed = { passphrase: string } | { code: string }

/** A recovery code before anything depends on it. */
export interface NewCode {
  text: string
  secret: RecoverySecret
  /** Whether somebody has typed it back. */
  matches(typed: string): boolean
}

export interface Kept {
  room: RoomAddress
  device: string
  name: string
  messages: number
  /** It came out of a backup and can only be read. */
  restored: boolean
}

export interface Download {
  name: string
  content: Blob
}

export type Opening = 'opened' | 'wrong' | 'no-code'

export type Restoring =
  | { ok: true; rooms: number; messages: number; keptOwnProfile: boolean }
  | { ok: false; reason: 'no-backup' | 'newer' | 'not-opened' | 'unreadable' | 'no-code' | 'too-large' }

export interface Keeper {
  /** Said without opening the storage, so that the page can ask before it does anything else. */
  mayBeLocked(): boolean
  state(): Promise<VaultState>
  unlock(typed: Typed): Promise<Opening>
  newCode(): Promise<NewCode>
  isLongEnough(passphrase: string): boolean
  /** Puts both in the place of what opened the storage until now. */
  protect(passphrase: string, code: NewCode): Promise<void>
  unprotect(): Promise<void>
  /** Said without opening the storage: in some room this browser has been. */
  mayHaveRooms(): boolean
  /** The rooms to go back to, that of the newest message first. */
  rooms(): Promise<StoredRoom[]>
  kept(): Promise<Kept[]>
  history(which: Pick<Kept, 'room' | 'device' | 'restored'>): Promise<History>
  exported(which: Pick<Kept, 'room' | 'device' | 'restored'>, form: 'html' | 'json'): Promise<Download>
  /** Under a passphrase or a code of its own. */
  backup(secret: { passphrase: string } | { code: NewCode }): Promise<Download>
  restore(file: Blob, typed: Typed): Promise<Restoring>
  forgetRestored(which: Pick<Kept, 'room' | 'device'>): Promise<void>
  /** Everything that this origin keeps in this browser, in all of its tabs. The page is of no more use afterwards. */
  eraseEverything(): Promise<void>
}
