/** A closed room of QSEC's own groups, in use: every second member has committed since it came. */
import {
  type BundleSource,
  commit,
  type DeviceIdentity,
  type Group,
  join,
  type MadeKeyPackage,
} from '../../packages/client/src/crypto/index.ts'
import { readKeyPackageSecret } from '../../packages/client/src/crypto/key-package.ts'
import { knownOf, makeGroup, stateOf } from '../../packages/client/src/crypto/state.ts'
import { suite } from '../../packages/client/src/crypto/suite.ts'
import { nowMs, World } from '../../packages/client/src/crypto/test-world.ts'
import { warmed } from './library-group.ts'

export interface WarmRoom {
  world: World
  founder: Group
  /** Everybody but the founder, in the order of their leaves, with what each knocked with. */
  people: { identity: DeviceIdentity; made: MadeKeyPackage }[]
  adds: Uint8Array[]
  welcome: Uint8Array
  /** The founder's and another one's view of the room in use. */
  sender: Group
  receiver: Group
}

export function bundlesOf(world: World): { bundles: BundleSource; nowMs: number } {
  return { bundles: world.bundles, nowMs }
}

export async function warmRoom(size: number): Promise<WarmRoom> {
  const world = new World()
  const { group: founder } = await world.found()
  const { people, adds } = await knock(world, founder, size - 1)
  const made = await commit(founder, { add: adds }, bundlesOf(world))
  if (!made.ok || !made.welcome) throw new Error('the first commit failed')
  const others = people.map(({ identity, made: { secret } }) => readKeyPackageSecret(secret, identity)!)
  const { sender, receiver } = await warmed(suite, stateOf(made.next), others)
  const known = knownOf(made.next)
  return {
    world,
    founder,
    people,
    adds,
    welcome: made.welcome,
    sender: makeGroup(sender, known),
    receiver: makeGroup(receiver, known),
  }
}

export async function knock(
  world: World,
  group: Group,
  count: number,
): Promise<{ people: { identity: DeviceIdentity; made: MadeKeyPackage }[]; adds: Uint8Array[] }> {
  const people: { identity: DeviceIdentity; made: MadeKeyPackage }[] = []
  for (let i = 0; i < count; i++) {
    const identity = await world.device({ personKeys: world.creatorKeys })
    people.push({ identity, made: await world.knock(identity, group.invites[0]) })
  }
  return { people, adds: people.map(({ made }) => made.keyPackage) }
}

export async function enter(
  world: World,
  group: Group,
  newcomer: { identity: DeviceIdentity; made: MadeKeyPackage },
  welcome: Uint8Array,
): Promise<Group> {
  const joined = await join(newcomer.identity, newcomer.made.secret, welcome, {
    expect: { purpose: 'room', address: world.address },
    invite: group.invites[0]!,
    requireInvitePsk: true,
    bundles: world.bundles,
  })
  if (!joined.ok) throw new Error(`join: ${joined.reason}`)
  return joined.group
}
