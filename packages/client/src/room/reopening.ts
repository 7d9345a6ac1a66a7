/**
 * A relay that was set back to a backup is told where the room really is (docs/protocol.md, Reopening). This device stays
 * in its epoch whatever the relay says; what it has cannot be taken back.
 */
import { type Base64Url, type DeviceId, limits, type Reopen, toBase64Url } from '@qsec/protocol'
import type { RoomCore } from './core.ts'
import { joinKeysOf } from './invites.ts'

/** A relay that says it was set back and takes no word of it is like any other that goes back. */
const triesAtMost = 4
const againMs = 1_000

export interface ReopeningParts {
  core: RoomCore
  /** Asks the relay where the stream stands. */
  resume(): void
}

export class Reopening {
  readonly #parts: ReopeningParts
  #tries = 0
  /** The person knows of this restore. */
  #told = false

  constructor(parts: ReopeningParts) {
    this.#parts = parts
  }

  /** Whether the relay's word for having been set back still counts. */
  get believes(): boolean {
    return this.#tries < triesAtMost
  }

  /** The relay does not say any more that it was set back: should it say so again, that is another time. */
  over(): void {
    this.#tries = 0
    this.#told = false
  }

  /** The relay has begun anew: once for each restore, however often it begins anew until all have said where they are. */
  async tell(restored: boolean): Promise<void> {
    const { core } = this.#parts
    if (this.#told) return
    this.#told = restored
    await core.store(core.timeline.tell({ type: restored ? 'relay-restored' : 'relay-restarted' }, core.nowMs))
  }

  /** The relay knows less of the room than this device. Runs in the queue. */
  begin(): void {
    const { core } = this.#parts
    this.#tries++
    core.beside(this.#say())
  }

  async #say(): Promise<void> {
    const { core, resume } = this.#parts
    let lacks: readonly DeviceId[] = []
    do {
      const answer = await core.transport.request('reopen', await this.#claim(lacks))
      if (!answer?.ok) break // another member was faster, or it is not to be had: the next answer tells
      const more = answer.lacks.filter((device) => !lacks.includes(device))
      if (answer.lacks.length > 0 && more.length === 0) break
      lacks = more
    } while (lacks.length > 0)
    core.timers.set('reopen', lacks.length > 0 ? againMs : 0, resume)
  }

  async #claim(lacks: readonly DeviceId[]): Promise<Reopen> {
    const { core } = this.#parts
    const { standing, cursor } = core.stream!
    const { group, epoch } = standing
    const capacity = group.settings?.capacity
    const bundles = lacks.slice(0, limits.bundlesPerReopen).flatMap((device): Base64Url[] => {
      const bundle = core.bundles.bytesOf(device)
      return bundle ? [toBase64Url(bundle)] : []
    })
    return {
      room: core.address,
      epoch,
      ...cursor,
      members: group.members.map(({ device }) => device),
      bundles,
      joinKeys: await joinKeysOf(core.address, group),
      ...(capacity === undefined ? {} : { expected: capacity }),
    }
  }
}
