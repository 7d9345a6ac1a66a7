/** What a simulation needs of the groups that seal its frames: the stand-in without keys, or real MLS. */
import type { GroupDecoder, SessionOps } from '../session.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface SimApplication {
  sender: string
  content: Bytes
}
export interface SimChange {
  sender: string
  rejoined: readonly string[]
  removed: readonly string[]
}

/** A device asks to be added again. Only the Welcome for this very request is of use to it. */
export interface Rejoin {
  device: string
  request: string
}

/** What a frame is, as nobody but the simulation can know. `secret` names the epoch in which it was made. */
export type Told =
  | { type: 'application'; secret: string; by: string; generation: number; content: Bytes }
  | { type: 'commit'; secret: string; by: string; generation: number }

export interface CommitPlan {
  nonce: string
  rejoins?: readonly Rejoin[]
  /** Members to be taken out. */
  removes?: readonly string[]
  /** Members that find it invalid. */
  refusedBy?: readonly string[]
  /** Something that has to be fetched before it can be judged. */
  needs?: string
}

export interface SimGroups<G> {
  ops(name: string, has: (what: string) => boolean): SessionOps<G, SimApplication, SimChange>
  /** A group with `names` in it, as each of them has it. */
  found(names: readonly string[]): Promise<ReadonlyMap<string, G>>
  decode: GroupDecoder<G>
  /** Resolves once nothing is under way; absent where promises are all there is to wait for. */
  settle?: () => Promise<void>
  /** What a stored group will seal with next. */
  sealsAt(group: G): { secret: string; generation: number }
  /** Differs for each epoch and each way that led to it. */
  secretOf(group: G): string
  /** Secrets that only who is in the group's epoch may have. */
  secretsOf(group: G): Uint8Array[]
  /** Whether anything of the frame can be read in `group`. */
  opens(group: G, ct: string): Promise<boolean>
  told(ct: string): Told | undefined
  spell(frame: Uint8Array): string
  read(ct: string): Bytes
  commit(
    group: G,
    plan: CommitPlan,
  ): Promise<{ frame: Bytes; next: G; welcomes: { to: string; ct: string }[] } | undefined>
  /** What `name` shows when it asks to be added again, and what it keeps. */
  ask(name: string, id: string): Promise<{ request: string; kept: Bytes }>
  /** Undefined: the Welcome answers another request. */
  enter(name: string, kept: Uint8Array, welcome: string): Promise<G | undefined>
}
