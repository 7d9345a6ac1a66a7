/** Reads the address of a room as people hand it on. Errors never repeat it, for its fragment is the invite. */
import { parseLinkFragment } from '@qsec/client'
import { parseRoomAddress, type RoomAddress, roomKind } from '@qsec/protocol'
import { UsageError } from '../command.ts'

export interface RoomLink {
  relayUrl: string
  address: RoomAddress
  /** Of a closed room's invite; absent in an open room, and where only the bare address was given. */
  secret?: Uint8Array<ArrayBuffer>
  /** From `?username=` and `?expected=`, which links of older versions carry. */
  name?: string
  expected?: string
}

export function readLink(text: string): RoomLink {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('LINK must be the whole address, such as http://localhost:5000/room/lab1 (quote it).')
  }
  const address = parseRoomAddress(/^\/room\/([^/]+)\/?$/.exec(url.pathname)?.[1])
  if (!address) throw new UsageError('LINK does not lead to a room: after the host stands /room/<id>.')
  const name = url.searchParams.get('username')
  const expected = url.searchParams.get('expected')
  const link: RoomLink = {
    relayUrl: url.origin,
    address,
    ...(name === null ? {} : { name }),
    ...(expected === null ? {} : { expected }),
  }
  if (roomKind(address) === 'open' || url.hash === '') return link
  const secret = parseLinkFragment(url.hash)
  if (!secret) throw new UsageError('The part of LINK after # is damaged: copy the whole invite link again.')
  return { ...link, secret }
}
