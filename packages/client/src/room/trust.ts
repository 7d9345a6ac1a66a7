/** Who the others are: whom this person has met and verified. It changes what is shown and said, never what is accepted. */
import type { DeviceId, PersonKey } from '@qsec/protocol'
import type { RoomContent } from '../content.ts'
import type { Group } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { PersonView, ScanResult, TrustView } from '../snapshot.ts'
import { Book, type VerifiedHow } from '../trust/book.ts'
import { compareScan, isDigits, roomCode, type SafetyNumber, safetyNumber } from '../trust/codes.ts'
import type { TrustContent } from '../trust/content.ts'
import { loadLooksFor } from '../trust/looks.ts'
import { type PersonHere, type Standing, standings } from '../trust/standing.ts'
import { Comparing } from './comparing.ts'
import type { RoomCore } from './core.ts'
import { fetchPart } from './fetch-part.ts'
import type { LinkedVerification } from './link-content.ts'
import { ToldProfiles } from './told-profiles.ts'

export interface TrustParts {
  core: RoomCore
  say(content: RoomContent): Promise<void>
  /** How people are shown has changed. */
  redraw(): void
}

export class Trust {
  readonly comparing: Comparing
  readonly profiles: ToldProfiles
  readonly #core: RoomCore
  readonly #redraw: () => void
  readonly #book: Book
  readonly #numbers = new Map<string, SafetyNumber>()
  #standings: Map<string, Standing> | undefined

  constructor({ core, say, redraw }: TrustParts) {
    this.#core = core
    this.#redraw = redraw
    this.#book = new Book(core.address)
    const keysOf = (device: DeviceId) => this.#keysOf(device)
    const personOf = (device: DeviceId) => this.personOf(device)
    this.profiles = new ToldProfiles({ core, book: this.#book, say, personOf, keysOf })
    const onAnswered = (peer: DeviceId, matched: boolean) => this.#decided(this.#confirmed(peer, 'pictures', matched))
    this.comparing = new Comparing({ core, say, keysOf, onAnswered })
  }

  async load(): Promise<void> {
    await this.#book.load(this.#core.storage)
    await this.profiles.load()
    await this.loadLooks(this.#namesKnown())
  }

  /** Before one of these names is compared with others. */
  loadLooks(names: readonly string[]): Promise<void> {
    return fetchPart(this.#core.env.clock, () => loadLooksFor(names))
  }

  #namesKnown(): string[] {
    const core = this.#core
    const told = [...core.people.values()].map(({ claim }) => claim?.name ?? '')
    return [core.meta.name, ...told, ...[...this.#book.met.values()].map(({ name }) => name)]
  }

  // --- what is drawn ---------------------------------------------------------------------------------------------

  personOf(device: DeviceId): string {
    const core = this.#core
    return device === core.device ? core.identity.person : (core.bundles.of(device)?.person ?? '')
  }

  standingOf(device: DeviceId): Standing {
    this.#standings ??= this.#stand()
    return this.#standings.get(this.personOf(device)) ?? unknown
  }

  view(person: (device: DeviceId) => PersonView): TrustView {
    const { address, stream } = this.#core
    const group = stream?.group.removed === false ? stream.group : undefined
    const comparison = this.comparing.view(person)
    return {
      ...(group
        ? { roomCode: { epoch: group.epoch, digits: roomCode(address, group.epoch, group.authenticator) } }
        : {}),
      ...(comparison ? { comparison } : {}),
      blockedBy: this.blockedBy().map(person),
      tellsProfile: this.profiles.tells,
    }
  }

  /** Who stands under the name of somebody verified, with other keys: nothing is said until the person decides. */
  blockedBy(): DeviceId[] {
    return this.#core.members().filter((device) => this.standingOf(device).wasVerified === true)
  }

  /** Whom this person has verified here, the newest first. */
  verified(): LinkedVerification[] {
    const all = [...this.#book.verifications].map(([person, { atMs, how, name }]) => ({ person, atMs, how, name }))
    return all.sort((a, b) => b.atMs - a.atMs)
  }

  safetyNumber(device: DeviceId): SafetyNumber | undefined {
    const core = this.#core
    const keys = this.#keysOf(device)
    const person = this.personOf(device)
    if (!keys || person === core.identity.person) return undefined
    let number = this.#numbers.get(person)
    if (!number) {
      number = safetyNumber(core.address, core.identity.bundle.personKeys, keys)
      this.#numbers.set(person, number)
    }
    return number
  }

  // --- what the person does --------------------------------------------------------------------------------------

  async scan(device: DeviceId, shown: string): Promise<ScanResult> {
    const number = this.safetyNumber(device)
    const result = number ? compareScan(number, shown) : 'not-a-code'
    const how = isDigits(shown) ? 'number' : 'scan'
    if (result === 'match' || result === 'mismatch') await this.confirm(device, how, result === 'match')
    return result
  }

  /** The person has compared codes with that device's owner, and this is what it saw. */
  confirm(device: DeviceId, how: VerifiedHow, matched: boolean): Promise<void> {
    return this.#core.run(() => this.#decided(this.#confirmed(device, how, matched)))
  }

  /** The person knows of the changed keys and goes on without verifying them. */
  accept(device: DeviceId): Promise<void> {
    const core = this.#core
    return core.run(() => this.#decided(this.#after(this.#book.accept(this.personOf(device), core.nowMs))))
  }

  // --- what happens in the room ----------------------------------------------------------------------------------

  /** Members or names have changed: notes whom this person meets, and tells of changed keys once. */
  notice(group: Group | undefined = this.#core.stream?.group): StorageChange[] {
    const core = this.#core
    if (!group) return []
    this.comparing.remember(group)
    const changes: StorageChange[] = []
    for (const { device, person } of group.members) {
      const name = core.people.get(device)?.claim?.name
      if (name === undefined || person === core.identity.person || this.#book.meeting(person)) continue
      changes.push(...this.#book.meet(person, { firstMs: core.nowMs, name }))
    }
    this.#standings = undefined
    for (const { device, person } of group.members) {
      const meeting = this.#book.meeting(person)
      const { trust, wasVerified = false } = this.standingOf(device)
      if (trust !== 'changed' || !meeting || meeting.told) continue
      const { firstMs, name } = meeting
      changes.push(...this.#book.meet(person, { firstMs, name, told: true }))
      changes.push(...core.timeline.tell({ type: 'keys-changed', person: device, wasVerified }, core.nowMs))
    }
    return this.#after(changes)
  }

  async onContent(device: DeviceId, content: TrustContent): Promise<StorageChange[]> {
    switch (content.type) {
      case 'compare':
        this.comparing.onContent(device, content)
        return []
      case 'profile': {
        const changes = await this.profiles.onProfile(device, content)
        if (changes) return this.#after(changes)
        return this.#core.timeline.tell({ type: 'unreadable', from: device, reason: 'bad-profile' }, this.#core.nowMs)
      }
      case 'profiles-wanted':
        this.profiles.onWanted(content.devices)
        return []
    }
  }

  // --- the rest --------------------------------------------------------------------------------------------------

  #confirmed(device: DeviceId, how: VerifiedHow, matched: boolean): StorageChange[] {
    const core = this.#core
    const keys = this.#keysOf(device)
    const person = this.personOf(device)
    if (!keys || person === core.identity.person) return []
    const name = core.people.get(device)?.claim?.name ?? ''
    const event = { type: 'compared', person: device, matched, how } as const
    const changes = matched ? this.#book.verify(person, keys, how, name, core.nowMs) : this.#book.doubt(person)
    return this.#after([...changes, ...core.timeline.tell(event, core.nowMs)])
  }

  /** What was written before the keys changed may go now. */
  async #decided(changes: StorageChange[]): Promise<void> {
    await this.#core.store(changes)
    await this.#core.stream?.retryBlocked()
  }

  #after(changes: StorageChange[]): StorageChange[] {
    this.#standings = undefined
    this.#redraw()
    return changes
  }

  #stand(): Map<string, Standing> {
    const core = this.#core
    const members = new Set(core.members())
    const known = new Set([...core.people.keys(), ...members, core.device])
    const people = [...known].map((device): PersonHere => {
      const self = device === core.device
      const name = self ? core.meta.name : (core.people.get(device)?.claim?.name ?? '')
      return { person: this.personOf(device), name, here: self || members.has(device) }
    })
    return standings(people, this.#book, { person: core.identity.person, profile: this.profiles.own })
  }

  #keysOf(device: DeviceId): readonly PersonKey[] | undefined {
    const core = this.#core
    return device === core.device ? core.identity.bundle.personKeys : core.bundles.of(device)?.bundle.personKeys
  }
}

const unknown: Standing = { trust: 'new', lookalike: false }
