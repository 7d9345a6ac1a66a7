/** What a person says in the room: texts, tried again or taken back, and wishes that are put into words for all. */
import { type MessageId, utf8 } from '@qsec/protocol'
import { textBytesAtMost } from '../content.ts'
import type { RoomCore } from './core.ts'
import { holdsBack } from './quantum-policy.ts'
import { RoomRefusal } from './refusal.ts'
import type { Trust } from './trust.ts'
import type { Voice } from './voice.ts'

export class Speaking {
  readonly #core: RoomCore
  readonly #voice: Voice
  readonly #trust: Trust

  constructor(core: RoomCore, voice: Voice, trust: Trust) {
    this.#core = core
    this.#voice = voice
    this.#trust = trust
  }

  async send(text: string): Promise<void> {
    if (utf8(text).length > textBytesAtMost) {
      throw new RangeError(`The message is longer than ${textBytesAtMost} bytes: send it in parts.`)
    }
    if (this.#core.phase.at === 'ended') throw new RoomRefusal('room-ended')
    this.#checkMaySpeak()
    const { timeline, device, nowMs: atMs } = this.#core
    await this.#core.run(async () => {
      if (holdsBack(this.#core)) return this.#hold(text, atMs)
      await this.#voice.say({ type: 'text', text, atMs }, 'confirmed', (id) => timeline.say({ id, device, text, atMs }))
    })
  }

  /** Written down, and not in the outbox: what stands there has its place among this device's contents already. */
  async #hold(text: string, atMs: number): Promise<void> {
    const core = this.#core
    const id = core.randomId<MessageId>()
    const held = [...(core.self.held ?? []), id]
    await core.store([core.become({ held }), ...core.timeline.say({ id, device: core.device, text, atMs })])
  }

  /** Says what was held back, once the room's keys are what it requires. */
  considerHeld(): void {
    if (this.#core.self.held?.length && !holdsBack(this.#core)) void this.#core.later(() => this.#release())
  }

  async #release(): Promise<void> {
    const core = this.#core
    while (core.self.held?.length && !holdsBack(core) && core.phase.at === 'member') {
      const [id, ...held] = core.self.held
      const item = core.timeline.items.find((one) => one.type === 'message' && one.id === id)
      const rest = () => [core.become({ held })]
      if (item?.type !== 'message') await core.store(rest())
      else {
        const { text, atMs } = item
        await this.#voice.say({ type: 'text', text, atMs }, 'confirmed', rest, id as MessageId)
      }
    }
  }

  async retry(key: string): Promise<void> {
    this.#checkMaySpeak()
    await this.#core.run(() => this.#core.stream?.retry(idIn(key)))
  }

  discard(key: string): Promise<void> {
    const core = this.#core
    return core.run(async () => {
      const row = core.stream?.rows.find((one) => one.id === idIn(key))
      if (row && !row.refused) return // it is on its way
      const held = (core.self.held ?? []).filter((id) => id !== idIn(key))
      const changes = [...core.timeline.remove(core.device, idIn(key)), core.become({ held })]
      if (row) await core.stream!.discard(row.id, changes)
      else await core.store(changes)
    })
  }

  switchEavesdropper(on: boolean): Promise<void> {
    return this.#core.run(() => this.#voice.say({ type: 'eavesdropper', on }))
  }

  runKeyExchange(): void {
    if (this.#core.phase.at !== 'member') return
    void this.#core.later(() => this.#voice.say({ type: 'key-exchange-wanted' }))
  }

  /** Nothing is said to keys that stand under the name of somebody verified, until the person has decided about them. */
  #checkMaySpeak(): void {
    if (this.#trust.blockedBy().length === 0) return
    throw new Error(
      'Somebody here has the name of a person you verified, with other keys: verify or accept them first.',
    )
  }
}

function idIn(key: string): MessageId {
  return key.slice(key.indexOf('/') + 1) as MessageId
}
