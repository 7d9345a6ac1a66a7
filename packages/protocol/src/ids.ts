/** The names of things on the wire. Each is checked once at the edge; past it the type remembers. */

// 16 bytes fill 21 base64url characters and two bits of the last, which can therefore only be A, Q, g or w.
const sixteenBytes = /^[A-Za-z0-9_-]{21}[AQgw]$/
const openAddress = /^[A-Za-z0-9_-]{1,20}$/

/** The address of a room: 22 characters for a closed one (its MLS group id), 1 to 20 typed ones for an open one. */
export type RoomAddress = string & { readonly __type: 'RoomAddress' }
/** The fingerprint of a device record: SHA-256 of its bytes, the first 16 in base64url. */
export type DeviceId = string & { readonly __type: 'DeviceId' }
/** The stream of one pair group: its MLS group id, 16 bytes in base64url. */
export type PairId = string & { readonly __type: 'PairId' }
/** A frame's own id, 16 random bytes in base64url, the same through every retry. */
export type MessageId = string & { readonly __type: 'MessageId' }
/** One unbroken life of a stream's ring at the relay, 16 random bytes in base64url. */
export type Incarnation = string & { readonly __type: 'Incarnation' }

/** What names an offer to link a device: 16 bytes that follow from the link's key, in base64url. */
export type LinkId = string & { readonly __type: 'LinkId' }

/** What names a sealed file on its way: 16 random bytes in base64url, made by its sender. */
export type FileId = string & { readonly __type: 'FileId' }

export type RoomKind = 'closed' | 'open'

export function isSixteenBytes(text: string): boolean {
  return sixteenBytes.test(text)
}

export function parseRoomAddress(input: unknown): RoomAddress | undefined {
  return typeof input === 'string' && (sixteenBytes.test(input) || openAddress.test(input))
    ? (input as RoomAddress)
    : undefined
}

/** The id of a room says what it is (protocol.md §1); the two shapes have different lengths. */
export function roomKind(address: RoomAddress): RoomKind {
  return address.length === 22 ? 'closed' : 'open'
}
