/** How a device goes out of its room: by its person's word, or because the room was ended for all. */
import { toBase64Url } from '@qsec/protocol'
import { signLeave } from '../crypto/index.ts'
import type { RoomCore } from './core.ts'
import type { Membership } from './membership.ts'
import type { Successor } from './successor.ts'
import type { Voice } from './voice.ts'

const leaveWaitMs = 3_000
const leavePollMs = 50
const concludeMs = 1_000

export interface GoodbyeParts {
  core: RoomCore
  voice: Voice
  membership: Membership
  successor: Successor
}

export class Goodbye {
  readonly #parts: GoodbyeParts
  #concluding = false

  constructor(parts: GoodbyeParts) {
    this.#parts = parts
  }

  /** Says goodbye, signed, and erases everything of this device here, whether or not the goodbye got through. */
  async leave(): Promise<void> {
    const { core } = this.#parts
    if (core.phase.at === 'member') {
      await core.run(() => this.#sayGoodbye())
      await this.#untilSent()
    }
    await core.transport.request('leave', { room: core.address }, leaveWaitMs)
    await core.run(() => core.erase({ at: 'left' }))
  }

  async #sayGoodbye(): Promise<void> {
    const { core, voice } = this.#parts
    const group = core.stream?.group
    if (!group) return
    const proof = toBase64Url(await signLeave(core.identity, group.groupId))
    await voice.say({ type: 'leave', proof })
  }

  /** Counted, since a clock can be put back meanwhile. */
  async #untilSent(): Promise<void> {
    const { core } = this.#parts
    for (let waitedMs = 0; waitedMs < leaveWaitMs; waitedMs += leavePollMs) {
      if (!core.stream?.rows.some((row) => !row.ordered)) return
      await new Promise<void>((resolve) => core.env.clock.after(leavePollMs, resolve))
    }
  }

  /** The room was ended for all: once that stands, this device leaves it and keeps nothing but what was said. */
  async conclude(): Promise<void> {
    const { core, membership } = this.#parts
    if (!core.stream?.group.settings?.ended) return core.setPhase({ at: 'member' }) // withdrawn
    core.setPhase({ at: 'ended' })
    if (core.stream.unsettled) {
      core.timers.set('conclude', concludeMs, () => void core.later(() => this.conclude()))
      return
    }
    if (this.#concluding) return
    this.#concluding = true
    membership.close(core.stream.group)
    core.beside(this.#goAway())
  }

  /** The relay forgets the pair groups of who leaves: an invitation that waits there for somebody must stay. */
  async #goAway(): Promise<void> {
    const { core, successor } = this.#parts
    await successor.hearOut()
    if (!successor.isAwaited) await core.transport.request('leave', { room: core.address }, leaveWaitMs)
    await core.later(() => core.conclude())
  }
}
