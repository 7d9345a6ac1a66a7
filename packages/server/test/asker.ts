/** One connection of a test device, for what runs outside of Vitest. */
import {
  type Answer,
  type ClientEventName,
  fromBase64Url,
  type Join,
  loginSignedBytes,
  type RoomAddress,
} from '@qsec/protocol'
import { io, type Socket } from 'socket.io-client'
import { signWith, TestDevice } from './device.ts'

export type AnyAnswer = Answer<Record<string, unknown>>

export class Asker {
  readonly device: TestDevice
  readonly #url: string
  readonly #socket: Socket
  /** How long each join took, its signature not counted. */
  readonly joinedInUs: number[] = []

  constructor(url: string, room: RoomAddress) {
    this.#url = url
    this.device = new TestDevice(room)
    this.#socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false })
  }

  request(name: ClientEventName, payload: object): Promise<AnyAnswer> {
    return this.#socket.timeout(20_000).emitWithAck(name, payload) as Promise<AnyAnswer>
  }

  /** Logs in by a new challenge, and asks for the room of the device. */
  async join(rest: Pick<Join, 'create' | 'knock'> = {}): Promise<AnyAnswer> {
    const hello = await this.request('hello', { versions: [1] })
    if (!hello.ok) return hello
    const { bundle, relayAuth, room } = this.device
    const nonce = fromBase64Url(String(hello.nonce))!
    const challenge = { host: new URL(this.#url).host, nonce, socketId: this.#socket.id! }
    const expiresMs = Date.now() + 30_000
    const signature = signWith(relayAuth, loginSignedBytes(challenge, relayAuth.publicKey, expiresMs))
    const from = performance.now()
    const answer = await this.request('join', { room, login: { bundle, expiresMs, signature }, ...rest })
    this.joinedInUs.push(1_000 * (performance.now() - from))
    return answer
  }

  close(): void {
    this.#socket.disconnect()
  }
}
