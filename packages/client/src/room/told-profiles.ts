/** Which profiles people told this room, and whether this one is told: always inside, and only by who wants it. */
import type { DeviceId, PersonKey } from '@qsec/protocol'
import type { RoomContent } from '../content.ts'
import { personOf } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { Book } from '../trust/book.ts'
import { type ProfileContent, profilesWantedAtMost } from '../trust/content.ts'
import { hearProfile, openProfile, profileOf, tellProfile } from '../trust/profile.ts'
import type { RoomCore } from './core.ts'

/** A told profile is told again at most so often, whoever asks. */
const tellAgainMs = 3_000
/** In a larger room a newcomer asks only for profiles that it knows already: each takes 12 kB of the stream. */
const askAllUpTo = 32

export interface ToldProfilesParts {
  core: RoomCore
  book: Book
  say(content: RoomContent): Promise<void>
  personOf(device: DeviceId): string
  keysOf(device: DeviceId): readonly PersonKey[] | undefined
}

export class ToldProfiles {
  readonly #parts: ToldProfilesParts
  readonly #asked = new Set<DeviceId>()
  #own: string | undefined
  #tells = false
  #toldMs = Number.NEGATIVE_INFINITY

  constructor(parts: ToldProfilesParts) {
    this.#parts = parts
  }

  async load(): Promise<void> {
    const { core } = this.#parts
    this.#tells = (await core.storage.get(core.key('tells-profile'))) !== undefined
    this.#own = await profileOf(core.storage)
  }

  /** Fingerprint of this storage's profile; undefined while it has none. */
  get own(): string | undefined {
    return this.#own
  }

  get tells(): boolean {
    return this.#tells
  }

  /** The hint by which others know that they can ask. */
  hint(device: DeviceId): string | undefined {
    const { core, book, personOf: person } = this.#parts
    if (device === core.device) return this.#tells ? this.#own : undefined
    return book.profileOf(person(device))?.profile
  }

  async tell(on: boolean): Promise<void> {
    const { core, say } = this.#parts
    const profile = on ? await openProfile(core.env) : undefined
    await core.run(async () => {
      const key = core.key('tells-profile')
      await core.store([on ? { type: 'put', key, value: Uint8Array.of(1) } : { type: 'delete', key }])
      this.#tells = on
      core.changed()
      if (!profile) return
      this.#own = personOf(profile.keys)
      this.#toldMs = core.nowMs
      await say(await tellProfile(profile, core.identity, core.env.random))
    })
  }

  /** Somebody's name came with the hint that its profile was told. */
  onHints(hints: readonly { device: DeviceId; profile: string }[]): void {
    const { core, book, say, personOf: person } = this.#parts
    const small = core.members().length <= askAllUpTo
    const wanted = hints
      .filter(({ device, profile }) => {
        if (device === core.device || this.#asked.has(device) || book.profileOf(person(device))) return false
        return small || book.knowsProfile(profile)
      })
      .slice(0, profilesWantedAtMost)
      .map(({ device }) => device)
    if (wanted.length === 0) return
    for (const device of wanted) this.#asked.add(device)
    void core.later(() => (core.phase.at === 'member' ? say({ type: 'profiles-wanted', devices: wanted }) : undefined))
  }

  /** Undefined: it does not hold. */
  async onProfile(device: DeviceId, content: ProfileContent): Promise<StorageChange[] | undefined> {
    const { core, book } = this.#parts
    const keys = this.#parts.keysOf(device)
    const person = this.#parts.personOf(device)
    const told = keys && (await hearProfile(content, core.address, keys))
    if (!told) return undefined
    await book.loadContacts(core.storage)
    // The first one counts: a person has one profile.
    return book.profileOf(person) ? [] : book.tell(person, told)
  }

  onWanted(devices: readonly DeviceId[]): void {
    const { core } = this.#parts
    if (!this.#tells || !devices.includes(core.device)) return
    core.timers.setOnce('tell-profile', this.#toldMs + tellAgainMs - core.nowMs, () => {
      this.#toldMs = core.nowMs
      core.beside(this.#tellAgain())
    })
  }

  async #tellAgain(): Promise<void> {
    const { core, say } = this.#parts
    const content = await tellProfile(await openProfile(core.env), core.identity, core.env.random)
    await core.later(() => (this.#tells && core.phase.at === 'member' ? say(content) : undefined))
  }
}
