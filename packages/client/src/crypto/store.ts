/** A group as bytes, for storage, which seals them: they hold every secret of the epoch. */
import { concatBytes, type DeviceId, fromBase64Url, readExactly, toBase64Url, Writer } from '@qsec/protocol'
import { type ClientState, decodeGroupState } from 'ts-mls'
import { encode } from 'ts-mls/codec/tlsEncoder.js'
import { bigintMapEncoder, varLenDataEncoder } from 'ts-mls/codec/variableLength.js'
import { epochReceiverDataEncoder } from 'ts-mls/epochReceiverData.js'
import { groupActiveStateEncoder } from 'ts-mls/groupActiveState.js'
import { groupContextEncoder } from 'ts-mls/groupContext.js'
import { keyScheduleEncoder } from 'ts-mls/keySchedule.js'
import { privateKeyPathEncoder } from 'ts-mls/privateKeyPath.js'
import { encodeRatchetTree } from 'ts-mls/ratchetTree.js'
import { secretTreeEncoder } from 'ts-mls/secretTree.js'
import { unappliedProposalsEncoder } from 'ts-mls/unappliedProposals.js'
import { codeOf } from './errors.ts'
import type { Group } from './group.ts'
import { clientConfig, type Known, knownOf, makeGroup, stateOf } from './state.ts'

const version = 1

export function encodeGroup(group: Group): Uint8Array<ArrayBuffer> {
  const state = stateOf(group)
  const before = concatBytes(
    encode(groupContextEncoder)(state.groupContext),
    encode(keyScheduleEncoder)(state.keySchedule),
    encode(secretTreeEncoder)(state.secretTree),
  )
  const tree = encodedOnce(trees, state.ratchetTree, () => encodeRatchetTree(state.ratchetTree))
  const after = concatBytes(
    encode(privateKeyPathEncoder)(state.privatePath),
    encode(varLenDataEncoder)(state.signaturePrivateKey),
    encode(unappliedProposalsEncoder)(state.unappliedProposals),
    encode(varLenDataEncoder)(state.confirmationTag),
    encode(bigintMapEncoder(epochReceiverDataEncoder))(state.historicalReceiverData),
    encode(groupActiveStateEncoder)(state.groupActiveState),
  )
  const length = new Writer().u32(before.length + tree.length + after.length).done()
  const whole = concatBytes(
    Uint8Array.of(version),
    encodedOnce(members, group.members, () => encodeKnown(group)),
    length,
    before,
    tree,
    after,
  )
  before.fill(0)
  after.fill(0)
  return whole
}

// What is public, large, and the same for every message of an epoch. It is most of a state, and what is stored with
// each message is the whole state (RFC 9420 has no secrets in a ratchet tree).
const trees = new WeakMap<ClientState['ratchetTree'], Uint8Array>()
const members = new WeakMap<Group['members'], Uint8Array>()

function encodedOnce<K extends object>(kept: WeakMap<K, Uint8Array>, key: K, make: () => Uint8Array): Uint8Array {
  const known = kept.get(key)
  if (known) return known
  const made = make()
  kept.set(key, made)
  return made
}

function encodeKnown(group: Group): Uint8Array {
  const writer = new Writer()
  const known = [...knownOf(group)]
  writer.u32(known.length)
  for (const [credential, { device, person }] of known) {
    writer.raw(fromBase64Url(credential)!).raw(fromBase64Url(device)!).raw(fromBase64Url(person)!)
  }
  return writer.done()
}

/** Undefined where the bytes are damaged or of another version. */
export function decodeGroup(bytes: Uint8Array): Group | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== version) return undefined
    const known: [string, { device: DeviceId; person: string }][] = []
    const count = reader.u32()
    for (let i = 0; i < count; i++) {
      const [credential, device, person] = [reader.raw(32), reader.raw(16), reader.raw(16)].map(toBase64Url)
      known.push([credential!, { device: device! as string as DeviceId, person: person! }])
    }
    return readState(reader.bytes(4), new Map(known))
  })
}

function readState(bytes: Uint8Array, known: Known): Group | undefined {
  try {
    const hit = decodeGroupState(bytes, 0)
    return hit && hit[1] === bytes.length ? makeGroup({ ...hit[0], clientConfig }, known) : undefined
  } catch (error) {
    codeOf(error) // our own mistakes go on; everything else is damage
    return undefined
  }
}
