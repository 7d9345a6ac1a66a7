/**
 * Devices that knock at closed rooms. They stand outside: none has a seat, so nothing that is said in a room reaches
 * them, and nothing that they are told depends on whether there is a room.
 */
import type { DeviceId } from '@qsec/protocol'
import type { Connection } from './connection.ts'
import type { Identity } from './identity.ts'

export interface Knocker {
  readonly connection: Connection
  readonly identity: Identity
  /** The KeyPackage that it has announced last. */
  announced?: string
}

export class Doorstep {
  /** By device, whose id says at which room. */
  readonly #knockers = new Map<DeviceId, Knocker>()

  /** As with seats, the newest connection of a device counts. */
  take(connection: Connection, identity: Identity): void {
    const earlier = this.#knockers.get(identity.device)
    if (earlier?.connection === connection) return
    this.#knockers.set(identity.device, { connection, identity })
    earlier?.connection.close()
    connection.onKnocking()
  }

  of(device: DeviceId): Knocker | undefined {
    return this.#knockers.get(device)
  }

  /** `connection` knocks no more. */
  leave(device: DeviceId, connection: Connection): void {
    if (this.#knockers.get(device)?.connection === connection) this.#knockers.delete(device)
  }
}
