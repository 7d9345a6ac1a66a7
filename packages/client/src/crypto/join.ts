/** Coming in by a Welcome (RFC 9420 §12.4.3.1). */
import { equalBytes, limits } from '@qsec/protocol'
import type { ClientState, GroupInfo, KeyPackage, LeafIndex, PrivateKeyPackage, RatchetTree, Welcome } from 'ts-mls'
import { zeroOutUint8Array } from 'ts-mls'
import { ratchetTreeFromExtension, verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js'
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js'
import { deriveKeySchedule } from 'ts-mls/keySchedule.js'
import { encodeLeafNode, type LeafNode } from 'ts-mls/leafNode.js'
import { pathToRoot } from 'ts-mls/pathSecrets.js'
import { mergePrivateKeyPaths, toPrivateKeyPath } from 'ts-mls/privateKeyPath.js'
import { accumulatePskSecret } from 'ts-mls/pskIndex.js'
import { leafToNodeIndex, leafWidth, toLeafIndex } from 'ts-mls/treemath.js'
import { firstCommonAncestor } from 'ts-mls/updatePath.js'
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js'
import { pskIndexOf } from './commit.ts'
import { codeOf, Refusal } from './errors.ts'
import { fitsGroupId, readGroupExtensions } from './extensions.ts'
import { decodeExactly } from './frames.ts'
import type { BundleSource, Group, GroupPurpose, JoinExpectation, Joined } from './group.ts'
import type { DeviceIdentity } from './identity.ts'
import { inviteIdOf, linkPsk, linkPskId } from './invite.ts'
import { readKeyPackageSecret } from './key-package.ts'
import { recordingSuite } from './path-keys.ts'
import { newSecretTree } from './secret-tree.ts'
import { clientConfig, identityOf, LeafCheck, leavesOf, makeGroup, settle, withBundles } from './state.ts'
import { kdfBytes, suite, suiteName } from './suite.ts'
import { validateTree } from './tree.ts'

/**
 * Opens a Welcome with the private half of the KeyPackage it is for. Delete that half afterwards.
 *
 * With `requireInvitePsk` the link's key must really have been used: only somebody with the link can then have made
 * the group, and a relay that exchanged the KeyPackage has nothing. Without it (a rejoin, an open room, a pair group)
 * no PSK is taken at all. With `signers` the group must be handed over by one of these devices of the very same person.
 */
export async function join(
  identity: DeviceIdentity,
  keyPackageSecret: Uint8Array,
  welcome: Uint8Array,
  options: {
    expect: JoinExpectation
    invite?: { secret: Uint8Array }
    requireInvitePsk: boolean
    bundles: BundleSource
    signers?: readonly string[]
  },
): Promise<Joined> {
  try {
    if (welcome.length > limits.welcomeBytes) throw new Refusal('too-large')
    const message = decodeExactly(welcome, 'mls_welcome').welcome
    const own = readKeyPackageSecret(keyPackageSecret, identity)
    if (!own || !isOwn(identity, own.keyPackage)) throw new Refusal('bad-key-package')
    const psks = expectedPsks(identity, options)
    const { groupInfo, joinerSecret, pskSecret, pathSecret } = await openWelcome(message, own, psks)

    const purpose = checkContext(identity, groupInfo, options.expect)
    const tree = ratchetTreeFromExtension(groupInfo)
    if (!tree) throw new Refusal('bad-tree')
    const check = new LeafCheck(options.bundles, purpose)
    for (const { credential, signatureKey } of leavesOf(tree)) {
      const refusal = check.refusal(credential, signatureKey)
      if (refusal) throw new Refusal(refusal)
    }
    if (check.missing.length > 0) return { ok: false, reason: 'missing-bundles', missing: check.missing }
    await validateTree(tree, groupInfo.groupContext)
    const state = await enter(groupInfo, tree, own, { joinerSecret, pskSecret, pathSecret })
    const group = makeGroup(settle(state), withBundles(new Map(), check.found))
    if (options.signers && !isHandedOverBy(group, groupInfo.signer, options.signers))
      throw new Refusal('not-own-device')
    if (purpose.kind === 'pair') {
      const [first, second] = purpose.devices
      const fits = group.members.length === 2 && group.members[0]!.device === first
      if (!fits || group.members[1]!.device !== second || second !== identity.device) throw new Refusal('not-the-peer')
    }
    if (purpose.kind === 'conversation') {
      const persons = new Set(group.members.map(({ person }) => person))
      const bothAlone = persons.size === 2 && purpose.persons.every((person) => persons.has(person))
      if (!bothAlone) throw new Refusal('not-of-the-two')
    }
    return { ok: true, group }
  } catch (error) {
    return { ok: false, reason: codeOf(error) }
  }
}

/** The signature of the GroupInfo by that leaf is checked already. */
function isHandedOverBy(group: Group, signer: number, devices: readonly string[]): boolean {
  const own = group.members.find(({ leaf }) => leaf === group.ownLeaf)
  const by = group.members.find(({ leaf }) => leaf === signer)
  return by !== undefined && by.person === own?.person && devices.includes(by.device)
}

function isOwn(identity: DeviceIdentity, { leafNode }: KeyPackage): boolean {
  const { mlsSignatureKey } = identity.bundle.record
  return (
    equalBytes(identityOf(leafNode.credential), identity.credential) &&
    equalBytes(leafNode.signaturePublicKey, mlsSignatureKey)
  )
}

function expectedPsks(
  identity: DeviceIdentity,
  options: { invite?: { secret: Uint8Array }; requireInvitePsk: boolean },
): Map<string, Uint8Array> {
  if (!options.requireInvitePsk) return new Map()
  if (!options.invite) throw new Refusal('link-psk-missing')
  const { secret } = options.invite
  return new Map([[linkPskId(identity.room, inviteIdOf(secret)), linkPsk(identity.room, secret)]])
}

interface OpenedWelcome {
  groupInfo: GroupInfo
  joinerSecret: Uint8Array
  pskSecret: Uint8Array
  pathSecret: Uint8Array | undefined
}

/** Takes exactly the PSKs that are expected: one too many is as wrong as one too few. */
async function openWelcome(
  welcome: Welcome,
  own: { keyPackage: KeyPackage; privateKeys: PrivateKeyPackage },
  psks: ReadonlyMap<string, Uint8Array>,
): Promise<OpenedWelcome> {
  if (welcome.cipherSuite !== suiteName) throw new Refusal('wrong-suite')
  const ref = await makeKeyPackageRef(own.keyPackage, suite.hash)
  const initKey = await suite.hpke.importPrivateKey(own.privateKeys.initPrivateKey)
  const secrets = await decryptGroupSecrets(initKey, ref, welcome, suite.hpke)
  if (!secrets) throw new Refusal('bad-frame')
  const wanted = pskIndexOf(psks)
  if (secrets.psks.length < psks.size) throw new Refusal('link-psk-missing')
  const known = secrets.psks.every((id) => wanted.findPsk(id) !== undefined && id.pskNonce.length === kdfBytes)
  if (!known || secrets.psks.length > psks.size) throw new Refusal('psk-unasked')
  const [pskSecret] = await accumulatePskSecret(secrets.psks, wanted, suite, new Uint8Array(kdfBytes))
  const groupInfo = await decryptGroupInfo(welcome, secrets.joinerSecret, pskSecret, suite)
  if (!groupInfo) throw new Refusal('bad-frame')
  return { groupInfo, joinerSecret: secrets.joinerSecret, pskSecret, pathSecret: secrets.pathSecret }
}

function checkContext(identity: DeviceIdentity, groupInfo: GroupInfo, expect: JoinExpectation): GroupPurpose {
  const { groupContext, extensions } = groupInfo
  if (groupContext.version !== 'mls10' || groupContext.cipherSuite !== suiteName) throw new Refusal('wrong-suite')
  // The tree comes inside, and an external_pub that would let strangers in is never handed out.
  if (extensions.length !== 1 || extensions[0]!.extensionType !== 'ratchet_tree') throw new Refusal('bad-frame')
  const said = readGroupExtensions(groupContext.extensions)
  if (!said) throw new Refusal('bad-group-context')
  const { purpose } = said
  if (purpose.kind !== expect.purpose) throw new Refusal('wrong-purpose')
  const room = purpose.kind === 'room' ? purpose.address : purpose.room
  if (room !== identity.room || (expect.address !== undefined && room !== expect.address)) {
    throw new Refusal('wrong-room')
  }
  if (!fitsGroupId(purpose, groupContext.groupId)) throw new Refusal('wrong-room')
  return purpose
}

/** Looked for by its signature key, which no other leaf has; then it must be the very leaf. */
function leafIn(tree: RatchetTree, leaf: LeafNode): LeafIndex | undefined {
  const index = tree.findIndex(
    (node) => node?.nodeType === 'leaf' && equalBytes(node.leaf.signaturePublicKey, leaf.signaturePublicKey),
  )
  const node = tree[index]
  if (node?.nodeType !== 'leaf' || !equalBytes(encodeLeafNode(node.leaf), encodeLeafNode(leaf))) return undefined
  return toLeafIndex(index / 2)
}

async function enter(
  groupInfo: GroupInfo,
  tree: RatchetTree,
  own: { keyPackage: KeyPackage; privateKeys: PrivateKeyPackage },
  secrets: { joinerSecret: Uint8Array; pskSecret: Uint8Array; pathSecret: Uint8Array | undefined },
): Promise<ClientState> {
  const { groupContext, confirmationTag, signer } = groupInfo
  const { joinerSecret, pskSecret, pathSecret } = secrets
  const ownLeaf = leafIn(tree, own.keyPackage.leafNode)
  if (ownLeaf === undefined || ownLeaf === signer) throw new Refusal('own-leaf-missing')
  const signerNode = tree[leafToNodeIndex(toLeafIndex(signer))]
  if (signerNode?.nodeType !== 'leaf') throw new Refusal('unknown-sender')
  if (!(await verifyGroupInfoSignature(groupInfo, signerNode.leaf.signaturePublicKey, suite.signature))) {
    throw new Refusal('bad-signature')
  }
  const [keySchedule, encryptionSecret] = await deriveKeySchedule(joinerSecret, pskSecret, groupContext, suite.kdf)
  if (!(await verifyGroupInfoConfirmationTag(groupInfo, joinerSecret, pskSecret, suite))) {
    throw new Refusal('bad-confirmation-tag')
  }
  const leafOnly = {
    leafIndex: ownLeaf,
    privateKeys: { [leafToNodeIndex(ownLeaf)]: own.privateKeys.hpkePrivateKey },
  }
  const { recorder, provesPath } = recordingSuite()
  const privatePath = pathSecret ? await pathFrom(pathSecret) : leafOnly
  const state: ClientState = {
    groupContext,
    ratchetTree: tree,
    privatePath,
    signaturePrivateKey: own.privateKeys.signaturePrivateKey,
    confirmationTag,
    unappliedProposals: {},
    keySchedule,
    secretTree: newSecretTree(leafWidth(tree.length), encryptionSecret),
    historicalReceiverData: new Map(),
    groupActiveState: { kind: 'active' },
    clientConfig,
  }
  if (!provesPath({ privatePath: leafOnly }, state)) throw new Refusal('bad-path')
  const spent = [encryptionSecret, joinerSecret, pskSecret, own.privateKeys.initPrivateKey]
  for (const secret of pathSecret ? [...spent, pathSecret] : spent) zeroOutUint8Array(secret)
  return state

  async function pathFrom(secret: Uint8Array): Promise<ClientState['privatePath']> {
    const shared = firstCommonAncestor(tree, ownLeaf!, toLeafIndex(signer))
    const pathSecrets = await pathToRoot(tree, shared, secret.slice(), suite.kdf)
    const derived = await toPrivateKeyPath(pathSecrets, ownLeaf!, recorder)
    for (const spentSecret of Object.values(pathSecrets)) zeroOutUint8Array(spentSecret)
    return mergePrivateKeyPaths(derived, leafOnly)
  }
}
