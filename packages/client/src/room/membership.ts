/**
 * The commits that this device makes: it gathers what the room needs, waits for its rank, and holds one commit at a
 * time until the relay's order has decided about it.
 */
import {
  type Base64Url,
  type CommitEvent,
  type DeviceId,
  limits,
  type MessageId,
  type RoomAddress,
  toBase64Url,
} from '@qsec/protocol'
import * as v from 'valibot'
import {
  type CommitIntent,
  commit,
  deriveInvite,
  encodeSettings,
  type Group,
  inspectKeyPackage,
  type LiveInvite,
  newInvite,
} from '../crypto/index.ts'
import type { Clock, SecureRandom, Transport } from '../ports.ts'
import type { PendingCommit } from '../sync/session.ts'
import type { Bundles } from './bundles.ts'
import type { RoomStream } from './room-stream.ts'
import type { Timers } from './timers.ts'
import { endOfLink, isLive, type TwoClocks } from './times.ts'
import {
  gatherMs,
  type JoinRequest,
  needsYes,
  nothing,
  personHere,
  rankOf,
  rankStepMs,
  type Wants,
  wantsOf,
} from './wants.ts'
import { type Wish, Wishes } from './wishes.ts'

/** An invite link of a closed room ends after this time. */
export const inviteLifetimeMs: number = 7 * 86_400_000
const commitTimeoutMs = 30_000
const retryMs = 1_000
/** Requests kept: one for every seat of the largest room. */
const requestsAtMost: number = limits.capacity

/** What a committer remembers of its commit until it comes back. */
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
}

const storedNote = v.object({
  note: v.object({
    added: v.array(v.string()),
    removed: v.array(v.string()),
    rejoined: v.array(v.string()),
    approved: v.array(v.string()),
    settingsBefore: v.exactOptional(v.string()),
    psk: v.exactOptional(v.string()),
    path: v.boolean(),
  }),
  payload: v.looseObject({}),
})

export function noteOf(pending: PendingCommit<Group>): CommitNote {
  return v.parse(storedNote, JSON.parse(pending.note)).note as CommitNote
}

/** The invite whose link the room shows: the first that lives, one that many can use before others. */
export function liveInvite(group: Group, clocks: TwoClocks): LiveInvite | undefined {
  const live = group.invites.filter((invite) => isLive(invite.expiresMs, clocks) && invite.usesLeft !== 0)
  return live.find(({ usesLeft, mode }) => usesLeft === undefined && mode === 'link') ?? live[0]
}

export interface MembershipParts {
  room: RoomAddress
  transport: Transport
  clock: Clock
  clocks(): TwoClocks
  random: SecureRandom
  /** Runs a job in the queue; its failure ends the room, visibly. */
  later(job: () => Promise<void> | void): void
  timers: Timers
  bundles: Bundles
  /** The room's stream while this device is a member and in step; undefined otherwise. */
  stream(): RoomStream | undefined
  present(): ReadonlySet<DeviceId>
  leaving(): ReadonlySet<DeviceId>
  /** The signed goodbyes of those who leave, base64url. */
  leaveProofs(): Readonly<Record<string, string>>
  /** Whether a request came by the device link that this device has made. */
  linked(shown: JoinRequest['shown']): boolean
}

/** A request that waits for a yes; `own`: it has this person's keys. */
export type Knock = JoinRequest & { own: boolean }

export class Membership {
  readonly #parts: MembershipParts
  readonly #requests = new Map<DeviceId, JoinRequest>()
  readonly #wishes: Wishes
  #since: { epoch: number; atMs: number } | undefined
  #sending: string | undefined
  /** Several requests could not be committed together: one at a time, until the one that fails is found. */
  #oneByOne = false

  constructor(parts: MembershipParts) {
    this.#parts = parts
    this.#wishes = new Wishes(parts.clock)
  }

  /** Resolves once the room is as wished. Rejects with a `RoomRefusal`. */
  wish(wish: Wish): Promise<void> {
    const done = this.#wishes.add(wish)
    this.#parts.later(() => this.consider())
    return done
  }

  /** Nothing more can be had in this group: wishes that hold in it are fulfilled, the others are not. */
  close(last?: Group): void {
    if (last) this.#wishes.next(last)
    this.#wishes.close()
  }

  requestOf(device: DeviceId): JoinRequest | undefined {
    return this.#requests.get(device)
  }

  /** Requests that wait for a person's yes: knocks, and those by links that ask for it. */
  knocks(group: Group): Knock[] {
    const { bundles } = this.#parts
    const person = personHere(group)
    return [...this.#requests.values()]
      .filter((request) => this.#asksForYes(group, request))
      .map((request) => ({ ...request, own: bundles.of(request.device)?.person === person }))
  }

  #asksForYes(group: Group, request: JoinRequest): boolean {
    const { bundles, clocks, leaving, linked } = this.#parts
    if (linked(request.shown)) return false // let in by itself
    if (group.members.some(({ device }) => device === request.device) || leaving().has(request.device)) return false
    return needsYes(group, bundles.source, request, clocks())
  }

  /** Takes a request in, or a newer one of the same device. */
  async request(device: DeviceId, keyPackage: Uint8Array<ArrayBuffer>): Promise<void> {
    const shown = await inspectKeyPackage(keyPackage)
    if (!shown) return
    this.#requests.delete(device)
    this.#requests.set(device, { device, keyPackage, shown })
    // A relay can make up as many as it likes; the newest ones count.
    for (const oldest of [...this.#requests.keys()].slice(0, -requestsAtMost)) this.#requests.delete(oldest)
  }

  settled(devices: readonly DeviceId[]): void {
    for (const device of devices) this.#requests.delete(device)
  }

  /** The relay lists these as waiting: other requests of non-members are over. */
  stillWaiting(devices: readonly DeviceId[], members: ReadonlySet<DeviceId>): void {
    for (const device of this.#requests.keys()) {
      if (!devices.includes(device) && !members.has(device)) this.#requests.delete(device)
    }
  }

  /** Looks whether there is something to commit, and sets the timer for this device's turn. */
  consider(): void {
    const { clock, timers, later } = this.#parts
    const stream = this.#free()
    if (stream && this.#wishes.next(stream.group)) {
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
    return (await this.#make(stream, intent, { ...emptyNote, ...note })) === undefined
  }

  /** Sends the commit under way again, after a reconnect. */
  resend(): void {
    this.#sending = undefined
    this.#send()
  }

  #free(): RoomStream | undefined {
    const stream = this.#parts.stream()
    return stream && !stream.pending && !stream.unsettled && !stream.blocked ? stream : undefined
  }

  #wants(stream: RoomStream, requests: Iterable<JoinRequest> = this.#requests.values()): Wants {
    const { bundles, leaving, leaveProofs, clocks } = this.#parts
    return wantsOf({
      group: stream.group,
      bundles: bundles.source,
      requests,
      leaving: leaving(),
      leaveProofs: leaveProofs(),
      clocks: clocks(),
      linked: this.#parts.linked,
    })
  }

  async #commitWish(): Promise<void> {
    const stream = this.#free()
    const step = stream && this.#wishes.next(stream.group)
    if (!stream || !step) return
    const refused = await this.#make(stream, step.intent, { ...emptyNote, ...step.note })
    if (refused === undefined) return
    this.#wishes.refuse(refused)
    this.#parts.later(() => this.consider())
  }

  async #commitWants(): Promise<void> {
    const { clocks, random, timers } = this.#parts
    const stream = this.#free()
    let wants = stream && this.#wants(stream)
    if (!stream || !wants || nothing(wants)) return
    if (this.#oneByOne) wants = this.#wants(stream, wants.add.slice(0, 1))
    const intent: CommitIntent = {
      add: wants.add.map(({ keyPackage }) => keyPackage),
      removeLeaves: wants.removeLeaves,
      leaveProofs: wants.leaveProofs,
    }
    if (wants.newInvite) {
      intent.invites = [newInvite(random, { expiresMs: endOfLink(inviteLifetimeMs, clocks()), mode: 'link' })]
    }
    const devices = wants.add.map(({ device }) => device)
    const refused = await this.#make(stream, intent, {
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
    if (first && !second) this.#requests.delete(first.device)
    this.#oneByOne = second !== undefined
    timers.set('commit-look', first ? 0 : retryMs, () => this.consider())
  }

  /** Makes, stores and sends a commit. Yields why it cannot be, as a code. */
  async #make(stream: RoomStream, intent: CommitIntent, noted: CommitNote): Promise<string | undefined> {
    const { room, random, bundles, clock } = this.#parts
    const { group } = stream
    const made = await commit(group, intent, { bundles: bundles.source, nowMs: clock.nowMs() })
    if (!made.ok) return made.reason
    const note: CommitNote = { ...noted, approved: made.approved, ...settingsMoved(group, made.next) }
    const joiners = [...note.added, ...note.rejoined]
    const id = toBase64Url(random(16)) as string as MessageId
    const joinKeys = joinKeysOf(room, made.next)
    const payload: Omit<CommitEvent, 'ct'> = {
      room,
      id,
      epoch: stream.epoch,
      welcomes: made.welcome ? [{ to: joiners, ct: toBase64Url(made.welcome) }] : [],
      bundles: note.added.flatMap((device) => {
        const bundle = bundles.bytesOf(device)
        return bundle ? [toBase64Url(bundle)] : []
      }),
      removed: note.removed,
      ...(joinKeys.join() === joinKeysOf(room, group).join() ? {} : { joinKeys }),
      ...(made.next.settings?.capacity === group.settings?.capacity
        ? {}
        : { expected: made.next.settings?.capacity ?? null }),
    }
    await stream.holdPending({
      epoch: stream.epoch,
      id,
      frame: made.frame,
      next: made.next,
      note: JSON.stringify({ note, payload }),
    })
    this.#send()
    return undefined
  }

  #send(): void {
    const { transport, later, timers } = this.#parts
    const stream = this.#parts.stream()
    const pending = stream?.pending
    if (!stream || !pending || this.#sending === pending.id) return
    this.#sending = pending.id
    const { payload } = v.parse(storedNote, JSON.parse(pending.note))
    const event = { ...payload, ct: toBase64Url(pending.frame) } as unknown as CommitEvent
    void transport.request('commit', event, commitTimeoutMs).then((answer) =>
      later(async () => {
        this.#sending = undefined
        if (answer?.ok) return stream.accepted(pending.id, { inc: answer.inc, seq: answer.seq })
        const again = !answer || ['unavailable', 'internal', 'rate-limited', 'not-logged-in'].includes(answer.code)
        if (again) timers.set('commit-again', retryMs, () => this.#send())
        else {
          // Lost the race, or refused as such: the winner, or a new look at what is wanted, goes on from here.
          await stream.dropPending(pending.id)
          timers.set('commit-look', retryMs, () => this.consider())
        }
      }),
    )
  }
}

const emptyNote: CommitNote = { added: [], removed: [], rejoined: [], approved: [], path: false }

/** What the relay lets people ask by. A locked room has no such key, so its links lead nowhere. */
function joinKeysOf(room: RoomAddress, { invites, settings }: Group): Base64Url[] {
  if (settings?.locked || settings?.ended) return []
  return invites.map(({ secret }) => toBase64Url(deriveInvite(room, secret).joinPublicKey))
}

function settingsMoved(before: Group, after: Group): Pick<CommitNote, 'settingsBefore'> {
  if (!before.settings || !after.settings) return {}
  const [old, next] = [before.settings, after.settings].map((settings) => toBase64Url(encodeSettings(settings)))
  return old === next ? {} : { settingsBefore: old! }
}
