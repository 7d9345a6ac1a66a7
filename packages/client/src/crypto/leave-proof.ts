/**
 * A device's own signed word that it leaves. Any member may take it out by that, and every other member sees in the
 * commit itself that this was right: the proofs travel in its authenticated data.
 */
import { concatBytes, equalBytes, readExactly, utf8, Writer } from '@qsec/protocol'
import { ed25519Sign, ed25519Verify } from './ed25519.ts'
import { Refusal } from './errors.ts'
import type { Group } from './group.ts'
import type { DeviceIdentity } from './identity.ts'

export interface LeaveProof {
  leaf: number
  /** 64 bytes, Ed25519 by the leaf's signature key. */
  signature: Uint8Array
}

const signatureBytes = 64
const version = 1

/** It holds for this device in this group for good: who leaves comes back as another device. */
function signedBytes(groupId: Uint8Array, credential: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(utf8('qsec/leave/v1\0'), new Writer().bytes(groupId, 1).bytes(credential, 1).done())
}

export function signLeave(identity: DeviceIdentity, groupId: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return ed25519Sign(identity.secrets.mls, signedBytes(groupId, identity.credential))
}

export async function verifyLeave(group: Group, { leaf, signature }: LeaveProof): Promise<boolean> {
  const member = group.members.find((one) => one.leaf === leaf)
  if (!member || signature.length !== signatureBytes) return false
  return ed25519Verify(member.signatureKey, signedBytes(group.groupId, member.credential), signature)
}

/** Nothing at all where there are no proofs. */
export function encodeLeaveProofs(proofs: readonly LeaveProof[]): Uint8Array<ArrayBuffer> {
  if (proofs.length === 0) return new Uint8Array(0)
  const writer = new Writer().u8(version).u16(proofs.length)
  for (const { leaf, signature } of [...proofs].sort((a, b) => a.leaf - b.leaf)) writer.u32(leaf).raw(signature)
  return writer.done()
}

/** The leaves that, by the authenticated data of a commit, leave of their own will. Throws `Refusal`. */
export async function provenLeavers(group: Group, authenticatedData: Uint8Array): Promise<Set<number>> {
  if (authenticatedData.length === 0) return new Set()
  const proofs = readExactly(authenticatedData, (reader): LeaveProof[] | undefined => {
    if (reader.u8() !== version) return undefined
    return Array.from({ length: reader.u16() }, () => ({ leaf: reader.u32(), signature: reader.raw(signatureBytes) }))
  })
  if (!proofs || !equalBytes(encodeLeaveProofs(proofs), authenticatedData)) throw new Refusal('bad-leave-proof')
  const leaves = new Set(proofs.map(({ leaf }) => leaf))
  if (leaves.size !== proofs.length) throw new Refusal('bad-leave-proof')
  for (const proof of proofs) if (!(await verifyLeave(group, proof))) throw new Refusal('bad-leave-proof')
  return leaves
}
