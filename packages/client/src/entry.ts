/** The ways into a room, as applications call them. */
import type { DeviceId, RoomAddress } from '@qsec/protocol'
import type { Clock, Locks, QuantumEngine, SecureRandom, Storage, Transport } from './ports.ts'

/** What surrounds a device: everything it needs from outside. */
export interface ClientEnv {
  storage: Storage
  locks: Locks
  clock: Clock
  random: SecureRandom
  connect(relayUrl: string): Transport
  /** The relay operator's token for making rooms, if this device was given one. Kept in memory by whoever has it. */
  createToken?(): string | undefined
  /** Where the BB84 runs of one room are computed. The room closes it. */
  openQuantum(): QuantumEngine
  /** Hears of a fault of our own that ended a room on this device, for whoever maintains it. Holds no secret. */
  onFault?(error: unknown): void
}

/** This tab's memory of which device it is, in sessionStorage; a program that is one device needs none. */
export interface TabMemory {
  get(room: RoomAddress): DeviceId | undefined
  set(room: RoomAddress, device: DeviceId): void
}
