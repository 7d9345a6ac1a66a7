/** When this device commits, and what: it gathers what the room needs and its people wish, and waits for its rank. */
import type { DeviceId } from '@qsec/protocol'
import { type CommitIntent, type Group, newInvite } from '../crypto/index.ts'
import type { WishKind, WishView } from '../snapshot.ts'
import { type CommitNote, emptyNote } from './commit-note.ts'
import { Committer, type CommitterParts, retryMs } from './committer.ts'
import { inviteLifetimeMs } from './invites.ts'
import { JoinRequests, type JoinRequestsParts } from './join-requests.ts'
import type { RoomStream } from './room-stream.ts'
import { endOfLink } from './times.ts'
import { gatherMs, type JoinRequest, nothing, rankOf, rankStepMs, type Wants, wantsOf } from './wants.ts'
import { type Wish, Wishes, type WishWay } from './wishes.ts'

export interface MembershipParts extends CommitterParts, JoinRequestsParts {
  present(): ReadonlySet<DeviceId>
  connected(): boolean
  /** What is waited for has changed. */
  changed(): void
  /** The signed goodbyes of those who leave, base64url. */
  leaveProofs(): Readonly<Record<string, string>>
}

export class Membership {
  readonly requests: JoinRequests
  readonly #parts: MembershipParts
  readonly #committer: Committer
  readonly #wishes: Wishes
  #since: { epoch: number; atMs: number } | undefined
  /** Several requests could not be committed together: one at a time, until the one that fails is found. */
  #oneByOne = false

  constructor(parts: MembershipParts) {
    this.#parts = parts
    this.requests = new JoinRequests(parts)
    this.#committer = new Committer(parts, () => this.consider())
    this.#wishes = new Wishes(parts.clock, () => parts.changed())
  }

  /** Resolves once the room is as wished. Rejects with a `RoomRefusal`. */
  wish(kind: WishKind, wish: Wish): Promise<void> {
    const done = this.#wishes.add(kind, wish)
    this.#parts.later(() => this.consider())
    return done
  }

  /** Throws a `RoomRefusal` where it cannot be taken back any more. */
  cancelWish(id: number): void {
    this.#wishes.cancel(id, this.#way())
  }

  wishes(): WishView[] {
    return this.#wishes.views(this.#way())
  }

  #way(): WishWay {
    const { connected, stream } = this.#parts
    return { connected: connected(), committing: stream()?.pending !== undefined || stream()?.unsettled === true }
  }

  /** Nothing more can be had in this group: wishes that hold in it are fulfilled, the others are not. */
  close(last?: Group): void {
    if (last) this.#wishes.next(last)
    this.#wishes.close()
  }

  /** Looks whether there is something to commit, and sets the timer for this device's turn. */
  consider(): void {
    const { clock, timers, later } = this.#parts
    const stream = this.#free()
    // Without a connection no commit is made for a wish: it would go out later, whatever the person thinks by then.
    if (stream && this.#wishes.next(stream.group) && this.#parts.connected()) {
      timers.set('commit', 0, () => later(() => this.#commitWish()))
      return
    }
    const wants = stream && this.#wants(stream)
    if (!stream || !wants || nothing(wants)) {
      if (stream) this.#since = undefined
      timers.clear('commit')
      return
    }
    const nowMs = clock.nowMs()
    // A clock that was put back counts anew.
    if (this.#since?.epoch !== stream.epoch || this.#since.atMs > nowMs) {
      this.#since = { epoch: stream.epoch, atMs: nowMs }
    }
    const gather = wants.newInvite ? 0 : gatherMs
    // Nobody else lets a further device of this person in: there is no turn to wait for.
    const rank = wants.linked.length > 0 ? 0 : rankOf(stream.group, this.#parts.present())
    const dueMs = this.#since.atMs + gather + rankStepMs * rank
    timers.set('commit', dueMs - nowMs, () => later(() => this.#commitWants()))
  }

  /** Commits something else (a group secret, an own path) if nothing is under way or wanted; false where it cannot be now. */
  async propose(intent: CommitIntent, note: Partial<CommitNote>): Promise<boolean> {
    const stream = this.#free()
    // Whoever waits to be let in goes first: a second commit can take as long as half a minute to stand.
    if (!stream || !nothing(this.#wants(stream))) return false
    return (await this.#committer.make(stream, intent, { ...emptyNote, ...note })) === undefined
  }

  /** Sends the commit under way again, after a reconnect. */
  resend(): void {
    this.#committer.resend()
  }

  #free(): RoomStream | undefined {
    const stream = this.#parts.stream()
    const { pending, unsettled, mayBeOver, blocked } = stream ?? {}
    return pending || unsettled || mayBeOver || blocked ? undefined : stream
  }

  #wants(stream: RoomStream, requests: Iterable<JoinRequest> = this.requests.all()): Wants {
    const { bundles, leaving, leaveProofs, clocks, linked } = this.#parts
    return wantsOf({
      group: stream.group,
      bundles: bundles.source,
      requests,
      leaving: leaving(),
      leaveProofs: leaveProofs(),
      clocks: clocks(),
      linked,
    })
  }

  async #commitWish(): Promise<void> {
    const stream = this.#free()
    const step = stream && this.#wishes.next(stream.group)
    if (!stream || !step || !this.#parts.connected()) return
    const refused = await this.#committer.make(stream, step.intent, { ...emptyNote, ...step.note })
    if (refused === undefined) return this.#wishes.committed()
    this.#wishes.refuse(refused)
    this.#parts.later(() => this.consider())
  }

  async #commitWants(): Promise<void> {
    const { timers } = this.#parts
    const stream = this.#free()
    let wants = stream && this.#wants(stream)
    if (!stream || !wants || nothing(wants)) return
    if (this.#oneByOne) wants = this.#wants(stream, wants.add.slice(0, 1))
    const devices = wants.add.map(({ device }) => device)
    const refused = await this.#committer.make(stream, this.#intentOf(wants), {
      ...emptyNote,
      added: devices.filter((device) => !wants.rejoining.includes(device)),
      removed: wants.removedDevices,
      rejoined: wants.rejoining,
      path: wants.removeLeaves.length > 0,
    })
    if (refused === undefined) {
      this.#oneByOne = false
      return
    }
    // One KeyPackage that cannot be added must not keep the others out: it is forgotten until its device asks again.
    const [first, second] = wants.add
    if (first && !second) this.requests.settled([first.device])
    this.#oneByOne = second !== undefined
    timers.set('commit-look', first ? 0 : retryMs, () => this.consider())
  }

  #intentOf(wants: Wants): CommitIntent {
    const { clocks, random } = this.#parts
    const { removeLeaves, leaveProofs } = wants
    const intent: CommitIntent = { add: wants.add.map(({ keyPackage }) => keyPackage), removeLeaves, leaveProofs }
    if (wants.newInvite) {
      intent.invites = [newInvite(random, { expiresMs: endOfLink(inviteLifetimeMs, clocks()), mode: 'link' })]
    }
    return intent
  }
}
