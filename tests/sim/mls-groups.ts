/**
 * Real MLS for the simulation of streams: real keys, frames and Welcomes. A seed decides what happens and when, as with the
 * groups without keys; the keys are drawn anew each time, so one seed tells one story under other keys.
 */
import { fromBase64Url, toBase64Url, utf8 } from '@qsec/protocol'
import { commit, eraseGroup, type Group, join, makeKeyPackage, sha256 } from '../../packages/client/src/crypto/index.ts'
import { withRatchets } from '../../packages/client/src/crypto/secret-tree.ts'
import { stateOf } from '../../packages/client/src/crypto/state.ts'
import { nowMs, placeOfFrame, World } from '../../packages/client/src/crypto/test-world.ts'
import { decodeStoredGroup, roomOps } from '../../packages/client/src/room/room-ops.ts'
import { Serial } from '../../packages/client/src/sync/serial.ts'
import type { SessionOps, StreamFrame } from '../../packages/client/src/sync/session.ts'
import type {
  CommitPlan,
  SimApplication,
  SimChange,
  SimGroups,
  Told,
} from '../../packages/client/src/sync/testing/sim-groups.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Identity = Awaited<ReturnType<World['device']>>

export class MlsGroups implements SimGroups<Group> {
  readonly #world = new World()
  readonly #identities = new Map<string, Identity>()
  readonly #told = new Map<string, Told>()
  /** Commits that some are to find invalid, by their bytes. */
  readonly #refusedBy = new Map<string, readonly string[]>()
  /** Cryptography works on threads: one piece of it at a time, so that they end in the order in which they began. */
  readonly #queue = new Serial()
  #underWay = 0

  /** Resolves once nothing is under way. */
  readonly settle = async (): Promise<void> => {
    do {
      await this.#queue.idle()
      await new Promise<void>((resolve) => setImmediate(resolve))
    } while (this.#underWay > 0)
  }

  async #run<T>(job: () => Promise<T>): Promise<T> {
    this.#underWay++
    try {
      return await this.#queue.run(job)
    } finally {
      this.#underWay--
    }
  }

  async found(names: readonly string[]): Promise<ReadonlyMap<string, Group>> {
    const members = await this.#world.room(names.length)
    for (const [i, { identity }] of members.entries()) this.#identities.set(names[i]!, identity)
    return new Map(members.map(({ group }, i) => [names[i]!, group]))
  }

  ops(name: string, has: (what: string) => boolean): SessionOps<Group, SimApplication, SimChange> {
    const ops = roomOps(this.#world.bundles, (id) => (has(id) ? secretOf(id) : undefined))
    const { seal, receive } = ops
    return {
      ...ops,
      seal: (group, content) =>
        this.#run(async () => {
          const sealed = await seal(group, content)
          await this.#tell(group, sealed.frame, name, content.slice())
          return sealed
        }),
      receive: (group, frame) => this.#run(() => this.#receive(name, receive, group, frame)),
    }
  }

  async #receive(
    name: string,
    receive: ReturnType<typeof roomOps>['receive'],
    group: Group,
    frame: StreamFrame,
  ): ReturnType<SessionOps<Group, SimApplication, SimChange>['receive']> {
    const got = await receive(group, frame)
    switch (got.kind) {
      case 'application': {
        const { sender, content } = got.application
        const application = { sender: this.#nameOf(sender.device), content: content as Bytes }
        return { kind: 'application', group: got.group, application }
      }
      case 'commit': {
        if (this.#refusedBy.get(this.spell(frame.ct))?.includes(name)) {
          eraseGroup(got.group, group)
          return { kind: 'refused', reason: 'bad-path' }
        }
        const { sender, rejoined, removed } = got.change
        const change = {
          sender: this.#nameOf(sender.device),
          rejoined: rejoined.map((device) => this.#nameOf(device)),
          removed: removed.map(({ device }) => this.#nameOf(device)),
        }
        return { kind: 'commit', group: got.group, change }
      }
      default:
        return got
    }
  }

  readonly decode: SimGroups<Group>['decode'] = (head, partsOf) => this.#run(() => decodeStoredGroup(head, partsOf))

  sealsAt(group: Group): { secret: string; generation: number } {
    const { secretTree } = stateOf(group)
    const { generation } = withRatchets(secretTree, group.ownLeaf)[2 * group.ownLeaf]!.application
    return { secret: this.secretOf(group), generation }
  }

  secretOf(group: Group): string {
    return toBase64Url(group.authenticator)
  }

  /** Of the epoch: what opens its frames, and what leads to the next one. */
  secretsOf(group: Group): Uint8Array[] {
    const { senderDataSecret, exporterSecret, initSecret, membershipKey, confirmationKey } = stateOf(group).keySchedule
    return [senderDataSecret, exporterSecret, initSecret, membershipKey, confirmationKey]
  }

  /** The frame opens, or shows so much as who sent it. */
  async opens(group: Group, ct: string): Promise<boolean> {
    const frame = this.read(ct)
    if (group.removed) return false
    const { receive } = roomOps(this.#world.bundles, () => undefined)
    const { senderDataSecret } = stateOf(group).keySchedule
    return this.#run(async () => {
      if ((await placeOfFrame(frame, senderDataSecret)) !== undefined) return true
      return (await receive(group, { ct: frame } as StreamFrame)).kind !== 'refused'
    })
  }

  told(ct: string): Told | undefined {
    return this.#told.get(ct)
  }

  spell(frame: Uint8Array): string {
    return toBase64Url(frame)
  }

  read(ct: string): Bytes {
    return fromBase64Url(ct) ?? new Uint8Array()
  }

  commit(group: Group, plan: CommitPlan): ReturnType<SimGroups<Group>['commit']> {
    return this.#run(async () => {
      const { rejoins = [], removes = [], refusedBy = [], needs } = plan
      const leafOf = (name: string) => {
        const { device } = this.#identities.get(name)!
        return group.members.find((member) => member.device === device)?.leaf ?? []
      }
      const psk = needs === undefined ? undefined : pskIdOf(group, needs)
      const intent = {
        add: rejoins.map(({ request }) => fromBase64Url(request)!),
        removeLeaves: [...removes, ...rejoins.map(({ device }) => device)].flatMap(leafOf),
        psks: psk === undefined ? [] : [{ id: psk, secret: secretOf(psk) }],
      }
      const made = await commit(group, intent, { bundles: this.#world.bundles, nowMs })
      if (!made.ok) return undefined
      const by = group.members.find(({ leaf }) => leaf === group.ownLeaf)!
      await this.#tell(group, made.frame, this.#nameOf(by.device), undefined)
      this.#refusedBy.set(this.spell(made.frame), refusedBy)
      const welcome = made.welcome && toBase64Url(made.welcome)
      const welcomes = welcome ? rejoins.map(({ device }) => ({ to: device, ct: welcome })) : []
      return { frame: made.frame, next: made.next, welcomes }
    })
  }

  ask(name: string): Promise<{ request: string; kept: Bytes }> {
    return this.#run(async () => {
      const { keyPackage, secret } = await makeKeyPackage(this.#identities.get(name)!, { nowMs })
      return { request: toBase64Url(keyPackage), kept: secret }
    })
  }

  enter(name: string, kept: Uint8Array, welcome: string): Promise<Group | undefined> {
    return this.#run(async () => {
      const joined = await join(this.#identities.get(name)!, kept, fromBase64Url(welcome)!, {
        expect: { purpose: 'room', address: this.#world.address },
        requireInvitePsk: false,
        bundles: this.#world.bundles,
      })
      return joined.ok ? joined.group : undefined
    })
  }

  /** What a frame is, read from the frame itself and not from what its sender thought. */
  async #tell(group: Group, frame: Bytes, by: string, content: Bytes | undefined): Promise<void> {
    const place = await placeOfFrame(frame, stateOf(group).keySchedule.senderDataSecret)
    if (place?.leaf !== group.ownLeaf) throw new Error('mls-groups: sealed from another leaf')
    const { generation } = place
    const epoch = { secret: this.secretOf(group), by, generation }
    this.#told.set(
      this.spell(frame),
      content ? { type: 'application', ...epoch, content } : { type: 'commit', ...epoch },
    )
  }

  #nameOf(device: string): string {
    for (const [name, identity] of this.#identities) if (identity.device === device) return name
    throw new Error(`mls-groups: nobody is ${device}`)
  }
}

/** What every device that has it has for `id`. */
function secretOf(id: string): Bytes {
  return sha256(utf8(id))
}

function pskIdOf(group: Group, number: string): string {
  return `qkdg:${toBase64Url(group.groupId)}:00000000-0000-4000-8000-${Number(number).toString(16).padStart(12, '0')}`
}
