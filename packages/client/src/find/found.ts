/** What a search yields, for whoever shows it. */
import type { PersonView } from '../snapshot.ts'
import type { Place } from './words.ts'

export interface FoundMessage {
  /** As of a message in the timeline. */
  readonly key: string
  readonly author: PersonView
  /** By the author's clock, milliseconds since 1970. */
  readonly atMs: number
  readonly doubtfulTime?: true
  /** For one person alone: the other one of the two. */
  readonly privately?: PersonView
  /** As it reads now, in the Unicode form NFC. */
  readonly text: string
  /** Where the words stand in `text`; none where only the author's name holds them. */
  readonly places: readonly Place[]
}

export interface SearchStep {
  /** So many messages have been looked at, of so many that this device has. */
  looked: number
  of: number
  /** What this step adds, newest first. */
  found: readonly FoundMessage[]
  done: boolean
}

/** How far a search reaches. */
export interface SearchScope {
  messages: number
  /** Time of the oldest that this device has of the room; absent where it has nothing. */
  sinceMs?: number
}

/** A search over this device's own history. It holds what it has read of it in memory until it is closed. */
export interface RoomSearch {
  /**
   * Messages that hold every word, newest first; what stands in quotation marks is one word. Accents and case do not count,
   * deleted messages are none, changed ones are found as they read now. Stops where its consumer does.
   */
  find(query: string): AsyncGenerator<SearchStep>
  scope(): Promise<SearchScope>
  close(): void
}
