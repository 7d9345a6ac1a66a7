/** Devices and rooms for the tests of this folder: everybody sees every bundle, and commits go to everybody. */
import { type RoomAddress, signatureAlgorithms, toBase64Url, utf8 } from '@qsec/protocol'
import {
  type CiphersuiteName,
  type ClientState,
  createApplicationMessage,
  createCommit,
  createGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  joinGroupExternal,
  type Proposal,
} from 'ts-mls'
import { signKeyPackage } from 'ts-mls/keyPackage.js'
import { decryptSenderData } from 'ts-mls/privateMessage.js'
import { assembleCommit } from './assemble.ts'
import { pskIndexOf } from './commit.ts'
import { capabilities, groupExtensions } from './extensions.ts'
import { decodeExactly, encodeFrame } from './frames.ts'
import {
  type BundleSource,
  type CommitIntent,
  type Committed,
  closedRoomAddress,
  commit,
  createDevice,
  createRoomGroup,
  type DeviceIdentity,
  foundingSettings,
  type Group,
  type GroupPurpose,
  join,
  type LiveInvite,
  type MadeKeyPackage,
  makeKeyPackage,
  newInvite,
  type PersonKeys,
  type PskSource,
  type Received,
  receive,
  suiteNumber,
  type VerifiedBundle,
  verifyBundle,
} from './index.ts'
import { readKeyPackageSecret } from './key-package.ts'
import { personSeedBytes } from './person.ts'
import { withRatchets } from './secret-tree.ts'
import { clientConfig, makeGroup, stateOf } from './state.ts'
import { ed25519PublicKeyOf } from './suite/javascript-curves.ts'
import { mlDsa65PublicKey } from './suite/javascript-ml-dsa65.ts'
import { suite } from './suite.ts'

export const nowMs = 1_800_000_000_000
export const dayMs = 86_400_000
export const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length))

export interface Member {
  identity: DeviceIdentity
  group: Group
}

/** As `createPersonKeys` makes them, without a promise. */
function personKeysAtOnce(): PersonKeys {
  const seed = random(personSeedBytes)
  const [ed25519Seed, mlDsaSeed] = [seed.slice(0, 32), seed.slice(32)]
  const keys = [
    { algorithm: signatureAlgorithms.ed25519, key: ed25519PublicKeyOf(ed25519Seed) },
    { algorithm: signatureAlgorithms.mlDsa65, key: mlDsa65PublicKey(mlDsaSeed) },
  ]
  return { keys, seed }
}

export class World {
  readonly address: RoomAddress
  readonly nonce: Uint8Array
  readonly creatorKeys: PersonKeys
  readonly #bundles = new Map<string, VerifiedBundle>()
  readonly bundles: BundleSource = (credential) => this.#bundles.get(toBase64Url(credential))

  constructor(open?: RoomAddress) {
    this.creatorKeys = personKeysAtOnce()
    this.nonce = random(16)
    this.address = open ?? closedRoomAddress(this.creatorKeys.keys, suiteNumber, this.nonce).address
  }

  async device(options: { personKeys?: PersonKeys; room?: RoomAddress; atMs?: number } = {}): Promise<DeviceIdentity> {
    const { room = this.address, atMs = nowMs, personKeys } = options
    const identity = await createDevice({ room, nowMs: atMs, random, ...(personKeys ? { personKeys } : {}) })
    const bundle = await verifyBundle(identity.bundleBytes)
    this.#bundles.set(toBase64Url(identity.credential), bundle!)
    return identity
  }

  forget(identity: DeviceIdentity): void {
    this.#bundles.delete(toBase64Url(identity.credential))
  }

  /** The room with its creator in it and one link, if it is a closed one. */
  async found(invite: Partial<LiveInvite> = {}): Promise<Member> {
    const identity = await this.device({ personKeys: this.creatorKeys })
    const link = newInvite(random, { expiresMs: nowMs + 7 * dayMs, mode: 'link', ...invite })
    const invites = this.address.length === 22 ? [link] : []
    return { identity, group: await createRoomGroup(identity, { nonce: this.nonce, nowMs, invites }) }
  }

  knock(identity: DeviceIdentity, invite?: LiveInvite): Promise<MadeKeyPackage> {
    const shown = invite && { rid: this.address, secret: invite.secret, expiresMs: nowMs + dayMs }
    return makeKeyPackage(identity, { nowMs, ...(shown ? { invite: shown } : {}) })
  }

  async commit(by: Member, intent: CommitIntent): Promise<Extract<Committed, { ok: true }>> {
    const made = await commit(by.group, intent, { bundles: this.bundles, nowMs })
    if (!made.ok) throw new Error(`commit: ${made.reason}`)
    return made
  }

  /** Commits, lets all others receive it and the committer adopt it. */
  async apply(by: Member, others: readonly Member[], intent: CommitIntent, psks?: PskSource): Promise<Uint8Array> {
    const made = await this.commit(by, intent)
    for (const member of others) {
      if (member === by) continue
      const got = await this.receive(member, made.frame, psks)
      if (got.kind !== 'commit') throw new Error(`receive: ${got.kind} ${'reason' in got ? got.reason : ''}`)
    }
    by.group = made.next
    return made.welcome ?? new Uint8Array(0)
  }

  /** Receives and goes on with the result, where there is one. */
  async receive(member: Member, frame: Uint8Array, psks?: PskSource): Promise<Received> {
    const got = await receive(member.group, frame, { bundles: this.bundles, ...(psks ? { psks } : {}) })
    if ('group' in got) member.group = got.group
    return got
  }

  async enter(
    identity: DeviceIdentity,
    made: MadeKeyPackage,
    welcome: Uint8Array,
    invite?: LiveInvite,
  ): Promise<Member> {
    const joined = await join(identity, made.secret, welcome, {
      expect: { purpose: 'room', address: this.address },
      ...(invite ? { invite } : {}),
      requireInvitePsk: invite !== undefined,
      bundles: this.bundles,
    })
    if (!joined.ok) throw new Error(`join: ${joined.reason}`)
    return { identity, group: joined.group }
  }

  /** Admits `count` new devices in one commit. */
  async admit(by: Member, members: readonly Member[], count = 1): Promise<Member[]> {
    const invite = by.group.invites[0]
    const devices = await Promise.all(Array.from({ length: count }, () => this.device()))
    const made = await Promise.all(devices.map((device) => this.knock(device, invite)))
    const welcome = await this.apply(by, members, { add: made.map(({ keyPackage }) => keyPackage) })
    return Promise.all(devices.map((device, i) => this.enter(device, made[i]!, welcome, invite)))
  }

  /** A closed room of `size` members, the creator first. */
  async room(size: number): Promise<Member[]> {
    const creator = await this.found()
    return size === 1 ? [creator] : [creator, ...(await this.admit(creator, [creator], size - 1))]
  }
}

/** A group's state in which the library finds the ratchets of `leaf`, which it does not derive when they are wanted. */
export function libraryStateOf(group: Group, leaf: number = group.ownLeaf): ClientState {
  const state = stateOf(group)
  return { ...state, secretTree: withRatchets(state.secretTree, leaf) }
}

/** A commit that the rules would not let this member make, signed and sealed all the same. */
export async function forge(
  by: Member,
  proposals: readonly Proposal[],
  psks: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<{ frame: Uint8Array<ArrayBuffer>; welcome?: Uint8Array<ArrayBuffer> }> {
  const authService = { validateCredential: async () => true }
  const keyPackageEqualityConfig = { compareKeyPackages: () => false, compareKeyPackageToLeafNode: () => false }
  const state = stateOf(by.group)
  const lax = { ...state, clientConfig: { ...state.clientConfig, authService, keyPackageEqualityConfig } }
  return assembleCommit(lax, proposals, pskIndexOf(psks))
}

export function addOf(keyPackage: Uint8Array): Proposal {
  return { proposalType: 'add', add: { keyPackage: decodeExactly(keyPackage, 'mls_key_package').keyPackage } }
}

export function pskOf(id: string, nonceBytes = 64): Proposal {
  const preSharedKeyId = { psktype: 'external', pskId: utf8(id), pskNonce: random(nonceBytes) } as const
  return { proposalType: 'psk', psk: { preSharedKeyId } }
}

export function extensionsOf(
  group: Group,
  invites: readonly LiveInvite[],
  settings: Group['settings'] = group.settings,
): Proposal {
  const extensions = groupExtensions(group.purpose, invites, settings)
  return { proposalType: 'group_context_extensions', groupContextExtensions: { extensions } }
}

/** A KeyPackage of `identity` that shows what `shown` was given: the proof of somebody else, signed with its own key. */
export async function withProofOf(shown: Uint8Array, identity: DeviceIdentity): Promise<Uint8Array<ArrayBuffer>> {
  const { extensions } = decodeExactly(shown, 'mls_key_package').keyPackage
  const made = await makeKeyPackage(identity, { nowMs: Date.now() })
  const own = decodeExactly(made.keyPackage, 'mls_key_package').keyPackage
  const keyPackage = await signKeyPackage({ ...own, extensions }, identity.secrets.mls, suite.signature)
  return encodeFrame({ version: 'mls10', wireformat: 'mls_key_package', keyPackage })
}

/** A message from the leaf of another member, as any member can seal one who lacks only that one's signature key. */
export async function sealAs(leafIndex: number, by: Group, content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const state = libraryStateOf(by, leafIndex)
  const asOther = { ...state, privatePath: { ...state.privatePath, leafIndex } }
  const { privateMessage } = await createApplicationMessage(asOther, content, suite)
  return encodeFrame({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })
}

/** An empty commit whose path shows other keys than it gives, so that not everybody could go on from it. */
export async function bentPath(by: Group): Promise<Uint8Array<ArrayBuffer>> {
  const { deriveKeyPair } = suite.hpke
  suite.hpke.deriveKeyPair = async (ikm) => {
    const { publicKey } = await suite.hpke.generateKeyPair()
    return { ...(await deriveKeyPair(ikm)), publicKey }
  }
  try {
    return (await assembleCommit(stateOf(by), [], pskIndexOf(new Map()))).frame
  } finally {
    suite.hpke.deriveKeyPair = deriveKeyPair
  }
}

/** A commit that would begin the group anew under another suite. */
export async function reinitTo(group: Group, cipherSuite: CiphersuiteName): Promise<Uint8Array<ArrayBuffer>> {
  const plan = { groupId: random(16), version: 'mls10', cipherSuite, extensions: [] } as const
  const proposal: Proposal = { proposalType: 'reinit', reinit: { ...plan, extensions: [] } }
  const made = await createCommit({ state: libraryStateOf(group), cipherSuite: suite }, { extraProposals: [proposal] })
  return new Uint8Array(encodeMlsMessage(made.commit))
}

/** What an outsider makes of a GroupInfo that somebody leaked: a commit that adds its own leaf (RFC 9420 §12.4.3.2). */
export async function externalCommit(leakedBy: Group, outsider: DeviceIdentity): Promise<Uint8Array> {
  const state = libraryStateOf(leakedBy)
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    { credentialType: 'basic', identity: outsider.credential },
    capabilities,
    { notBefore: 0n, notAfter: 2n ** 33n },
    [],
    { publicKey: outsider.bundle.record.mlsSignatureKey, signKey: outsider.secrets.mls },
    suite,
  )
  const config = { ...state.clientConfig, authService: { validateCredential: async () => true } }
  const info = await createGroupInfoWithExternalPubAndRatchetTree(state, [], suite)
  const { publicMessage } = await joinGroupExternal(
    info,
    publicPackage,
    privatePackage,
    false,
    suite,
    state.ratchetTree,
    config,
  )
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage })
}

/** A group that claims to be for `purpose` under any id, with one device in it. */
export async function groupClaiming(
  identity: DeviceIdentity,
  purpose: GroupPurpose,
  groupId: Uint8Array,
): Promise<Group> {
  const { secret } = await makeKeyPackage(identity, { nowMs })
  const { keyPackage, privateKeys } = readKeyPackageSecret(secret, identity)!
  const settings = purpose.kind === 'room' ? foundingSettings(identity.person) : undefined
  const extensions = groupExtensions(purpose, [], settings)
  const state = await createGroup(groupId, keyPackage, privateKeys, extensions, suite, clientConfig)
  const { device, person, credential } = identity
  return makeGroup(state, new Map([[toBase64Url(credential), { device, person }]]))
}

/** Under which key of which leaf a message of this epoch was sealed, as every member can read; undefined for another's. */
export async function placeOfFrame(
  frame: Uint8Array,
  senderDataSecret: Uint8Array,
): Promise<{ leaf: number; generation: number } | undefined> {
  const { privateMessage } = decodeExactly(frame, 'mls_private_message')
  try {
    const data = await decryptSenderData(privateMessage, senderDataSecret, suite)
    return data && { leaf: data.leafIndex, generation: data.generation }
  } catch {
    return undefined // the secret of another group or epoch
  }
}
