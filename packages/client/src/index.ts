/** Everything a member's device does, without a screen. */
export { parseRoomAddress, type RoomAddress, type RoomKind, type RoomLogLine, roomKind } from '@qsec/protocol'
export {
  closeOpenRoom,
  createClosedRoom,
  type Entry,
  type EntryOptions,
  joinRoom,
  linkDevice,
  lookAtRoom,
  returnToRoom,
} from './client.ts'
export type { ClosedRoom, CloseOptions } from './close-room.ts'
export { formatDeviceLinkFragment, parseDeviceLinkFragment } from './crypto/device-link.ts'
export { formatLinkFragment, parseLinkFragment } from './crypto/invite.ts'
export { lifetimeAtMostS } from './crypto/settings.ts'
export { suiteBackends } from './crypto/suite.ts'
export type { ClientEnv, TabMemory } from './entry.ts'
export { type FileClaim, filesAtMost } from './files/content.ts'
export type { FileKind } from './files/kinds.ts'
export type { FileSource } from './files/making.ts'
export { cleanFileName } from './files/names.ts'
export type { OpenFile } from './files/opening.ts'
export type { FileStateView, FileView, MakingView } from './files/view.ts'
export type { DayStart } from './find/day.ts'
export type { FoundMessage, RoomSearch, SearchScope, SearchStep } from './find/found.ts'
export { isSign, mentionsAtMost, signsAtMost, textBytesAtMost } from './messages/content.ts'
export type {
  Clock,
  Locks,
  QuantumEngine,
  RunPlace,
  SecureRandom,
  Storage,
  StorageChange,
  Transport,
  TransportState,
} from './ports.ts'
export { StorageError } from './ports.ts'
export { type EarlierCount, earlierCounts } from './quantum/earlier-content.ts'
export type { ClaimedDevice } from './room/device-store.ts'
export { RoomRefusal, type RoomRefusalCode } from './room/refusal.ts'
export type { LinkFailure } from './room/take-device-link.ts'
export type { RoomClient } from './room-client.ts'
export * from './snapshot.ts'
export type { Vault, VaultState } from './storage/vault.ts'
export type { VerifiedHow } from './trust/book.ts'
export type { SafetyNumber } from './trust/codes.ts'
export { cleanName, cleanTitle, titleCharactersAtMost } from './trust/names.ts'
export type { Standing, TrustState } from './trust/standing.ts'
export type { Picture } from './trust/symbols.ts'
export * from './vault/index.ts'
