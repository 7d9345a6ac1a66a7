/** A Group's inside: the library's state beside it, and what both of them share. */
import { type DeviceId, equalBytes, toBase64Url } from '@qsec/protocol'
import { type ClientConfig, type ClientState, type Credential, type RatchetTree, zeroOutUint8Array } from 'ts-mls'
import { allSecretTreeValues } from 'ts-mls/secretTree.js'
import { GroupError, Refusal } from './errors.ts'
import { readGroupExtensions } from './extensions.ts'
import type { BundleSource, Group, GroupMember } from './group.ts'
import type { VerifiedBundle } from './identity.ts'

const states = new WeakMap<Group, ClientState>()

/** Who stands behind a leaf. Kept, so that a commit needs only the bundles of those whom it brings. */
export type Known = ReadonlyMap<string, { device: DeviceId; person: string }>

/** Throws for an erased group: its zeroed secrets would still "work", and anybody could read the result. */
export function stateOf(group: Group): ClientState {
  const state = states.get(group)
  if (!state) throw new GroupError('erased', 'group: it was erased')
  return state
}

export function activeStateOf(group: Group): ClientState {
  const state = stateOf(group)
  if (group.removed) throw new GroupError('removed', 'group: this device was removed from it')
  return state
}

/**
 * The library's defaults accept anyone and keep much. Here nothing is kept for skipped generations or past epochs,
 * equality goes by device, and every credential is refused unless a step brings its own check.
 */
export const clientConfig: ClientConfig = {
  keyRetentionConfig: {
    retainKeysForGenerations: 0,
    // 0 would keep all of them, since the library takes the last n by slice(-n). What 1 keeps is dropped by `settle`.
    retainKeysForEpochs: 1,
    maximumForwardRatchetSteps: 200,
  },
  lifetimeConfig: { maximumTotalLifetime: 7_776_000n, validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: {
    compareKeyPackages: (a, b) =>
      equalBytes(a.leafNode.signaturePublicKey, b.leafNode.signaturePublicKey) ||
      sameCredential(a.leafNode.credential, b.leafNode.credential),
    compareKeyPackageToLeafNode: (a, b) =>
      equalBytes(a.leafNode.signaturePublicKey, b.signaturePublicKey) ||
      sameCredential(a.leafNode.credential, b.credential),
  },
  paddingConfig: { kind: 'padUntilLength', padUntilLength: 256 },
  authService: { validateCredential: async () => false },
}

function sameCredential(a: Credential, b: Credential): boolean {
  return equalBytes(identityOf(a), identityOf(b))
}

export function identityOf(credential: Credential): Uint8Array {
  if (credential.credentialType !== 'basic') throw new Refusal('bad-credential')
  return credential.identity
}

/** The state after a commit as it is kept: no past epochs, no private keys of nodes that are no more. */
export function settle(state: ClientState): ClientState {
  const held = Object.entries(state.privatePath.privateKeys).filter(([node]) => state.ratchetTree[Number(node)])
  return {
    ...state,
    clientConfig,
    historicalReceiverData: new Map(),
    privatePath: { ...state.privatePath, privateKeys: Object.fromEntries(held) },
  }
}

export function knownOf(group: Group): Known {
  return new Map(group.members.map(({ credential, device, person }) => [toBase64Url(credential), { device, person }]))
}

export function withBundles(known: Known, bundles: readonly VerifiedBundle[]): Known {
  const next = new Map(known)
  for (const { credential, device, person } of bundles) next.set(toBase64Url(credential), { device, person })
  return next
}

export function leavesOf(tree: RatchetTree): { leaf: number; credential: Uint8Array; signatureKey: Uint8Array }[] {
  return tree.flatMap((node, i) =>
    node?.nodeType === 'leaf'
      ? [{ leaf: i / 2, credential: identityOf(node.leaf.credential), signatureKey: node.leaf.signaturePublicKey }]
      : [],
  )
}

/** Throws `Refusal` where the state is none of ours; a state that the library made from a checked commit always is. */
export function makeGroup(state: ClientState, known: Known): Group {
  const { groupId, epoch, extensions } = state.groupContext
  const said = readGroupExtensions(extensions)
  if (!said || epoch > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refusal('bad-group-context')
  const members = leavesOf(state.ratchetTree).map((leaf): GroupMember => {
    const who = known.get(toBase64Url(leaf.credential))
    if (!who) throw new Refusal('unknown-member')
    return { ...leaf, ...who }
  })
  const group: Group = Object.freeze({
    groupId,
    epoch: Number(epoch),
    ownLeaf: state.privatePath.leafIndex,
    members,
    purpose: said.purpose,
    invites: said.invites,
    settings: said.settings,
    authenticator: state.keySchedule.epochAuthenticator.slice(),
    removed: state.groupActiveState.kind !== 'active',
  })
  states.set(group, state)
  return group
}

/** The same epoch with a ratchet moved on. Everything that shows stays what it was. */
export function withSecretTree(group: Group, secretTree: ClientState['secretTree']): Group {
  const next: Group = Object.freeze({ ...group })
  states.set(next, { ...stateOf(group), secretTree })
  return next
}

/** What this device can still read of a group it was taken out of: nothing. Only erasing is left. */
export function asRemoved(group: Group): Group {
  const next: Group = Object.freeze({ ...group, removed: true })
  states.set(next, { ...stateOf(group), groupActiveState: { kind: 'removedFromGroup' } })
  return next
}

function secretsOf(state: ClientState): Uint8Array[] {
  const past = [...state.historicalReceiverData.values()]
  return [
    ...allSecretTreeValues(state.secretTree),
    ...past.flatMap((epoch) => [...allSecretTreeValues(epoch.secretTree), epoch.senderDataSecret, epoch.resumptionPsk]),
    ...Object.values<Uint8Array>({ ...state.keySchedule }),
    ...Object.values(state.privatePath.privateKeys),
    state.signaturePrivateKey,
  ].filter((secret) => secret !== undefined)
}

/**
 * Overwrites the secrets of `group`, except those that `survivor` still uses: the next value after a step that was
 * stored, or the base of a commit that lost. Any later use of `group` throws.
 */
export function eraseGroup(group: Group, survivor?: Group): void {
  const state = states.get(group)
  if (!state || group === survivor) return
  const kept = new Set(survivor ? secretsOf(stateOf(survivor)) : [])
  for (const secret of secretsOf(state)) {
    if (!kept.has(secret)) zeroOutUint8Array(secret)
  }
  states.delete(group)
}

/** Erases what a step used up, except what the state before it still holds: that goes with `eraseGroup`. */
export function eraseConsumed(consumed: readonly Uint8Array[], before: ClientState, leaf: number): void {
  const node = before.secretTree[leaf * 2]
  const held = [before.keySchedule.initSecret]
  if (node) held.push(node.application.secret, node.handshake.secret)
  for (const secret of consumed) {
    if (!held.includes(secret)) zeroOutUint8Array(secret)
  }
}

/** Answers the library's question about a leaf, and remembers which bundles it would take. */
export class LeafCheck {
  readonly missing: Uint8Array[] = []
  readonly found: VerifiedBundle[] = []
  readonly #bundles: BundleSource
  readonly #room: string

  constructor(bundles: BundleSource, group: Group['purpose']) {
    this.#bundles = bundles
    this.#room = group.kind === 'room' ? group.address : group.room
  }

  /**
   * Undefined: the leaf is who it claims to be. A missing bundle is no refusal: it is noted, so that all are asked for
   * at once, and the step ends without a result.
   */
  refusal(credential: Uint8Array, signatureKey: Uint8Array): string | undefined {
    const bundle = this.#bundles(credential)
    if (!bundle) {
      if (!this.missing.some((seen) => equalBytes(seen, credential))) this.missing.push(credential)
      return undefined
    }
    if (!equalBytes(bundle.credential, credential)) return 'wrong-bundle'
    const { record } = bundle.bundle
    if (record.room !== this.#room) return 'wrong-room'
    if (!equalBytes(record.mlsSignatureKey, signatureKey)) return 'leaf-key-mismatch'
    this.found.push(bundle)
    return undefined
  }
}
