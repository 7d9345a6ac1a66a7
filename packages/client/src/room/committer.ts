/** Makes one commit at a time, stores it, and sends it until the relay's order has decided about it. */

import { type MessageId, type RoomAddress, toBase64Url } from '@qsec/protocol'
import { type CommitIntent, commit, encodeSettings, type Group } from '../crypto/index.ts'
import type { Clock, SecureRandom, Transport } from '../ports.ts'
import { losesCommit } from '../sync/outbox.ts'
import type { Bundles } from './bundles.ts'
import { type CommitNote, type CommitPayload, encodeNote, isByLink, payloadOf } from './commit-note.ts'
import { joinKeysOf } from './invites.ts'
import type { RoomStream } from './room-stream.ts'
import type { Timers } from './timers.ts'

const commitTimeoutMs = 30_000
export const retryMs = 1_000

export interface CommitterParts {
  room: RoomAddress
  transport: Transport
  clock: Clock
  random: SecureRandom
  /** Runs a job in the queue; its failure ends the room, visibly. */
  later(job: () => Promise<void> | void): void
  timers: Timers
  bundles: Bundles
  /** The room's stream while this device is a member and in step; undefined otherwise. */
  stream(): RoomStream | undefined
}

export class Committer {
  readonly #parts: CommitterParts
  /** The order has gone against the commit under way: what is wanted has to be looked at anew. */
  readonly #onLost: () => void
  #sending: string | undefined

  constructor(parts: CommitterParts, onLost: () => void) {
    this.#parts = parts
    this.#onLost = onLost
  }

  /** Makes, stores and sends a commit. Yields why it cannot be, as a code. */
  async make(stream: RoomStream, intent: CommitIntent, noted: CommitNote): Promise<string | undefined> {
    const { room, random, bundles, clock } = this.#parts
    const { group } = stream
    const made = await commit(group, intent, { bundles: bundles.source, nowMs: clock.nowMs() })
    if (!made.ok) return made.reason
    const note: CommitNote = {
      ...noted,
      approved: made.approved,
      renewed: made.path,
      byLink: isByLink(made.pskIds),
      ...settingsMoved(group, made.next),
    }
    const joiners = [...note.added, ...note.rejoined]
    const id = toBase64Url(random(16)) as string as MessageId
    const joinKeys = await joinKeysOf(room, made.next)
    const joinKeysBefore = await joinKeysOf(room, group)
    const payload: CommitPayload = {
      room,
      id,
      epoch: stream.epoch,
      welcomes: made.welcome ? [{ to: joiners, ct: toBase64Url(made.welcome) }] : [],
      bundles: note.added.flatMap((device) => {
        const bundle = bundles.bytesOf(device)
        return bundle ? [toBase64Url(bundle)] : []
      }),
      removed: note.removed,
      ...(joinKeys.join() === joinKeysBefore.join() ? {} : { joinKeys }),
      ...(made.next.settings?.capacity === group.settings?.capacity
        ? {}
        : { expected: made.next.settings?.capacity ?? null }),
      ...leaderOf(group, made.next),
    }
    await stream.holdPending({
      epoch: stream.epoch,
      id,
      frame: made.frame,
      next: made.next,
      note: encodeNote(note, payload),
    })
    this.#send()
    return undefined
  }

  /** Sends the commit under way again, after a reconnect. */
  resend(): void {
    this.#sending = undefined
    this.#send()
  }

  #send(): void {
    const { transport, later, timers } = this.#parts
    const stream = this.#parts.stream()
    const pending = stream?.pending
    if (!stream || !pending || this.#sending === pending.id) return
    this.#sending = pending.id
    const event = { ...payloadOf(pending), ct: toBase64Url(pending.frame) }
    void transport.request('commit', event, commitTimeoutMs).then((answer) =>
      later(async () => {
        this.#sending = undefined
        if (answer?.ok) return stream.accepted(pending.id, { inc: answer.inc, seq: answer.seq })
        const again = !answer || !losesCommit(answer, pending)
        if (again) timers.set('commit-again', retryMs, () => this.#send())
        else {
          // Lost the race, or refused as such: the winner, or a new look at what is wanted, goes on from here.
          await stream.dropPending(pending.id, answer)
          timers.set('commit-look', retryMs, this.#onLost)
        }
      }),
    )
  }
}

/** A device of the new owner, where the room is handed over: the relay lets the owner alone delete its log. */
function leaderOf(before: Group, after: Group): Pick<CommitPayload, 'leader'> {
  const owner = after.settings?.owner
  if (owner === undefined || owner === before.settings?.owner) return {}
  const leader = after.members.find(({ person }) => person === owner)?.device
  return leader === undefined ? {} : { leader }
}

function settingsMoved(before: Group, after: Group): Pick<CommitNote, 'settingsBefore'> {
  if (!before.settings || !after.settings) return {}
  const [old, next] = [before.settings, after.settings].map((settings) => toBase64Url(encodeSettings(settings)))
  return old === next ? {} : { settingsBefore: old! }
}
