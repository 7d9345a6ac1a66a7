/** What the two sides of giving earlier messages share: the records, and what they need of the room. */
import type { DeviceId } from '@qsec/protocol'
import type { RoomContent } from '../content.ts'
import type { StorageChange } from '../ports.ts'
import type { RoomCore } from '../room/core.ts'
import { RoomRefusal } from '../room/refusal.ts'
import type { Line } from './line.ts'
import { askAgainMs, askMs, noRecords, pruned, type Records, readRecords, writeRecords } from './records.ts'

export interface DeskParts {
  core: RoomCore
  line: Line
  say(content: RoomContent, until: 'ordered' | 'confirmed', also: () => StorageChange[]): Promise<void>
  /** Fingerprint of the person behind a device; empty while unknown. */
  personOf(device: DeviceId): string
  /** It has the name of somebody verified, with other keys, and the person here has not decided about that. */
  isBlocked(device: DeviceId): boolean
}

export class Desk {
  readonly parts: DeskParts
  #records: Records = noRecords

  constructor(parts: DeskParts) {
    this.parts = parts
  }

  async load(): Promise<void> {
    const { core } = this.parts
    this.#records = readRecords(await core.storage.get(core.key('earlier')))
  }

  /** As they are now, without what has waited too long. */
  get records(): Records {
    const { core } = this.parts
    return pruned(this.#records, core.nowMs, (device) => core.members().includes(device))
  }

  /** Changes the records; what to store. */
  become(change: Partial<Records>): StorageChange {
    const { core } = this.parts
    this.#records = { ...this.records, ...change }
    return { type: 'put', key: core.key('earlier'), value: writeRecords(this.#records) }
  }

  /** Own ask is taken back. */
  withoutAsk(): StorageChange {
    const { ask: _back, ...rest } = this.records
    this.#records = rest
    return this.become({})
  }

  /** Draws anew when an ask has ended, and when the next one may be made. */
  watch(): void {
    const { core } = this.parts
    const { ask, asks, askedMs } = this.records
    const open = [...asks, ...(ask && !ask.over ? [ask] : [])]
    const ends = [...open.map(({ atMs }) => atMs + askMs), askedMs + askAgainMs].filter((ms) => ms > core.nowMs)
    core.timers.clear('earlier-ends')
    if (ends.length === 0) return
    core.timers.set('earlier-ends', Math.min(...ends) + 1 - core.nowMs, () => {
      core.changed()
      this.watch()
    })
  }

  tell(from: DeviceId, reason: string): StorageChange[] {
    const { core } = this.parts
    return core.timeline.tell({ type: 'unreadable', from, reason }, core.nowMs)
  }

  /** Whatever is done here is done by a member, to another one whose keys are not in doubt. */
  check(device: DeviceId): void {
    const { core, isBlocked } = this.parts
    if (core.phase.at !== 'member') throw new RoomRefusal('not-in-room')
    if (device === core.device || !core.members().includes(device)) throw new RoomRefusal('not-a-member')
    if (isBlocked(device)) throw new RoomRefusal('keys-changed')
    this.checkLine()
  }

  /** The line has post-quantum keys, whatever the room has: what was said under the rule must not go out under less. */
  checkLine(): void {
    if (this.isHeldBack) throw new RoomRefusal('earlier-quantum')
  }

  get isHeldBack(): boolean {
    return this.parts.core.stream?.group.settings?.quantum === 'required'
  }

  /** Says `share` is over on the line, where there is one. In the queue. */
  async stop(peer: DeviceId, share: string, changes: StorageChange[]): Promise<void> {
    const { core, line } = this.parts
    const said = core.members().includes(peer) && (await line.say(peer, { type: 'earlier-stop', share }, changes))
    if (!said) await core.store(changes)
    else core.changed()
  }
}
