/** As much of MQTT 3.1.1 as the load needs: CONNECT, SUBSCRIBE and PUBLISH at QoS 0, over TCP. */
import { connect, type Socket } from 'node:net'

const types = { connect: 0x10, connack: 0x20, publish: 0x30, subscribe: 0x82, suback: 0x90 } as const

export class MqttClient {
  readonly #socket: Socket
  readonly #topic: string
  #rest: Buffer = Buffer.alloc(0)
  #waits = new Map<number, () => void>()
  onMessage: (payload: Buffer) => void = () => undefined

  constructor(port: number, topic: string) {
    this.#topic = topic
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('error', (error) => {
      throw error
    })
    this.#socket.on('data', (chunk) => this.#take(chunk))
  }

  /** Logs in and subscribes. */
  async open(clientId: string): Promise<void> {
    // A clean session, as anybody: ejabberd lets in whoever has a name, its own for each.
    const login = [text('MQTT'), Buffer.from([4, 0xc2, 0, 0]), text(clientId), text(clientId), text('-')]
    this.#socket.write(packet(types.connect, login))
    await this.#answer(types.connack)
    this.#socket.write(packet(types.subscribe, [Buffer.from([0, 1]), text(this.#topic), Buffer.from([0])]))
    await this.#answer(types.suback)
  }

  publish(payload: string): void {
    this.#socket.write(packet(types.publish, [text(this.#topic), Buffer.from(payload, 'latin1')]))
  }

  #answer(type: number): Promise<void> {
    return new Promise((resolve) => this.#waits.set(type, resolve))
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (;;) {
      const found = readPacket(this.#rest)
      if (!found) return
      this.#rest = this.#rest.subarray(found.end)
      const type = found.type & 0xf0
      if (type === types.publish) this.onMessage(found.body.subarray(2 + found.body.readUInt16BE(0)))
      else this.#waits.get(type)?.()
    }
  }
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(value.length)
  return Buffer.concat([length, Buffer.from(value, 'latin1')])
}

function packet(type: number, parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const header = [type]
  for (let left = body.length; ; left >>= 7) {
    if (left < 128) return Buffer.concat([Buffer.from([...header, left]), body])
    header.push((left & 127) | 128)
  }
}

function readPacket(bytes: Buffer): { type: number; body: Buffer; end: number } | undefined {
  let length = 0
  for (let i = 1; i <= 4 && i < bytes.length; i++) {
    length |= (bytes[i]! & 127) << (7 * (i - 1))
    if (bytes[i]! >= 128) continue
    const end = i + 1 + length
    return end > bytes.length ? undefined : { type: bytes[0]!, body: bytes.subarray(i + 1, end), end }
  }
  return undefined
}
