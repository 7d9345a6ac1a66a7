/** What a person says in the room: texts, tried again or taken back, and wishes that are put into words for all. */
import { type MessageId, utf8 } from '@qsec/protocol'
import type { FileClaim } from '../files/content.ts'
import { nextVersion } from '../messages/amend.ts'
import {
  type Amending,
  isSign,
  type MessageRef,
  mentionsAtMost,
  signsAtMost,
  textBytesAtMost,
} from '../messages/content.ts'
import type { StorageChange } from '../ports.ts'
import type { RoomClient } from '../room-client.ts'
import type { Attachments } from './attachments.ts'
import type { RoomCore } from './core.ts'
import { isNote, type Notes } from './notes.ts'
import { holdsBack } from './quantum-policy.ts'
import { RoomRefusal } from './refusal.ts'
import { changesOf, type MessageItem, refIn, refKey } from './timeline.ts'
import type { Trust } from './trust.ts'
import { checkLifetime, shorter, type Vanishing } from './vanishing.ts'
import type { Voice } from './voice.ts'

export class Speaking {
  readonly #core: RoomCore
  readonly #voice: Voice
  readonly #trust: Trust
  readonly #attachments: Attachments
  readonly #vanishing: Vanishing
  readonly #notes: Notes

  constructor(
    core: RoomCore,
    voice: Voice,
    trust: Trust,
    vanishing: Vanishing,
    attachments: Attachments,
    notes: Notes,
  ) {
    this.#attachments = attachments
    this.#notes = notes
    this.#core = core
    this.#vanishing = vanishing
    this.#voice = voice
    this.#trust = trust
  }

  readonly send: RoomClient['send'] = async (text, more = {}) => {
    checkText(text)
    checkLifetime(more.lifetimeS)
    this.#checkMaySpeak()
    return this.#say(text, more)
  }

  readonly attach: RoomClient['attach'] = async (sources, { text = '', signal, to, ...more } = {}) => {
    if (text !== '') checkText(text)
    checkLifetime(more.lifetimeS)
    if (to === undefined) this.#checkMaySpeak()
    else this.#notes.checkMayTell(to)
    const made = await this.#attachments.make(sources, signal)
    const { claims, changes } = made
    try {
      signal?.throwIfAborted()
      if (to === undefined) await this.#say(text, more, claims, changes)
      else await this.#notes.write(to, text, more, made)
    } catch (error) {
      await this.#attachments.discard(claims)
      throw error
    }
  }

  /**
   * @param changes - to be stored with the message
   * @returns its key
   */
  async #say(
    text: string,
    { replyTo, mentions = [], lifetimeS }: { replyTo?: string; mentions?: readonly string[]; lifetimeS?: number },
    files?: FileClaim[],
    changes: readonly StorageChange[] = [],
  ): Promise<string> {
    const { timeline, device, identity, nowMs: atMs } = this.#core
    const more = {
      ...(replyTo ? { replyTo: refIn(replyTo) } : {}),
      ...mentioned(mentions),
      ...(files ? { files } : {}),
    }
    return this.#core.run(async () => {
      const answered = more.replyTo && (await timeline.find(more.replyTo))
      // Whoever reads the answer would learn that there is something that they do not get to see.
      if (answered?.privately) throw new RoomRefusal('private-reply')
      if (more.replyTo) await timeline.recall(more.replyTo)
      const item = { device, person: identity.person, text, atMs, ...more }
      const seconds = shorter(lifetimeS, this.#core.stream?.group.settings?.lifetimeS)
      if (holdsBack(this.#core)) return this.#hold(item, seconds, changes)
      const content = { type: 'text' as const, text, atMs, ...more, ...living(seconds) }
      const id = this.#core.randomId<MessageId>()
      await this.#voice.say(content, 'confirmed', () => [...this.#write({ id, ...item }, seconds), ...changes], id)
      return refKey({ device, id })
    })
  }

  /** Written down, and not in the outbox: what stands there has its place among this device's contents already. */
  async #hold(
    item: Omit<Written, 'id'>,
    seconds: number | undefined,
    changes: readonly StorageChange[],
  ): Promise<string> {
    const core = this.#core
    const id = core.randomId<MessageId>()
    const held = [...(core.self.held ?? []), id]
    await core.store([core.become({ held }), ...this.#write({ id, ...item }, seconds), ...changes])
    return refKey({ device: core.device, id })
  }

  #write(item: Written, seconds: number | undefined): StorageChange[] {
    const { timeline } = this.#core
    if (seconds === undefined) return timeline.say(item)
    const { lifetime, changes } = this.#vanishing.say(item, seconds)
    return [...timeline.say({ ...item, lifetime }), ...changes]
  }

  /** Says what was held back, once the room's keys are what it requires. */
  considerHeld(): void {
    if (this.#core.self.held?.length && !holdsBack(this.#core)) void this.#core.later(() => this.#release())
  }

  async #release(): Promise<void> {
    const core = this.#core
    while (core.self.held?.length && !holdsBack(core) && core.phase.at === 'member') {
      const [id, ...held] = core.self.held
      const item = await core.timeline.find({ device: core.device, id: id! })
      const rest = () => [core.become({ held })]
      if (!item) await core.store(rest())
      else {
        const { text, atMs, replyTo, mentions = [], lifetime, files } = item
        const more = {
          ...(replyTo ? { replyTo } : {}),
          ...mentioned(mentions),
          ...living(lifetime?.seconds),
          ...(files ? { files: [...files] } : {}),
        }
        const content = { type: 'text' as const, text, atMs, ...more }
        await this.#voice.say(content, 'confirmed', rest, id as MessageId)
      }
    }
  }

  // --- what is done to what was said -----------------------------------------------------------------------------

  readonly edit: RoomClient['edit'] = async (key, text, mentions = []) => {
    checkText(text)
    await this.#core.run(async () => {
      const { item, isHeld } = await this.#own(key)
      const core = this.#core
      const named = isNote(item) ? [] : mentions
      // Nobody has it yet: it goes out as it reads then.
      if (isHeld) return core.store(await core.timeline.reword(refIn(key), text, named))
      const version = nextVersion(item.edited)
      const content = { type: 'edit' as const, of: refOf(item), version, text, atMs: core.nowMs, ...mentioned(named) }
      await this.#amend(item, content)
    })
  }

  readonly deleteMessage: RoomClient['deleteMessage'] = (key) =>
    this.#core.run(async () => {
      const { item, isHeld } = await this.#own(key)
      if (isHeld) return isNote(item) ? this.#notes.drop(item) : this.#discard(key)
      await this.#amend(item, { type: 'delete', of: refOf(item) }, this.#attachments.gone(item.files))
    })

  readonly react: RoomClient['react'] = async (key, sign, on) => {
    if (!isSign(sign)) throw new RangeError('A reaction is one emoji.')
    await this.#core.run(async () => {
      const { item } = await this.#amendable(key)
      const before = item.reactions?.find(({ person }) => person === this.#core.identity.person)
      const others = before?.signs.filter((one) => one !== sign) ?? []
      const signs = on ? [...others, sign] : others
      if (signs.length > signsAtMost) throw new RoomRefusal('too-many-signs')
      await this.#amend(item, { type: 'reaction', of: refOf(item), version: nextVersion(before), signs })
    })
  }

  /** A message that others have, or may have, and that may be changed now. `isHeld`: nobody has it. */
  async #amendable(key: string): Promise<{ item: MessageItem; isHeld: boolean }> {
    const core = this.#core
    if (core.phase.at === 'ended') throw new RoomRefusal('room-ended')
    if (!core.maySpeak) throw new RoomRefusal('not-in-room')
    const item = await core.timeline.find(refIn(key))
    if (!item || item.deleted) throw new RoomRefusal('no-such-message')
    if (isNote(item)) return { item, isHeld: this.#notes.isUndelivered(item) }
    this.#checkMaySpeak()
    const isHeld = item.device === core.device && core.self.held?.includes(item.id) === true
    // What is held has its place only when it goes out; a change of something older would go before it.
    if (!isHeld && holdsBack(core)) throw new RoomRefusal('held-back')
    return { item, isHeld }
  }

  async #own(key: string): Promise<{ item: MessageItem; isHeld: boolean }> {
    const found = await this.#amendable(key)
    if (found.item.person !== this.#core.identity.person) throw new RoomRefusal('not-own-message')
    return found
  }

  async #amend(item: MessageItem, content: Amending, gone: readonly StorageChange[] = []): Promise<void> {
    if (isNote(item)) return this.#notes.amend(item, content, gone)
    const { timeline, device, identity } = this.#core
    const id = this.#core.randomId<MessageId>()
    const changes = await timeline.amend({ from: device, person: identity.person, id, content })
    await this.#voice.say(content, 'confirmed', () => [...changes, ...gone], id)
  }

  async retry(key: string): Promise<void> {
    this.#checkMaySpeak()
    await this.#core.run(async () => {
      const { stream, timeline } = this.#core
      const item = await timeline.find(refIn(key))
      for (const id of item ? [item.id, ...changesOf(item)] : []) {
        if (stream?.rows.some((row) => row.id === id && row.refused)) await stream.retry(id as MessageId)
      }
    })
  }

  discard(key: string): Promise<void> {
    return this.#core.run(() => this.#discard(key))
  }

  async #discard(key: string): Promise<void> {
    const core = this.#core
    const { id } = refIn(key)
    const row = core.stream?.rows.find((one) => one.id === id)
    if (row && !row.refused) return // it is on its way
    const held = (core.self.held ?? []).filter((one) => one !== id)
    const files = (await core.timeline.find({ device: core.device, id }))?.files
    const gone = [
      ...(await core.timeline.remove(core.device, id)),
      ...this.#vanishing.drop(refIn(key)),
      ...this.#attachments.gone(files),
    ]
    const changes = [...gone, core.become({ held })]
    if (row) await core.stream!.discard(row.id, changes)
    else await core.store(changes)
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
    if (this.#core.phase.at === 'ended') throw new RoomRefusal('room-ended')
    if (this.#trust.blockedBy().length === 0) return
    throw new Error(
      'Somebody here has the name of a person you verified, with other keys: verify or accept them first.',
    )
  }
}

/** A message that is written down for the first time. */
type Written = Omit<MessageItem, 'type' | 'order' | 'id' | 'lifetime'> & { id: MessageId }

function living(lifetimeS: number | undefined): { lifetimeS?: number } {
  return lifetimeS === undefined ? {} : { lifetimeS }
}

function checkText(text: string): void {
  if (text !== '' && utf8(text).length <= textBytesAtMost) return
  throw new RangeError(`A message has 1 to ${textBytesAtMost} bytes: send it in parts.`)
}

function mentioned(mentions: readonly string[]): { mentions?: string[] } {
  const persons = [...new Set(mentions)].slice(0, mentionsAtMost)
  return persons.length > 0 ? { mentions: persons } : {}
}

function refOf({ device, id }: MessageItem): MessageRef {
  return { device, id: id as MessageId }
}
