/** What a committer remembers of its commit until it comes back: stored with it, and read again at its echo. */
import type { CommitEvent, DeviceId } from '@qsec/protocol'
import * as v from 'valibot'
import type { Group } from '../crypto/index.ts'
import type { PendingCommit } from '../sync/session.ts'

export interface CommitNote {
  added: DeviceId[]
  removed: DeviceId[]
  rejoined: DeviceId[]
  /** Of `added`: who came in by somebody's yes. */
  approved: DeviceId[]
  /** The room's settings before, where the commit changes them: base64url of their bytes. */
  settingsBefore?: string
  /** The group secret that it brings in, by its id. */
  psk?: string
  path: boolean
  /** It brings fresh keys of the committer, wanted or because it has to. */
  renewed?: boolean
  /** The secret of an invite link is mixed in. */
  byLink?: boolean
}

/** What the relay is told beside the frame. */
export type CommitPayload = Omit<CommitEvent, 'ct'>

export const emptyNote: CommitNote = { added: [], removed: [], rejoined: [], approved: [], path: false }

const storedNote = v.object({
  note: v.object({
    added: v.array(v.string()),
    removed: v.array(v.string()),
    rejoined: v.array(v.string()),
    approved: v.array(v.string()),
    settingsBefore: v.exactOptional(v.string()),
    psk: v.exactOptional(v.string()),
    path: v.boolean(),
    renewed: v.exactOptional(v.boolean()),
    byLink: v.exactOptional(v.boolean()),
  }),
  payload: v.looseObject({}),
})

/** Whether one of these names of keys is that of an invite link. */
export function isByLink(pskIds: readonly string[]): boolean {
  return pskIds.some((id) => id.startsWith('qsec-link/'))
}

export function encodeNote(note: CommitNote, payload: CommitPayload): string {
  return JSON.stringify({ note, payload })
}

export function noteOf(pending: PendingCommit<Group>): CommitNote {
  return v.parse(storedNote, JSON.parse(pending.note)).note as CommitNote
}

export function payloadOf(pending: PendingCommit<Group>): CommitPayload {
  return v.parse(storedNote, JSON.parse(pending.note)).payload as unknown as CommitPayload
}
