/**
 * The packets of Socket.IO (protocol 5) in the form that the relay speaks: text alone, with nothing binary in them. The
 * library's own parser also looks through every answer for buffers, and hides the number under which an answer is owed.
 */
import { EventEmitter } from 'node:events'

const types = { connect: 0, disconnect: 1, event: 2, ack: 3 } as const
type PacketType = 0 | 1 | 2 | 3 | 4

export interface Packet {
  type: PacketType
  nsp: string
  data?: unknown
  id?: number
}

/**
 * Stands behind the arguments of an event: under which number its sender waits for an answer, if it does, and how long the
 * packet was. Nothing on the wire can be one.
 */
export class PacketEnd {
  readonly id: number | undefined
  readonly characters: number

  constructor(id: number | undefined, characters: number) {
    this.id = id
    this.characters = characters
  }
}

export function encodePacket({ type, nsp, id, data }: Packet): string {
  const place = nsp === '/' ? '' : `${nsp},`
  return `${type}${place}${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`
}

/** The packet in `text`; throws where it is none, or none that a client may send. */
export function decodePacket(text: string): Packet {
  const type = (text.charCodeAt(0) - 48) as PacketType
  if (!(type >= types.connect && type <= types.ack)) throw new Error('no packet that a client sends')
  let at = 1
  let nsp = '/'
  if (text[at] === '/') {
    const comma = text.indexOf(',', at)
    const end = comma === -1 ? text.length : comma
    nsp = text.slice(at, end)
    at = end + 1
  }
  const digits = at
  while (isDigit(text.charCodeAt(at))) at++
  if (at - digits > 15) throw new Error('a number of a packet that is none')
  const id = at > digits ? Number(text.slice(digits, at)) : undefined
  const data: unknown = at < text.length ? JSON.parse(text.slice(at)) : undefined
  if (!fits(type, id, data)) throw new Error('a packet of the wrong form')
  if (type !== types.event) return { type, nsp, data, ...(id === undefined ? {} : { id }) }
  return { type, nsp, data: [...(data as unknown[]), new PacketEnd(id, text.length)] }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function fits(type: PacketType, id: number | undefined, data: unknown): boolean {
  switch (type) {
    case types.connect:
      return (
        id === undefined && (data === undefined || (typeof data === 'object' && data !== null && !Array.isArray(data)))
      )
    case types.disconnect:
      return id === undefined && data === undefined
    case types.event:
      return Array.isArray(data) && data.length > 0
    default:
      return Array.isArray(data) && id !== undefined
  }
}

/** What Socket.IO is given as its `parser`. */
export class Encoder {
  encode(packet: Packet): string[] {
    return [encodePacket(packet)]
  }
}

export class Decoder extends EventEmitter {
  add(data: unknown): void {
    if (typeof data !== 'string') throw new Error('a binary packet')
    this.emit('decoded', decodePacket(data))
  }

  destroy(): void {
    // Socket.IO asks for it; nothing is held between packets.
  }
}
