/** The MLS group ids of rooms, which their addresses follow from. */
import {
  encodePersonKeys,
  type PersonKey,
  parseRoomAddress,
  type RoomAddress,
  toBase64Url,
  utf8,
  Writer,
} from '@qsec/protocol'
import { sha256 } from './hashes.ts'

/**
 * The address of a closed room, which is also its MLS group id: whoever joins recomputes it, so that a relay cannot
 * serve another room under the link (protocol.md §1).
 */
export function closedRoomAddress(
  creator: readonly PersonKey[],
  suite: number,
  nonce: Uint8Array,
): { address: RoomAddress; groupId: Uint8Array<ArrayBuffer> } {
  if (nonce.length !== 16) throw new RangeError('address: the nonce has a wrong length')
  const suiteBytes = new Writer().u16(suite).done()
  const groupId = sha256(utf8('qsec/room/v1'), encodePersonKeys(creator), suiteBytes, nonce).slice(0, 16)
  return { address: parseRoomAddress(toBase64Url(groupId))!, groupId }
}

/** The MLS group id of an open room. */
export function openGroupId(address: RoomAddress, nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  if (nonce.length !== 16) throw new RangeError('address: the nonce has a wrong length')
  return sha256(utf8('qsec/open/v1'), utf8(address), nonce).slice(0, 16)
}
