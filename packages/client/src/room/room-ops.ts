/** The room's MLS group as a stream sees it: frames in, envelopes out. */
import { concatBytes, utf8 } from '@qsec/protocol'
import { decodeEnvelope, type ReadEnvelope } from '../content.ts'
import {
  type BundleSource,
  decodeGroupParts,
  encodeGroupParts,
  eraseGroup,
  type Group,
  type GroupMember,
  type Received as GroupReceived,
  type PskSource,
  partsNameIn,
  partsNameOf,
  receive,
  seal,
  sha256,
} from '../crypto/index.ts'
import type { GroupDecoder, Received, SessionOps } from '../sync/session.ts'

export interface RoomApplication {
  sender: GroupMember
  content: Uint8Array
  /** Undefined: it is none. */
  envelope: ReadEnvelope | undefined
}
export type CommitChange = Extract<GroupReceived, { kind: 'commit' }>

/** A pair group's frame as it is: its contents are the quantum engine's matter. */
export interface PairApplication {
  sender: GroupMember
  content: Uint8Array
}

export function roomOps(bundles: BundleSource, psks: PskSource): SessionOps<Group, RoomApplication, CommitChange> {
  return groupOps(bundles, psks, (sender, content) => ({ sender, content, envelope: decodeEnvelope(content) }))
}

export const decodeStoredGroup: GroupDecoder<Group> = async (head, partsOf) => {
  const name = partsNameIn(head)
  return name === undefined ? undefined : decodeGroupParts(head, await partsOf(name))
}

export function pairOps(bundles: BundleSource): SessionOps<Group, PairApplication, CommitChange> {
  return groupOps(
    bundles,
    () => undefined,
    (sender, content) => ({ sender, content }),
  )
}

function groupOps<A>(
  bundles: BundleSource,
  psks: PskSource,
  application: (sender: GroupMember, content: Uint8Array) => A,
): SessionOps<Group, A, CommitChange> {
  return {
    epoch: (group) => group.epoch,
    alone: (group) => group.members.length === 1,
    isOver: (group) => group.removed,
    async seal(group, content) {
      return seal(group, content)
    },
    async receive(group, frame): Promise<Received<Group, A, CommitChange>> {
      const got = await receive(group, frame.ct, { bundles, psks })
      switch (got.kind) {
        case 'application':
          return { kind: 'application', group: got.group, application: application(got.sender, got.content) }
        case 'commit':
          return { kind: 'commit', group: got.group, change: got }
        case 'missing-bundles':
          return { kind: 'missing', what: { type: 'bundles', credentials: got.credentials } }
        case 'missing-psk':
          return { kind: 'missing', what: { type: 'psk', id: got.id, from: got.sender.device } }
        case 'refused':
          return got
      }
    },
    encode: encodeGroupParts,
    partsName: partsNameOf,
    erase: eraseGroup,
    transcriptStart: (group) => concatBytes(utf8('qsec/transcript/v1'), group.authenticator),
    hash: sha256,
  }
}
