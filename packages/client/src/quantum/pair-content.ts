/**
 * What stands inside a frame of a pair group: a BB84 message, a share of the group secret or a wish for one, an invitation
 * to the closed room that takes the open one's place, earlier messages for a newcomer.
 */
import {
  fromBase64Url,
  parseRoomAddress,
  type Reader,
  type RoomAddress,
  readExactly,
  toBase64Url,
  Writer,
} from '@qsec/protocol'
import { type EarlierContent, readEarlier, writeEarlier } from './earlier-content.ts'

export interface Share {
  /** Names the group secret. */
  uuid: string
  /** SHA-256 of the sorted device ids of the leaves that it is for. */
  leafSet: Uint8Array<ArrayBuffer>
  /** The secret XOR pad; the secret itself where there is no pad and the pair group alone protects it. */
  sealed: Uint8Array<ArrayBuffer>
  pad?: {
    /** Id of the BB84 run whose key it is, and the place in it. */
    run: Uint8Array<ArrayBuffer>
    offset: number
    tag: Uint8Array<ArrayBuffer>
  }
}

export type PairContent =
  | { type: 'bb84'; run: Uint8Array<ArrayBuffer>; message: Uint8Array<ArrayBuffer> }
  | { type: 'share'; share: Share }
  | { type: 'share-wanted'; uuid: string }
  | Directed

/** What people's devices tell each other through their pair group, in the event `encrypted_message`. */
export type Directed =
  /** The closed room `room` takes this open one's place; `secret` is of a link for the receiver. */
  | { type: 'successor'; room: RoomAddress; secret: Uint8Array<ArrayBuffer> }
  /** The invitation to `room` is stored here. */
  | { type: 'successor-taken'; room: RoomAddress }
  | EarlierContent

export const runIdBytes = 16
export const secretBytes = 32
const tagBytes = 16

export function encodePairContent(content: PairContent): Uint8Array<ArrayBuffer> {
  switch (content.type) {
    case 'bb84':
      return new Writer().u8(1).raw(content.run).bytes(content.message, 4).done()
    case 'share': {
      const { uuid, leafSet, sealed, pad } = content.share
      const writer = new Writer()
        .u8(2)
        .text(uuid, 1)
        .raw(leafSet)
        .raw(sealed)
        .u8(pad ? 1 : 0)
      if (pad) writer.raw(pad.run).u32(pad.offset).raw(pad.tag)
      return writer.done()
    }
    case 'share-wanted':
      return new Writer().u8(3).text(content.uuid, 1).done()
    case 'successor':
      return new Writer().u8(4).raw(fromBase64Url(content.room)!).raw(content.secret).done()
    case 'successor-taken':
      return new Writer().u8(5).raw(fromBase64Url(content.room)!).done()
    default:
      return writeEarlier(new Writer(), content, (id) => fromBase64Url(id)!).done()
  }
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function decodePairContent(bytes: Uint8Array): PairContent | undefined {
  return readExactly(bytes, (reader: Reader): PairContent | undefined => {
    const kind = reader.u8()
    switch (kind) {
      case 1:
        return { type: 'bb84', run: reader.raw(runIdBytes), message: reader.bytes(4) }
      case 2: {
        const uuid = reader.text(1)
        const share: Share = { uuid, leafSet: reader.raw(32), sealed: reader.raw(secretBytes) }
        const padded = reader.u8()
        if (padded === 1) {
          share.pad = { run: reader.raw(runIdBytes), offset: reader.u32(), tag: reader.raw(tagBytes) }
        }
        return uuidShape.test(uuid) && padded <= 1 ? { type: 'share', share } : undefined
      }
      case 3: {
        const uuid = reader.text(1)
        return uuidShape.test(uuid) ? { type: 'share-wanted', uuid } : undefined
      }
      // Neither a host nor a path can be said, so nobody is led anywhere but to a closed room of this relay.
      case 4:
        return { type: 'successor', room: readClosedRoom(reader), secret: reader.raw(secretBytes) }
      case 5:
        return { type: 'successor-taken', room: readClosedRoom(reader) }
      default:
        return readEarlier(kind, reader)
    }
  })
}

/** Every 16 bytes are the address of a closed room. */
function readClosedRoom(reader: Reader): RoomAddress {
  return parseRoomAddress(toBase64Url(reader.raw(16)))!
}
