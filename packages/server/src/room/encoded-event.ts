/** Packets in the bytes of their WebSocket message: an event for many is encoded once. */

/** Its bytes are made when first asked for. */
export class EncodedEvent {
  /** As Engine.IO carries it: a message (4) with a Socket.IO event (2) of the default namespace. */
  readonly packet: string
  #frame: Buffer | undefined

  constructor(name: string, payload: unknown) {
    this.packet = `2${JSON.stringify([name, payload])}`
  }

  get frame(): Buffer {
    this.#frame ??= webSocketText(`4${this.packet}`)
    return this.#frame
  }
}

/** An unmasked, unfragmented text message (RFC 6455 §5.2). */
export function webSocketText(text: string): Buffer {
  const bytes = Buffer.byteLength(text)
  const header = bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(header + bytes)
  frame[0] = 0x81
  if (header === 2) frame[1] = bytes
  else if (header === 4) {
    frame[1] = 126
    frame.writeUInt16BE(bytes, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(bytes), 2)
  }
  frame.write(text, header)
  return frame
}
