/** Frames, Welcomes, KeyPackages and stored groups of a real room. Whatever comes, the group stays what it was. */

import {
  decodeDeviceIdentity,
  encodeDeviceIdentity,
  readVerifiedBundle,
} from '../../packages/client/src/crypto/device.ts'
import { readGroupExtensions } from '../../packages/client/src/crypto/extensions.ts'
import { decodeExactly } from '../../packages/client/src/crypto/frames.ts'
import {
  decodeGroup,
  decodeGroupParts,
  encodeGroup,
  inspectKeyPackage,
  join,
  receive,
  seal,
  verifyBundle,
} from '../../packages/client/src/crypto/index.ts'
import { readKeyPackageSecret } from '../../packages/client/src/crypto/key-package.ts'
import { encodeLeaveProofs } from '../../packages/client/src/crypto/leave-proof.ts'
import { decodeSecretTree } from '../../packages/client/src/crypto/secret-tree-parts.ts'
import { type Member, nowMs, World } from '../../packages/client/src/crypto/test-world.ts'
import { binaryLater, mustBeSound, sameBytes, type Target } from './target.ts'

interface Stage {
  world: World
  ana: Member
  ben: Member
  /** Frames that Ben has not received. */
  message: Uint8Array
  commit: Uint8Array
  welcome: Uint8Array
  guest: Awaited<ReturnType<World['device']>>
  made: Awaited<ReturnType<World['knock']>>
  secret: Uint8Array
}

let stage: Promise<Stage> | undefined
function onStage(): Promise<Stage> {
  stage ??= setUp()
  return stage
}

async function setUp(): Promise<Stage> {
  const world = new World()
  const [ana, ben] = (await world.room(2)) as [Member, Member]
  const sealed = await seal(ana.group, new TextEncoder().encode('a message'))
  ana.group = sealed.group
  const guest = await world.device()
  const invite = ana.group.invites[0]!
  const made = await world.knock(guest, invite)
  const done = await world.commit(ana, { add: [made.keyPackage] })
  const { frame: message } = sealed
  return { world, ana, ben, message, commit: done.frame, welcome: done.welcome!, guest, made, secret: invite.secret }
}

/** The error that says: these bytes are damaged. Anything else is a fault of ours. */
const isDamage = (error: unknown) => error instanceof Error && /^(CodecError|Refusal|MlsError)$/.test(error.name)

async function expectDamage(read: () => unknown): Promise<void> {
  try {
    mustBeSound(await read())
  } catch (error) {
    if (!isDamage(error)) throw error
  }
}

export const mlsTargets: readonly Target[] = [
  {
    name: 'mls-frame',
    covers: ['decodeExactly', 'readGroupExtensions'],
    take: async (bytes) => {
      const { world, ben, message, commit } = await onStage()
      const before = encodeGroup(ben.group)
      const got = await receive(ben.group, bytes, { bundles: world.bundles })
      const isHonest = sameBytes(bytes, message) || sameBytes(bytes, commit)
      if (got.kind !== 'refused' && !isHonest) throw new Error(`a forged frame is taken as ${got.kind}`)
      if (!sameBytes(before, encodeGroup(ben.group))) throw new Error('the group has changed')
      await expectDamage(() => decodeExactly(bytes, 'mls_private_message'))
    },
    seeds: async () => {
      const { message, commit } = await onStage()
      return [message, commit]
    },
    slow: true,
  },
  {
    name: 'mls-welcome',
    covers: ['readKeyPackageSecret'],
    take: async (bytes) => {
      const { world, guest, made, welcome, secret } = await onStage()
      const entered = await join(guest, made.secret, bytes, {
        expect: { purpose: 'room' },
        invite: { secret },
        requireInvitePsk: true,
        bundles: world.bundles,
      })
      if (entered.ok && !sameBytes(bytes, welcome)) throw new Error('a forged Welcome lets in')
      mustBeSound(readKeyPackageSecret(bytes, guest))
    },
    seeds: async () => {
      const { welcome, made } = await onStage()
      return [welcome, made.secret]
    },
    slow: true,
  },
  {
    name: 'mls-key-package',
    covers: ['readKeyPackage', 'openKeyPackage'],
    take: async (bytes) => {
      const { made, guest } = await onStage()
      const said = await inspectKeyPackage(bytes, nowMs)
      // One of another room's own is none of a forger; one that names our guest and is not its own is.
      const isGuests = said && sameBytes(said.credential, guest.credential)
      if (isGuests && !sameBytes(bytes, made.keyPackage)) throw new Error('a forged KeyPackage is taken')
    },
    seeds: async () => [(await onStage()).made.keyPackage],
    slow: true,
  },
  {
    name: 'verified-bundle',
    covers: ['readVerifiedBundle'],
    take: async (bytes) => {
      const { guest } = await onStage()
      mustBeSound(readVerifiedBundle(bytes))
      const verified = await verifyBundle(bytes)
      const isGuests = verified?.person === guest.person
      if (isGuests && !sameBytes(bytes, guest.bundleBytes)) throw new Error('a forged bundle is taken')
    },
    seeds: async () => [(await onStage()).guest.bundleBytes],
    slow: true,
  },
  {
    name: 'stored-group',
    covers: ['decodeGroup', 'decodeGroupParts', 'decodeSecretTree'],
    take: async (bytes) => {
      mustBeSound(decodeGroup(bytes))
      mustBeSound(decodeGroupParts(bytes, [{ key: 'epoch', value: bytes as Uint8Array<ArrayBuffer> }]))
      await expectDamage(() => decodeSecretTree(bytes, new Map()))
    },
    seeds: async () => [encodeGroup((await onStage()).ben.group)],
    slow: true,
  },
  {
    name: 'device-identity',
    covers: ['decodeDeviceIdentity'],
    take: binaryLater(decodeDeviceIdentity, encodeDeviceIdentity),
    seeds: async () => [encodeDeviceIdentity((await onStage()).guest)],
  },
  {
    name: 'group-extensions',
    covers: ['readGroupExtensions'],
    take: (bytes) => {
      for (const extensionType of [0xf001, 0xf002, 0xf003, 0xf004, 0xf005, 0xf006]) {
        mustBeSound(readGroupExtensions([{ extensionType, extensionData: bytes as Uint8Array<ArrayBuffer> } as never]))
      }
    },
    seeds: () => [encodeLeaveProofs([]), new Uint8Array(40)],
  },
]
