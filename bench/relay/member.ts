/** One connection of the load: speaks just enough of each server's protocol to join a room, send, and count what comes. */
import { randomBytes } from 'node:crypto'
import {
  type Answer,
  type Base64Url,
  fromBase64Url,
  type HelloAnswer,
  type JoinAnswer,
  joinSignedBytes,
  loginSignedBytes,
  type Ordered,
  type RoomAddress,
  toBase64Url,
} from '@qsec/protocol'
import { WebSocket } from 'ws'
import { ed25519, type KeyPair, random, signWith, TestDevice } from '../../packages/server/test/device.ts'
import { MqttClient } from './mqtt.ts'
import type { Broker, Kind } from './server.ts'

/** 1 KiB of text, of which the first 16 digits say when it was sent, in nanoseconds. */
const messageBytes = 1_024
const stampDigits = 16

/** Of 1,000 devices the bundles alone are 7 MB. */
const admittedAtOnce = 250

const filling = randomBytes(messageBytes)
  .toString('base64url')
  .slice(0, messageBytes - stampDigits)

function stamped(): string {
  return process.hrtime.bigint().toString().padStart(stampDigits, '0').slice(-stampDigits) + filling
}

export type OnDelivery = (latencyMicros: number, own: boolean) => void

export abstract class Member {
  onDelivery: OnDelivery = () => undefined
  protected sent = new Set<string>()

  abstract open(): Promise<void>
  abstract send(): void

  /** A delivery: the stamp stands behind the mark. */
  protected arrived(text: string, mark: string): void {
    const at = text.indexOf(mark) + mark.length
    const stamp = text.slice(at, at + stampDigits)
    const micros = Number((process.hrtime.bigint() % 10n ** BigInt(stampDigits)) - BigInt(stamp)) / 1_000
    this.onDelivery(micros, this.sent.delete(stamp))
  }

  protected next(): string {
    const ct = stamped()
    this.sent.add(ct.slice(0, stampDigits))
    return ct
  }
}

class WsMember extends Member {
  protected socket!: WebSocket
  readonly #url: string
  readonly #room: string
  constructor(port: number, room: string) {
    super()
    this.#url = `ws://127.0.0.1:${port}`
    this.#room = room
  }

  async open(): Promise<void> {
    this.socket = new WebSocket(this.#url, { perMessageDeflate: false })
    await new Promise<void>((resolve) => {
      this.socket.once('open', () => this.socket.send(this.#room))
      this.socket.once('message', () => resolve())
    })
    this.socket.on('message', (data) => this.arrived(data.toString(), '"ct":"'))
  }

  send(): void {
    this.socket.send(JSON.stringify({ room: this.#room, ct: this.next() }))
  }
}

/** A room is a topic, and QoS 0 promises no delivery. */
class MqttMember extends Member {
  readonly #client: MqttClient
  constructor(port: number, room: string) {
    super()
    this.#client = new MqttClient(port, room)
  }

  async open(): Promise<void> {
    await this.#client.open(random(16))
    this.#client.onMessage = (payload) => this.arrived(payload.toString('latin1'), '"ct":"')
  }

  send(): void {
    this.#client.publish(JSON.stringify({ ct: this.next() }))
  }
}

/** Socket.IO by hand (Engine.IO 4): a library at this end would be most of the load. */
abstract class SocketIoMember extends Member {
  protected socket!: WebSocket
  readonly #url: string
  readonly #acks = new Map<number, (answer: unknown) => void>()
  readonly #waits = new Map<string, (payload: unknown) => void>()
  #nextAck = 0
  protected socketId = ''

  constructor(port: number) {
    super()
    this.#url = `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`
  }

  protected async connect(): Promise<void> {
    this.socket = new WebSocket(this.#url, { perMessageDeflate: false, maxPayload: 64 * 1_048_576 })
    await new Promise<void>((resolve, reject) => {
      this.socket.once('error', reject)
      this.socket.once('close', () => {
        throw new Error('the server has closed a connection of the load')
      })
      this.socket.on('message', (data: Buffer) => {
        // Megabytes of keys for each who comes to a large room: reading them all would be most of the load.
        if (data.length > 65_536 && data.toString('latin1', 0, 16) === '42["pubkey_list"') return
        const text = data.toString()
        if (text.startsWith('42["encrypted_message"')) this.arrived(text, '"ct":"')
        else if (text.startsWith('0')) this.socket.send('40')
        else if (text === '2') this.socket.send('3')
        else if (text.startsWith('40')) {
          this.socketId = (JSON.parse(text.slice(2)) as { sid: string }).sid
          resolve()
        } else if (text.startsWith('43')) this.#onAck(text)
        else if (text.startsWith('42')) this.#onEvent(text)
      })
    })
  }

  protected request<T>(name: string, payload: unknown): Promise<T> {
    const id = this.#nextAck++
    this.socket.send(`42${id}${JSON.stringify([name, payload])}`)
    return new Promise((resolve) => this.#acks.set(id, resolve as (answer: unknown) => void))
  }

  protected once<T>(name: string): Promise<T> {
    return new Promise((resolve) => this.#waits.set(name, resolve as (payload: unknown) => void))
  }

  protected emit(name: string, payload: unknown): void {
    this.socket.send(`42${JSON.stringify([name, payload])}`)
  }

  #onAck(text: string): void {
    const [, id, rest] = /^43(\d+)(.*)$/s.exec(text)!
    const resolve = this.#acks.get(Number(id))
    this.#acks.delete(Number(id))
    resolve?.((JSON.parse(rest!) as unknown[])[0])
  }

  #onEvent(text: string): void {
    const [, id, event] = /^42(\d*)\["([a-z_]+)"/.exec(text)!
    if (id === '' && !this.#waits.has(event!)) return
    const rest = text.slice(2 + id!.length)
    const [name, payload] = JSON.parse(rest) as [string, unknown]
    if (id !== '') this.socket.send(`43${id}[]`)
    this.#waits.get(name)?.(payload)
    this.#waits.delete(name)
  }
}

class StockMember extends SocketIoMember {
  readonly #room: string
  constructor(port: number, room: string) {
    super(port)
    this.#room = room
  }

  async open(): Promise<void> {
    await this.connect()
    await this.request('join', this.#room)
  }

  send(): void {
    this.emit('encrypted_message', { room: this.#room, ct: this.next() })
  }
}

class QsecMember extends SocketIoMember {
  readonly device: TestDevice
  readonly #host: string
  readonly #joinKey: KeyPair
  #epoch = 0
  #isMember = false
  #n = 0

  constructor(port: number, room: RoomAddress, joinKey: KeyPair) {
    super(port)
    this.#host = `127.0.0.1:${port}`
    this.device = new TestDevice(room)
    this.#joinKey = joinKey
  }

  /** Founds the room with the first call, and waits to be let in with the others. */
  async open(): Promise<void> {
    await this.enter(false)
  }

  async enter(founds: boolean): Promise<void> {
    await this.connect()
    const { room } = this.device
    const hello = okay(await this.request<Answer<HelloAnswer>>('hello', { versions: [1] }))
    const challenge = { host: this.#host, nonce: fromBase64Url(hello.nonce)!, socketId: this.socketId }
    const expiresMs = Date.now() + 30_000
    const signed = loginSignedBytes(challenge, this.device.relayAuth.publicKey, expiresMs)
    const login = { bundle: this.device.bundle, expiresMs, signature: signWith(this.device.relayAuth, signed) }
    const joinKey = toBase64Url(this.#joinKey.publicKey)
    if (founds) {
      okay(await this.request<Answer<JoinAnswer>>('join', { room, login, create: { joinKeys: [joinKey] } }))
      return
    }
    const proof = {
      joinKey,
      signature: signWith(this.#joinKey, joinSignedBytes(challenge, room, this.device.credential)),
    }
    okay(await this.request<Answer<JoinAnswer>>('join', { room, login, proof }))
    okay(await this.request<Answer<object>>('announce_pubkey', { room, request: random(300) }))
  }

  /** The founder lets everybody in, by a commit for so many at once. A member says of each that it has it. */
  async admit(others: readonly QsecMember[]): Promise<void> {
    const groups = inGroups(others, admittedAtOnce)
    for (const group of groups.length > 0 ? groups : [[]]) {
      const welcomed = group.map((other) => other.welcomed())
      const { seq } = await this.#commit(group)
      await others[0]?.adopted(seq)
      await Promise.all(welcomed)
    }
    for (const member of [this, ...others]) member.#epoch = this.#epoch
  }

  async #commit(joining: readonly QsecMember[]): Promise<Ordered> {
    const ordered = okay(
      await this.request<Answer<Ordered>>('commit', {
        room: this.device.room,
        id: random(16),
        epoch: this.#epoch,
        ct: random(200),
        welcomes: joining.length > 0 ? [{ to: joining.map(({ device }) => device.id), ct: random(400) }] : [],
        bundles: joining.map(({ device }) => device.bundle),
        removed: [],
      }),
    )
    this.#epoch++
    return ordered
  }

  /** Once it is a member itself, it has the commit at `seq`: that stands. */
  async adopted(seq: number): Promise<void> {
    if (this.#isMember) okay(await this.request<Answer<object>>('commit_ack', { room: this.device.room, seq }))
  }

  async welcomed(): Promise<void> {
    const { inc, seq, epoch } = await this.once<{ inc: string; seq: number; epoch: number }>('welcome')
    okay(await this.request<Answer<JoinAnswer>>('join', { room: this.device.room, inc, seq }))
    this.#epoch = epoch
    this.#isMember = true
  }

  send(): void {
    const message = {
      room: this.device.room,
      id: random(16) as Base64Url,
      epoch: this.#epoch,
      n: this.#n++,
      ct: this.next(),
    }
    void this.request<Answer<Ordered>>('encrypted_message', message).then(okay)
  }
}

function okay<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`the relay refused: ${answer.code}: ${answer.message}`)
  return answer
}

const simple = { ws: WsMember, 'socket.io': StockMember, mosquitto: MqttMember, ejabberd: MqttMember }

interface PreparedRoom {
  /** Connects everybody; resolves once all are in. */
  open(): Promise<Member[]>
}

/** A room of `size` members. Their keys are made here, before anybody looks at the clock. */
export function prepareRoom(kind: Kind | Broker, port: number, size: number): PreparedRoom {
  const room = random(16) as string as RoomAddress
  if (kind !== 'qsec') {
    const members = Array.from({ length: size }, () => new simple[kind](port, room))
    return {
      async open() {
        for (const some of inGroups(members, 50)) await Promise.all(some.map((member) => member.open()))
        return members
      },
    }
  }
  const joinKey = ed25519()
  const [founder, ...others] = Array.from({ length: size }, () => new QsecMember(port, room, joinKey)) as [
    QsecMember,
    ...QsecMember[],
  ]
  return {
    async open() {
      await founder.enter(true)
      for (const some of inGroups(others, 50)) await Promise.all(some.map((member) => member.open()))
      await founder.admit(others)
      return [founder, ...others]
    },
  }
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}
