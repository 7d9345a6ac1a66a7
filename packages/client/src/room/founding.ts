/** The group in epoch 0 that this device made for a room to be created, until the relay has said who was first. */
import { type CreateRoom, type JoinAnswer, roomKind, toBase64Url } from '@qsec/protocol'
import { createRoomGroup, decodeGroup, encodeGroup, type Group, joinPublicKeyOf } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { Provenance } from '../provenance/provenance.ts'
import type { RoomCore } from './core.ts'
import type { RoomStream } from './room-stream.ts'
import { noteTitle } from './title.ts'

export type JoinedAsMember = Extract<JoinAnswer, { state: 'member' }>

/** Begins the room's stream with a group; what to store for it comes back with it. */
export type BeginStream = (start: { group: Group; inc: JoinedAsMember['inc']; seq: number }) => {
  stream: RoomStream
  changes: StorageChange[]
}

export class Founding {
  readonly #core: RoomCore
  readonly #begin: BeginStream
  #group: Group | undefined

  readonly #provenance: Provenance

  constructor(core: RoomCore, begin: BeginStream, provenance: Provenance) {
    this.#core = core
    this.#provenance = provenance
    this.#begin = begin
  }

  async load(founding: Group | undefined): Promise<void> {
    const core = this.#core
    const stored = await core.storage.get(core.key('founding'))
    this.#group = founding ?? (stored && decodeGroup(stored))
  }

  /** What founds the room: always tried in an open one, where the first to come makes it. */
  async creation(anew = false): Promise<CreateRoom | undefined> {
    const core = this.#core
    // Who comes as another device of somebody finds a room, or it is none.
    if (core.meta.link) return undefined
    if (!this.#group && roomKind(core.address) === 'open' && (anew || !core.stream)) {
      const nonce = core.env.random(16)
      this.#group = await createRoomGroup(core.identity, {
        nonce,
        nowMs: core.nowMs,
        invites: [],
        ...(core.meta.expected === undefined ? {} : { capacity: core.meta.expected }),
      })
      await core.store([{ type: 'put', key: core.key('founding'), value: encodeGroup(this.#group) }])
    }
    if (!this.#group) return undefined
    const { invites } = this.#group
    const joinKeys = await Promise.all(
      invites.map(async ({ secret }) => toBase64Url(await joinPublicKeyOf(core.address, secret))),
    )
    const token = core.env.createToken?.()
    return {
      joinKeys,
      ...(core.meta.expected === undefined ? {} : { expected: core.meta.expected }),
      ...(token === undefined ? {} : { token }),
    }
  }

  /** The relay has this device as a member of the room in this epoch: of its own group, if that is the one it founded. */
  async onMember(answer: JoinedAsMember): Promise<void> {
    const core = this.#core
    const group = this.#group
    if (!group || answer.epoch !== group.epoch) return
    this.#group = undefined
    const start = { group, inc: answer.inc, seq: answer.seq }
    const changes: StorageChange[] = [
      { type: 'delete', key: core.key('founding') },
      core.become({ leaving: [], leaveProofs: {} }),
      core.forgetSecret(),
      // A room that begins anew is called nothing.
      ...noteTitle(core, group),
      ...this.#provenance.begin('created', group),
      ...core.timeline.tell({ type: 'created', by: core.device }, core.nowMs),
    ]
    if (core.stream) await core.stream.replaceGroup(start, changes)
    else {
      const { stream, changes: begun } = this.#begin(start)
      core.stream = stream
      await core.store([...begun, ...changes])
    }
    core.setPhase({ at: 'member' })
  }

  /** Somebody else founded this open room. */
  async giveUp(): Promise<void> {
    if (!this.#group) return
    this.#group = undefined
    await this.#core.store([{ type: 'delete', key: this.#core.key('founding') }])
  }
}
