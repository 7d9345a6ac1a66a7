/**
 * Keeps the devices in a conversation those of the two persons in the room: takes out whoever is there no more, brings in
 * whoever came. Any device of either does it; the relay takes the first commit of an epoch, and who lost looks again.
 * And renews this device's own keys in it, as in the room: nothing else heals a copied leaf.
 */

import { type CommitEvent, type DeviceId, limits, type MessageId, toBase64Url } from '@qsec/protocol'
import { type Committed, commit, type GroupMember } from '../crypto/index.ts'
import { pathRetryMs, untilPathMs } from '../room/path.ts'
import { rankOf, rankStepMs } from '../room/wants.ts'
import { losesCommit } from '../sync/outbox.ts'
import type { Conversation } from './conversation.ts'
import type { ConversationHost } from './host.ts'
import { takeKeyPackages } from './taking.ts'

const commitTimeoutMs = 30_000
const retryMs = 1_000
/** After a device could not be brought in: it has published nothing, or the relay hides it. */
const unreachableMs = 30_000

interface Due {
  add: GroupMember[]
  removeLeaves: number[]
}

type Payload = Omit<CommitEvent, 'ct'>

export class Mending {
  readonly #host: ConversationHost
  readonly #busy = new Set<string>()
  readonly #sending = new Map<string, string>()

  constructor(host: ConversationHost) {
    this.#host = host
  }

  /** Looks whether something is due, and does it by rank, or at once where words wait for it. */
  look(conversation: Conversation): void {
    const { timers } = this.#host
    const { id, stream } = conversation
    this.#renewSoon(conversation)
    const due = this.#due(conversation)
    if (!due) return
    const waits = due.removeLeaves.length > 0 && stream.rows.some(({ ordered, refused }) => !ordered && !refused)
    const delayMs = waits ? 0 : rankOf(stream.group, this.#host.present()) * rankStepMs
    timers.setOnce(timerOf(id, due), delayMs, () => this.#host.beside(this.#mend(conversation)))
  }

  /** Sends the commit under way again, after a reconnect. */
  resend(conversation: Conversation): void {
    this.#sending.delete(conversation.id)
    this.#send(conversation)
  }

  /** Minutes after this device came in, and daily while the conversation is used and the other is there to follow. */
  #renewSoon(conversation: Conversation): void {
    const { timers, clock, random } = this.#host
    const { id, pathMs, isUsed } = conversation
    if (pathMs > 0 && !isUsed) return
    const waitMs = untilPathMs(pathMs, clock.nowMs(), random)
    timers.setOnce(`path ${id}`, waitMs, () => void this.#host.run(() => this.#renew(conversation)))
  }

  async #renew(conversation: Conversation): Promise<void> {
    const { bundles, clock, timers } = this.#host
    const { id, stream, with: person, lost } = conversation
    const present = this.#host.present()
    const isHeard = stream.group.members.some((member) => member.person === person && present.has(member.device))
    // Whoever is away follows a commit only while the relay still has it: for this one it need not come to that.
    if (!isHeard || lost) return
    if (!this.#isFree(conversation)) {
      timers.set(`path ${id}`, pathRetryMs, () => void this.#host.run(() => this.#renew(conversation)))
      return
    }
    const made = await commit(stream.group, {}, { bundles: bundles.source, nowMs: clock.nowMs() })
    if (made.ok) await this.#hold(conversation, made, { welcomes: [], removed: [] })
  }

  #isFree({ stream }: Conversation): boolean {
    return stream.inStep && !stream.pending && !stream.unsettled
  }

  #due(conversation: Conversation): Due | undefined {
    const { stream, lost, with: person } = conversation
    const { identity } = this.#host
    const members = this.#host.members()
    if (!members || !this.#host.isInStep() || lost || !this.#isFree(conversation)) return undefined
    const { group } = stream
    const both = members.filter((member) => member.person === person || member.person === identity.person)
    const isIn = (device: DeviceId) => group.members.some((member) => member.device === device)
    const removeLeaves = group.members.filter(({ device }) => !both.some((one) => one.device === device))
    const room = limits.devicesPerConversation - group.members.length + removeLeaves.length
    const add = both.filter(({ device }) => !isIn(device)).slice(0, Math.max(0, room))
    if (add.length + removeLeaves.length === 0) return undefined
    return { add, removeLeaves: removeLeaves.map(({ leaf }) => leaf) }
  }

  async #mend(conversation: Conversation): Promise<void> {
    const { id } = conversation
    if (this.#busy.has(id)) return
    this.#busy.add(id)
    try {
      const taken = await takeKeyPackages(this.#host, this.#due(conversation)?.add ?? [])
      await this.#host.run(() => this.#commit(conversation, taken))
    } finally {
      this.#busy.delete(id)
    }
    this.look(conversation)
  }

  async #commit(conversation: Conversation, taken: ReadonlyMap<DeviceId, Uint8Array>): Promise<void> {
    const { bundles, clock, timers } = this.#host
    const due = this.#due(conversation) // the world may have moved while the KeyPackages came
    if (!due) return
    const { id: pair, stream } = conversation
    const { group } = stream
    const added = due.add.map(({ device }) => device).filter((device) => taken.has(device))
    const later = () => timers.set(timerOf(pair, due), unreachableMs, () => this.look(conversation))
    if (added.length + due.removeLeaves.length === 0) return later()
    const { removeLeaves } = due
    const deps = { bundles: bundles.source, nowMs: clock.nowMs() }
    let made = await commit(group, { add: added.map((device) => taken.get(device)!), removeLeaves }, deps)
    // A KeyPackage that does not serve must not keep anybody in.
    if (!made.ok && removeLeaves.length > 0) made = await commit(group, { removeLeaves }, deps)
    if (!made.ok) return later()
    const removed = group.members.filter(({ leaf }) => removeLeaves.includes(leaf)).map(({ device }) => device)
    const joined = added.filter((device) => made.next.members.some((member) => member.device === device))
    const welcomes = made.welcome ? [{ to: joined, ct: toBase64Url(made.welcome) }] : []
    await this.#hold(conversation, made, { welcomes, removed })
  }

  /** Stores the commit, and sends it then. */
  async #hold(
    conversation: Conversation,
    { frame, next }: Extract<Committed, { ok: true }>,
    who: Pick<Payload, 'welcomes' | 'removed'>,
  ): Promise<void> {
    const { identity, random } = this.#host
    const { id: pair, stream } = conversation
    const { epoch } = stream
    const id = toBase64Url(random(16)) as string as MessageId
    const payload: Payload = { room: identity.room, pair, id, epoch, bundles: [], ...who }
    await stream.holdPending({ epoch, id, frame, next, note: JSON.stringify(payload) })
    this.#send(conversation)
  }

  #send(conversation: Conversation): void {
    const { transport, timers } = this.#host
    const { id, stream } = conversation
    const { pending } = stream
    if (!pending || this.#sending.get(id) === pending.id) return
    this.#sending.set(id, pending.id)
    const event = { ...(JSON.parse(pending.note) as Payload), ct: toBase64Url(pending.frame) }
    const sent = transport.request('commit', event, commitTimeoutMs).then((answer) =>
      this.#host.run(async () => {
        this.#sending.delete(id)
        if (answer?.ok) return stream.accepted(pending.id, { inc: answer.inc, seq: answer.seq })
        const again = !answer || !losesCommit(answer, pending)
        if (again) return timers.set(`commit ${id}`, retryMs, () => this.#send(conversation))
        await stream.dropPending(pending.id, answer)
        timers.set(`mend ${id}`, retryMs, () => this.look(conversation))
      }),
    )
    this.#host.beside(sent)
  }
}

/** Whoever has to go does not wait for a device that cannot be brought in. */
function timerOf(id: string, { removeLeaves }: Due): string {
  return removeLeaves.length > 0 ? `mend-out ${id}` : `mend ${id}`
}

/** Whether the commit with this note renewed the keys of who made it: one that only adds brings no path. */
export function hasPath(note: string): boolean {
  const { welcomes, removed } = JSON.parse(note) as Payload
  return welcomes.length === 0 || removed.length > 0
}
