import type { Group } from '../crypto/index.ts'
import type { Stream } from '../sync/stream.ts'
import type { CommitChange, PairApplication, RoomApplication } from './room-ops.ts'

/** The room's stream, and a pair group's, with their real groups. */
export type RoomStream = Stream<Group, RoomApplication, CommitChange>
export type PairStream = Stream<Group, PairApplication, CommitChange>
