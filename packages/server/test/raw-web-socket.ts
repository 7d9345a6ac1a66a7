/** A WebSocket client that sends whatever frames it is told to, right or wrong. */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RawFrame {
  opcode: number
  payload?: Buffer
  /** Default: the last of its message. */
  fin?: boolean
  /** Default: masked, as a client has to. */
  masked?: boolean
  /** The first reserved bit: compressed. */
  rsv1?: boolean
  /** What the header says, where that is not how much there is. */
  length?: number
}

export function frameOf(frame: RawFrame): Buffer {
  const { opcode, payload = Buffer.alloc(0), fin = true, masked = true, rsv1 = false } = frame
  const length = frame.length ?? payload.length
  const header = [(fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode]
  const flag = masked ? 0x80 : 0
  if (length < 126) header.push(flag | length)
  else if (length < 65_536) header.push(flag | 126, length >> 8, length & 255)
  else {
    header.push(flag | 127)
    const wide = Buffer.alloc(8)
    wide.writeBigUInt64BE(BigInt(length))
    header.push(...wide)
  }
  if (!masked) return Buffer.concat([Buffer.from(header), payload])
  const mask = randomBytes(4)
  return Buffer.concat([Buffer.from(header), mask, payload.map((byte, i) => byte ^ mask[i % 4]!)])
}

export interface RawWebSocket {
  readonly tcp: Socket
  send(...frames: RawFrame[]): void
  /** Texts that came down, Engine.IO's handshake first. */
  texts(): string[]
  /** The code in the other side's close frame: 1005 without one, 0 where the connection ended without a frame. */
  closed(): Promise<number>
}

/** Opens one at the relay, past the handshakes of Engine.IO and Socket.IO. */
export async function rawWebSocket(port: number): Promise<RawWebSocket> {
  const tcp = connect(port, '127.0.0.1')
  onTestFinished(() => void tcp.destroy())
  let heard = Buffer.alloc(0)
  let ended = false
  tcp.on('data', (piece: Buffer) => {
    heard = Buffer.concat([heard, piece])
  })
  tcp.on('close', () => {
    ended = true
  })
  tcp.on('error', () => undefined) // a reset is one way to be sent away
  tcp.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  )
  const frames = () => framesIn(heard.subarray(heard.indexOf('\r\n\r\n') + 4))
  const socket: RawWebSocket = {
    tcp,
    send: (...all) => void tcp.write(Buffer.concat(all.map(frameOf))),
    texts: () => frames().flatMap(({ opcode, payload }) => (opcode === 1 ? [payload.toString()] : [])),
    closed: async () => {
      await shown(() => ended || frames().some(({ opcode }) => opcode === 8))
      const close = frames().find(({ opcode }) => opcode === 8)?.payload
      tcp.destroy()
      if (!close) return 0
      return close.length < 2 ? 1005 : close.readUInt16BE(0)
    },
  }
  await shown(() => socket.texts().length > 0)
  socket.send({ opcode: 1, payload: Buffer.from('40') })
  await shown(() => socket.texts().length > 1)
  return socket
}

function framesIn(bytes: Buffer): { opcode: number; payload: Buffer }[] {
  const frames: { opcode: number; payload: Buffer }[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes[at + 1]! & 0x7f
    const [header, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [10, Number(bytes.readBigUInt64BE(at + 2))]
    frames.push({ opcode: bytes[at]! & 0x0f, payload: bytes.subarray(at + header, at + header + length) })
    at += header + length
  }
  return frames
}

/** Patient: on a busy machine hundreds of these at once take their time, and that is no fault. */
async function shown(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 25_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('the other side of the WebSocket did nothing for 25 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
