/** How the label of an epoch follows real commits, and what a removal changes. */
import { type DeviceId, type Incarnation, toBase64Url } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { exportSecret, type Group, type PskSource, receive } from '../crypto/index.ts'
import { type Member, nowMs, random, World } from '../crypto/test-world.ts'
import type { ClientEnv } from '../entry.ts'
import type { Transport } from '../ports.ts'
import type { Quantum } from '../quantum/quantum.ts'
import { openMemoryStorage } from '../storage/memory.ts'
import type { StreamFrame } from '../sync/session.ts'
import { RoomCore } from './core.ts'
import { effectsOf, labelNow } from './epochs.ts'
import type { CommitChange } from './room-ops.ts'
import { withAck } from './self.ts'

const uuidOf = (i: number) => `0b0e8c3c-6a51-4a63-9b58-${i.toString(16).padStart(12, '0')}`

/** What Ben's device keeps of a room, with nothing behind it that a label needs. */
function bensCore({ identity }: Member): RoomCore {
  const clock = { nowMs: () => nowMs, after: () => () => undefined }
  const connect = () => ({}) as Transport
  const env = { storage: openMemoryStorage(), random, clock, connect } as Partial<ClientEnv> as ClientEnv
  const claimed = { identity, meta: { name: 'Ben', createdMs: nowMs }, release: () => undefined }
  return new RoomCore(env, claimed, 'https://relay.example', () => undefined)
}

const quantum = { onRefreshed: () => undefined, forget: async () => undefined } as Partial<Quantum> as Quantum

class Story {
  readonly world: World
  readonly members: Member[]
  readonly core: RoomCore
  #uuids = 0
  #seq = 0

  constructor(world: World, members: Member[]) {
    this.world = world
    this.members = members
    this.core = bensCore(this.ben)
  }

  get ana(): Member {
    return this.members[0]!
  }
  get ben(): Member {
    return this.members[1]!
  }
  get label(): string {
    return labelNow(this.core, this.ben.group).label
  }

  /** Ana commits; Ben takes the effects in, as his room does, and the others follow. */
  async commit(intent: Parameters<World['commit']>[1], psks?: PskSource): Promise<Uint8Array | undefined> {
    const made = await this.world.commit(this.ana, intent)
    for (const member of this.members.slice(1)) {
      const got = await this.world.receive(member, made.frame, psks)
      if (got.kind !== 'commit') throw new Error(`receive: ${got.kind}`)
      if (member === this.ben) this.#take(got)
    }
    this.ana.group = made.next
    return made.welcome
  }

  #take(change: CommitChange): void {
    const { device } = change.sender
    const place = { inc: 'life' as Incarnation, seq: this.#seq++, epoch: change.group.epoch - 1, atMs: nowMs }
    const frame: StreamFrame = { kind: 'commit', id: 'c', device, ct: new Uint8Array(0), ...place }
    effectsOf(this.core, quantum, frame, change.group, change, undefined)
  }

  /** A star that covers everybody: shares acknowledged under pads, the secret committed, healed. */
  async star(secret: Uint8Array<ArrayBuffer> = random(32)): Promise<void> {
    const uuid = uuidOf(this.#uuids++)
    for (const { identity } of this.members.slice(1)) {
      this.core.become(withAck(this.core.self, uuid, identity.device, 'simulated'))
    }
    const id = `qkdg:${toBase64Url(this.ana.group.groupId)}:${uuid}`
    await this.commit({ psks: [{ id, secret }] }, () => secret)
    await this.commit({})
  }
}

async function covered(size: number): Promise<Story> {
  const world = new World()
  const story = new Story(world, await world.room(size))
  expect(story.label).toBe('post-quantum')
  await story.star()
  expect(story.label).toBe('quantum (simulated)')
  return story
}

it('[GS6] a star gives the label, healing keeps it, and an Add takes it away until the next complete star', async () => {
  const story = await covered(3)
  await story.commit({})
  expect(story.label).toBe('quantum (simulated)')
  const { world, ana, members } = story
  const guest = await world.device()
  const made = await world.knock(guest, ana.group.invites[0])
  const invite = ana.group.invites[0]!
  const welcome = await story.commit({ add: [made.keyPackage] })
  expect(story.label).toBe('post-quantum')
  members.push(await world.enter(guest, made, welcome!, invite))
  await story.star()
  expect(story.label).toBe('quantum (simulated)')
})

it('[GS6] so does a Remove, though all who are left had acknowledged', async () => {
  const story = await covered(3)
  const [cy] = story.members.splice(2, 1)
  await story.commit({ removeLeaves: [cy!.group.ownLeaf] })
  expect(story.label).toBe('post-quantum')
  await story.star()
  expect(story.label).toBe('quantum (simulated)')
})

it('[GS6] so does a rejoin, though the same devices are in the room as before', async () => {
  const story = await covered(3)
  const { world, members } = story
  const before = story.ben.group.members.map(({ device }): DeviceId => device).sort()
  const [cy] = members.splice(2, 1)
  const made = await world.knock(cy!.identity)
  const welcome = await story.commit({ removeLeaves: [cy!.group.ownLeaf], add: [made.keyPackage] })
  expect(story.ben.group.members.map(({ device }) => device).sort()).toEqual(before)
  expect(story.label).toBe('post-quantum')
  members.push(await world.enter(cy!.identity, made, welcome!))
  await story.star()
  expect(story.label).toBe('quantum (simulated)')
})

it('[GS7] removing a member changes all later keys, which stay out of its reach though it knows every G that follows', async () => {
  const story = await covered(3)
  const [cy] = story.members.splice(2, 1)
  const { ben, world } = story
  const keyOf = async (group: Group) =>
    Buffer.from(await exportSecret(group, 'test', new Uint8Array(0), 32)).toString('hex')
  const old = cy!.group
  const keys = [await keyOf(old)]
  const frames: Uint8Array[] = []
  const commit = world.commit.bind(world)
  world.commit = async (...args) => {
    const made = await commit(...args)
    frames.push(made.frame)
    keys.push(await keyOf(made.next))
    return made
  }
  await story.commit({ removeLeaves: [old.ownLeaf] })
  const leaked = random(32)
  for (let i = 0; i < 3; i++) await story.star(leaked)
  expect(await keyOf(ben.group)).toBe(keys.at(-1))
  expect(keys).toHaveLength(8)
  expect(new Set(keys).size).toBe(8)
  const deps = { bundles: world.bundles, psks: () => leaked }
  expect(await world.receive(cy!, frames[0]!)).toMatchObject({ kind: 'commit', selfRemoved: true })
  for (const frame of frames.slice(1)) {
    for (const state of [old, cy!.group]) expect(await receive(state, frame, deps)).toMatchObject({ kind: 'refused' })
  }
})
