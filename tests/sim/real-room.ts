/** The real relay's room without its sockets, asked as the simulated relay is: for the contract that both keep. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type Answer,
  type Base64Url,
  type CommitEvent,
  commitNackSignedBytes,
  type DeviceId,
  fromBase64Url,
  type Incarnation,
  type JoinAnswer,
  type MessageId,
  type Ordered,
  type RoomAddress,
  toBase64Url,
  type WelcomeEvent,
} from '@qsec/protocol'
import type { CommitParts, RelayEvent } from '../../packages/client/src/sync/testing/sim-relay.ts'
import { defaultLimits } from '../../packages/server/src/limits.ts'
import { takeAnnouncement } from '../../packages/server/src/room/announce.ts'
import { takeCommit, takeCommitAck, takeCommitNack } from '../../packages/server/src/room/commits.ts'
import type { Connection, Seat } from '../../packages/server/src/room/connection.ts'
import { DeviceLinks } from '../../packages/server/src/room/device-links.ts'
import { Doorstep } from '../../packages/server/src/room/doorstep.ts'
import { HeldPieces } from '../../packages/server/src/room/held-pieces.ts'
import { readIdentity } from '../../packages/server/src/room/identity.ts'
import { takeMessage } from '../../packages/server/src/room/messages.ts'
import type { Room } from '../../packages/server/src/room/room.ts'
import { Rooms } from '../../packages/server/src/room/rooms.ts'
import { disconnect, enter } from '../../packages/server/src/room/seats.ts'
import { insertRoom, putMember } from '../../packages/server/src/store/changes.ts'
import { Store } from '../../packages/server/src/store/store.ts'
import { KeptTotal } from '../../packages/server/src/stream/kept.ts'
import { RingBudget } from '../../packages/server/src/stream/ring-budget.ts'
import { Tally } from '../../packages/server/src/tally.ts'
import { random, sha256, signWith, TestDevice } from '../../packages/server/test/device.ts'

// No verdict comes from time alone here: what decides is what devices do.
const hourMs = 3_600_000

export class RealRoom {
  readonly devices: readonly TestDevice[]
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'qsec-contract-'))
  readonly #address: RoomAddress
  readonly #limits: typeof defaultLimits
  readonly #seats = new Map<string, { connection: Connection; seat: Seat | undefined }>()
  /** Welcomes that were handed over and not acknowledged. */
  readonly #taken = new Map<string, () => void>()
  #store: Store | undefined
  #room: Room | undefined

  private constructor(devices: number, ringFrames: number) {
    this.#address = random(16) as string as RoomAddress
    this.devices = Array.from({ length: devices }, () => new TestDevice(this.#address))
    this.#limits = { ...defaultLimits, ringFrames, commitStandsMs: hourMs, userListMs: hourMs, gatherMs: 0 }
  }

  /** A room of so many members, in epoch 1. */
  static async open(devices: number, ringFrames: number): Promise<RealRoom> {
    const real = new RealRoom(devices, ringFrames)
    const rooms = await real.#start()
    const address = real.#address
    const leader = real.devices[0]!.id
    const room = rooms.create({ address, leader, expected: undefined, joinKeys: [], epoch: 1 })
    const place = room.main.placeOnDisk(1, undefined)
    const members = real.devices.map(({ bundle }) => readIdentity(bundle)!)
    await room.core.store.durable(
      insertRoom(address, { expected: undefined, joinKeys: [], leader, nowMs: Date.now() }),
      ...members.map(({ device, bundle }) => putMember(address, device, bundle, 'member')),
      place.change,
    )
    place.marked()
    for (const identity of members) room.members.set(identity.device, identity)
    real.#room = room
    return real
  }

  get position(): { inc: Incarnation; epoch: number; seq: number } {
    return this.#room!.main.stream.position
  }

  /** Requests that nobody has answered, by device. */
  get waiting(): { device: string; request: string }[] {
    const { requests } = this.#room!
    return [...requests].map(([device, { keyPackage: request }]) => ({ device, request })).sort(byDevice)
  }

  get pending(): { seq: number; epoch: number; ct: string } | undefined {
    const { stream } = this.#room!.main
    const { pending } = stream
    return pending && { ...pending, ct: stream.recent.find(({ seq }) => seq === pending.seq)!.ct }
  }

  async join(
    device: string,
    inc: string,
    seq: number,
    listen: (event: RelayEvent) => void,
  ): Promise<Answer<JoinAnswer>> {
    const { bundle } = this.#device(device)
    const known = this.#seats.get(device) ?? { connection: this.#connection(device, listen), seat: undefined }
    this.#seats.set(device, known)
    const entrant = {
      connection: known.connection,
      identity: readIdentity(bundle)!,
      provenJoinKey: undefined,
      knocks: false,
    }
    const room = this.#room!
    const answer = await room.mailbox.run(
      () =>
        new Promise<Answer<JoinAnswer>>((resolve, reject) => {
          const join = { room: this.#address, inc: inc as Incarnation, seq }
          enter(room, entrant, join, resolve).catch(reject)
        }),
    )
    await this.#quiet()
    return answer
  }

  async leave(device: string): Promise<void> {
    const seat = this.#seats.get(device)?.seat
    this.#seats.delete(device)
    this.#taken.delete(device)
    if (seat) disconnect(this.#room!, seat, { fellSilent: false })
    await this.#quiet()
  }

  async send(device: string, id: string, epoch: number, n: number, ct: string): Promise<Answer<Ordered> | undefined> {
    const message = { room: this.#address, id: id as MessageId, epoch, n, ct: ct as Base64Url }
    return this.#asked(device, (room, seat) => takeMessage(room, seat, 'encrypted_message', message))
  }

  async commit(
    device: string,
    { id, epoch, ct, welcomes, removed }: CommitParts,
  ): Promise<Answer<Ordered> | undefined> {
    const event: CommitEvent = {
      room: this.#address,
      id: id as MessageId,
      epoch,
      ct: ct as Base64Url,
      welcomes: welcomes.map((one) => ({ to: [one.to as DeviceId], ct: one.ct as Base64Url })),
      bundles: [],
      removed: removed as DeviceId[],
    }
    return this.#asked(device, (room, seat) => takeCommit(room, seat, event))
  }

  async acknowledge(device: string, seq: number): Promise<void> {
    await this.#asked(device, (room, seat) => takeCommitAck(room, seat, { room: this.#address, seq }))
  }

  async refuse(device: string, { seq, epoch, ct }: { seq: number; epoch: number; ct: string }): Promise<void> {
    const hash = sha256(fromBase64Url(ct)!)
    const refusal = { room: this.#address, seq, epoch, reason: 'policy' }
    const signature = signWith(this.#device(device).leaf, commitNackSignedBytes({ ...refusal, hash }))
    const event = { ...refusal, hash: toBase64Url(hash), signature }
    await this.#asked(device, (room, seat) => takeCommitNack(room, seat, event))
  }

  async ask(device: string, request: string): Promise<void> {
    const event = { room: this.#address, request: request as Base64Url }
    await this.#asked(device, (room, seat) => takeAnnouncement(room, seat, event))
  }

  async hasWelcome(device: string): Promise<void> {
    this.#taken.get(device)?.()
    await this.#quiet()
  }

  /** Everything in memory is gone. */
  async restart(): Promise<void> {
    this.#room!.end()
    this.#seats.clear()
    this.#taken.clear()
    await this.#store!.close()
    const rooms = await this.#start()
    this.#room = rooms.get(this.#address)!
  }

  async close(): Promise<void> {
    this.#room!.end()
    await this.#store!.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #start(): Promise<Rooms> {
    const [now, limits] = [Date.now, this.#limits]
    const none = () => undefined
    const [onLogLines, onWrite, report] = [none, none, none]
    const { gatherMs, logGatherMs, eraseMs, databasePages: pagesAtMost } = limits
    const file = path.join(this.#folder, 'relay.db')
    const times = { gatherMs, logGatherMs, eraseMs }
    const store = await Store.open({ file, now, ...times, pagesAtMost, onLogLines, onWrite, report })
    this.#store = store
    const budget = new RingBudget(limits.ringBytesInAll)
    const links = new DeviceLinks(now, { lifetimeMs: limits.deviceLinkLifetimeMs, atMost: limits.deviceLinks })
    const shared = { kept: new KeptTotal(), doorstep: new Doorstep(), pieces: new HeldPieces(limits, now) }
    const core = { store, limits, now, budget, links, tally: new Tally(), report, push: undefined, ...shared }
    const rooms = new Rooms(core)
    await rooms.restore(await store.readRooms())
    return rooms
  }

  #device(id: string): TestDevice {
    return this.devices.find((device) => device.id === id)!
  }

  /** What a connected device asks; undefined where it is not in the room. */
  async #asked<T>(device: string, ask: (room: Room, seat: Seat) => T | Promise<T>): Promise<T | undefined> {
    const seat = this.#seats.get(device)?.seat
    if (!seat) return undefined
    const answer = await this.#room!.mailbox.run(() => ask(this.#room!, seat))
    await this.#quiet()
    return answer
  }

  /** Once every task of the room that follows from another has run. */
  async #quiet(): Promise<void> {
    for (let i = 0; i < 4; i++) await this.#room!.mailbox.run(() => undefined)
  }

  #connection(device: string, listen: (event: RelayEvent) => void): Connection {
    const forget = () => {
      this.#seats.delete(device)
    }
    return {
      emit: (name, payload, taken) => {
        if (name !== 'welcome') return
        const { inc, seq, ct } = payload as WelcomeEvent
        this.#taken.set(device, () => taken?.())
        listen({ type: 'welcome', welcome: { to: device, ct, inc, seq } })
      },
      emitEncoded: ({ packet }) => {
        const event = told(JSON.parse(packet.slice(1)))
        if (event) listen(event)
      },
      close: forget,
      expectReplay: () => undefined,
      onSeated: (seat) => {
        const known = this.#seats.get(device)
        if (known) known.seat = seat
      },
      onKnocking: () => undefined,
      onUnseated: forget,
    }
  }
}

const byDevice = (a: { device: string }, b: { device: string }) => (a.device < b.device ? -1 : 1)

// biome-ignore lint/suspicious/noExplicitAny: what the relay itself has just encoded
function told([name, payload]: [string, any]): RelayEvent | undefined {
  switch (name) {
    case 'encrypted_message':
    case 'commit': {
      const { inc, seq, epoch, id, device, ct } = payload
      const kind = name === 'commit' ? 'commit' : 'message'
      return { type: 'frame', frame: { kind, inc, seq, epoch, id, device, ct, atMs: 0 } }
    }
    case 'commit_stands':
      return { type: 'stands', seq: payload.seq }
    case 'commit_nack':
      return { type: 'withdrawn', seq: payload.seq }
    default:
      return undefined
  }
}
