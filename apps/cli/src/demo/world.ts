/** A relay of the demo's own, with a database in a temporary folder, and devices that keep everything in memory. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  createClosedRoom,
  joinRoom,
  lookAtRoom,
  parseLinkFragment,
  type RoomClient,
  returnToRoom,
  type Storage,
} from '@qsec/client'
import { type MemoryStorage, openMemoryStorage } from '@qsec/client/node'
import { parseRoomAddress, type RoomAddress } from '@qsec/protocol'
import { type ReportRecord, type RunningRelay, startRelay } from '@qsec/server'
import { CommandFailed } from '../command.ts'
import { deviceEnv } from '../device-env.ts'

export interface Actor {
  room: RoomClient
  storage: MemoryStorage
}

export class DemoWorld {
  readonly folder: string
  readonly databasePath: string
  readonly relay: RunningRelay
  /** Everything that the relay said about itself. */
  readonly reports: readonly ReportRecord[]
  readonly #rooms: RoomClient[] = []

  private constructor(folder: string, databasePath: string, relay: RunningRelay, reports: readonly ReportRecord[]) {
    this.folder = folder
    this.databasePath = databasePath
    this.relay = relay
    this.reports = reports
  }

  static async open(): Promise<DemoWorld> {
    const folder = mkdtempSync(path.join(tmpdir(), 'qsec-demo-'))
    // Also where the process is told to go in the middle of it.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    const databasePath = path.join(folder, 'qsec2.db')
    const reports: ReportRecord[] = []
    const relay = await startRelay({ port: 0, databasePath, report: (record) => reports.push(record) })
    return new DemoWorld(folder, databasePath, relay, reports)
  }

  /** Makes a closed room as `name`. */
  async create(name: string): Promise<Actor> {
    const storage = openMemoryStorage()
    return this.#acting(await createClosedRoom(deviceEnv(storage), { relayUrl: this.relay.url, name }), storage)
  }

  /** Goes in as a new person by the path and fragment of an invite link. */
  async join(name: string, invitePath: string): Promise<Actor> {
    const [, id, fragment = ''] = /^\/room\/([^#]+)(#.*)?$/.exec(invitePath) ?? []
    const address = parseRoomAddress(id)
    const secret = parseLinkFragment(fragment)
    if (!address || !secret) throw new CommandFailed('the room gave out no invite link')
    const storage = openMemoryStorage()
    return this.#acting(
      await joinRoom(deviceEnv(storage), address, { relayUrl: this.relay.url, name, secret }),
      storage,
    )
  }

  /** Goes in with a device that `storage` holds, as a thief of that storage would. */
  async comeBack(storage: Storage, address: RoomAddress): Promise<RoomClient> {
    const env = deviceEnv(storage)
    const entry = await lookAtRoom(env, address, {})
    if (entry.type !== 'known') throw new CommandFailed('the copy of the storage holds no device of the room')
    const room = await returnToRoom(env, entry.device, { relayUrl: this.relay.url })
    this.#rooms.push(room)
    return room
  }

  /** Ends devices and relay; the database stays until the process ends. */
  async close(): Promise<void> {
    await Promise.all(this.#rooms.map((room) => room.close()))
    await this.relay.close()
  }

  #acting(room: RoomClient, storage: MemoryStorage): Actor {
    this.#rooms.push(room)
    return { room, storage }
  }
}
