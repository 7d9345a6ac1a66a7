/**
 * A group as bytes, for storage, which seals them: they hold every secret of the epoch.
 *
 * It is stored in parts, since a message changes little of it and storage sees each one:
 * - the *head*, small, with each message: whether the device was taken out, and what is above the parts of the secret tree;
 * - `epoch`, nine tenths of all, with each epoch: GroupContext, ratchet tree, key schedule, private keys, who the members are;
 * - `ratchets/<n>`: the secret tree of 32 leaves, with the messages of theirs (`secret-tree-parts.ts`).
 *
 * The parts have a name, which is made from the epoch's authenticator: the head says it and the epoch has to agree, and the
 * head names the rest by hash. So no parts of two epochs, of two ways or of two moments are ever taken for one group.
 */
import {
  CodecError,
  type DeviceId,
  equalBytes,
  fromBase64Url,
  Reader,
  readExactly,
  toBase64Url,
  Writer,
} from '@qsec/protocol'
import { decodeGroupState, encodeGroupState } from 'ts-mls'
import { codeOf } from './errors.ts'
import type { Group } from './group.ts'
import { sha256 } from './hashes.ts'
import { decodeSecretTree, encodeSecretTree } from './secret-tree-parts.ts'
import { clientConfig, type Known, knownOf, makeGroup, stateOf } from './state.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Version 1 was one piece. */
const version = 2
const nameBytes = 16
const removedFlag = 1

export interface GroupPart {
  key: string
  value: Bytes
}

interface EncodedGroup {
  head: Bytes
  parts: GroupPart[]
}

/** The name of the group's parts: the same for all of an epoch, and for nothing else. */
export function partsNameOf(group: Group): string {
  return toBase64Url(nameOf(group.authenticator))
}

/** @param stored - what stands in storage under the same name: then only those parts are given that differ from it */
export function encodeGroupParts(group: Group, stored?: Group): EncodedGroup {
  const same = stored && equalBytes(stored.authenticator, group.authenticator)
  const tree = encodeSecretTree(stateOf(group).secretTree, same ? stateOf(stored).secretTree : undefined)
  const head = new Writer()
    .u8(version)
    .raw(nameOf(group.authenticator))
    .u8(group.removed ? removedFlag : 0)
    .raw(tree.head)
    .done()
  const ratchets = tree.changed.map(({ part, value }) => ({ key: `ratchets/${part}`, value }))
  return { head, parts: same ? ratchets : [{ key: 'epoch', value: encodeEpoch(group) }, ...ratchets] }
}

/** Undefined for a head of another version, or of something else. */
export function partsNameIn(head: Uint8Array): string | undefined {
  return head[0] === version && head.length > 1 + nameBytes ? toBase64Url(head.subarray(1, 1 + nameBytes)) : undefined
}

/** Undefined where something is damaged, of another version, missing, too much, or of another epoch or moment. */
export function decodeGroupParts(head: Uint8Array, parts: readonly GroupPart[]): Group | undefined {
  try {
    const reader = new Reader(head)
    if (reader.u8() !== version) return undefined
    const name = reader.raw(nameBytes)
    const flags = reader.u8()
    const epoch = parts.find(({ key }) => key === 'epoch')
    if (!epoch || flags > removedFlag) return undefined
    const ratchets = new Map<number, Uint8Array>()
    for (const { key, value } of parts) if (key !== 'epoch') ratchets.set(numberIn(key), value)
    const { state, known } = decodeEpoch(epoch.value)
    const secretTree = decodeSecretTree(reader.rest(), ratchets)
    if (
      secretTree.length !== state.ratchetTree.length ||
      !equalBytes(nameOf(state.keySchedule.epochAuthenticator), name)
    )
      return undefined
    const groupActiveState = { kind: flags & removedFlag ? 'removedFromGroup' : 'active' } as const
    return makeGroup({ ...state, clientConfig, secretTree, groupActiveState }, known)
  } catch (error) {
    codeOf(error) // our own mistakes go on; everything else is damage
    return undefined
  }
}

/** All of it in one piece, for a group that is stored once: of few members, and before anything is said. */
export function encodeGroup(group: Group): Bytes {
  const { head, parts } = encodeGroupParts(group)
  const writer = new Writer().bytes(head, 4)
  for (const { key, value } of parts) writer.text(key, 1).bytes(value, 4)
  return writer.done()
}

export function decodeGroup(bytes: Uint8Array): Group | undefined {
  return readExactly(bytes, (reader) => {
    const head = reader.bytes(4)
    const parts: GroupPart[] = []
    while (!reader.atEnd) parts.push({ key: reader.text(1), value: reader.bytes(4) })
    return decodeGroupParts(head, parts)
  })
}

function nameOf(authenticator: Uint8Array): Bytes {
  return sha256(authenticator).slice(0, nameBytes)
}

function numberIn(key: string): number {
  const number = /^ratchets\/(0|[1-9][0-9]{0,5})$/.exec(key)?.[1]
  if (number === undefined) throw new CodecError('group: no such part')
  return Number(number)
}

// The library's own form, less what stands elsewhere.
function encodeEpoch(group: Group): Bytes {
  const { secretTree: _, ...state } = stateOf(group)
  const bytes = encodeGroupState({ ...state, secretTree: [], groupActiveState: { kind: 'active' } })
  const known = [...knownOf(group)]
  const writer = new Writer().u32(known.length)
  for (const [credential, { device, person }] of known) {
    writer.raw(fromBase64Url(credential)!).raw(fromBase64Url(device)!).raw(fromBase64Url(person)!)
  }
  const whole = writer.raw(bytes).done()
  bytes.fill(0)
  return whole
}

function decodeEpoch(bytes: Uint8Array): { state: ReturnType<typeof libraryState>; known: Known } {
  const reader = new Reader(bytes)
  const known: [string, { device: DeviceId; person: string }][] = []
  for (let left = reader.u32(); left > 0; left--) {
    const [credential, device, person] = [reader.raw(32), reader.raw(16), reader.raw(16)].map(toBase64Url)
    known.push([credential!, { device: device! as string as DeviceId, person: person! }])
  }
  return { state: libraryState(reader.rest()), known: new Map(known) }
}

function libraryState(bytes: Uint8Array): NonNullable<ReturnType<typeof decodeGroupState>>[0] {
  const hit = decodeGroupState(bytes, 0)
  if (!hit || hit[1] !== bytes.length) throw new CodecError('group: no state of the library')
  return hit[0]
}
