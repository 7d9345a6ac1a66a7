/** The members of a room, and which persons they are: looking one up takes the same time in a full room and an empty one. */
import type { DeviceId } from '@qsec/protocol'
import type { Identity } from './identity.ts'

export class Members extends Map<DeviceId, Identity> {
  // Made when it is first needed, since a Map is filled before the fields of its heirs are there.
  #devicesOf: Map<string, number> | undefined

  override set(device: DeviceId, identity: Identity): this {
    this.delete(device)
    this.#count(identity.person, 1)
    return super.set(device, identity)
  }

  override delete(device: DeviceId): boolean {
    const known = this.get(device)
    if (known) this.#count(known.person, -1)
    return super.delete(device)
  }

  override clear(): void {
    this.#devicesOf = undefined
    super.clear()
  }

  hasPerson(person: string): boolean {
    return this.#devicesOf?.has(person) === true
  }

  #count(person: string, change: 1 | -1): void {
    this.#devicesOf ??= new Map()
    const count = (this.#devicesOf.get(person) ?? 0) + change
    if (count > 0) this.#devicesOf.set(person, count)
    else this.#devicesOf.delete(person)
  }
}
