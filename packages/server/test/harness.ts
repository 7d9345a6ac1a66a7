/** Devices for tests: real keys and signatures, real Socket.IO; what they would encrypt is random bytes. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type Answer,
  type Base64Url,
  type ClientEventName,
  type ClientEvents,
  type CommitEvent,
  commitNackSignedBytes,
  type DeviceId,
  fromBase64Url,
  type HelloAnswer,
  type Incarnation,
  type Join,
  type JoinAnswer,
  joinSignedBytes,
  type Login,
  loginSignedBytes,
  type MessageId,
  type PairId,
  parseRelayEvent,
  type RelayEventName,
  type RelayEvents,
  type RoomAddress,
  relayEventNames,
  toBase64Url,
} from '@qsec/protocol'
import { io, type Socket } from 'socket.io-client'
import { onTestFinished } from 'vitest'
import { type RelayOptions, type ReportRecord, type RunningRelay, startRelay } from '../src/index.ts'
import { ed25519, type KeyPair, personPair, random, sha256, signWith, TestDevice } from './device.ts'

export { ed25519, type KeyPair, personPair, random, signWith, TestDevice }

export const closedAddress = (): RoomAddress => random(16) as string as RoomAddress
export const openAddress = (): RoomAddress => `t${randomBytes(6).toString('hex')}` as RoomAddress
export const messageId = (): MessageId => random(16) as string as MessageId
export const pairId = (): PairId => random(16) as string as PairId

export interface Received<K extends RelayEventName = RelayEventName> {
  name: K
  payload: RelayEvents[K]
}

/** One connection of a device to a relay, and everything that came down on it. */
export class Client {
  readonly socket: Socket
  readonly host: string
  readonly received: Received[] = []
  /** Set to hold acknowledgements of Welcomes back. */
  takesWelcomes = true
  #waiters: (() => void)[] = []

  constructor(url: string, options: Record<string, unknown> = {}) {
    this.host = new URL(url).host
    this.socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, ...options })
    for (const name of relayEventNames) {
      this.socket.on(name, (payload: unknown, ack?: () => void) => {
        const parsed = parseRelayEvent(name, payload)
        if (!parsed.ok) throw new Error(`${name} does not parse: ${parsed.message}`)
        this.received.push({ name, payload: parsed.value } as Received)
        if (this.takesWelcomes) ack?.()
        for (const wake of this.#waiters.splice(0)) wake()
      })
    }
    this.socket.on('disconnect', () => {
      for (const wake of this.#waiters.splice(0)) wake()
    })
    onTestFinished(() => void this.socket.disconnect())
  }

  async connected(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      if (this.socket.connected) return resolve()
      this.socket.once('connect', () => resolve())
      this.socket.once('connect_error', reject)
    })
    return this
  }

  async disconnected(): Promise<void> {
    await until(() => !this.socket.connected)
  }

  request<K extends ClientEventName>(name: K, payload: ClientEvents[K]['in']): Promise<Answer<ClientEvents[K]['out']>> {
    return this.socket.timeout(5_000).emitWithAck(name, payload) as Promise<Answer<ClientEvents[K]['out']>>
  }

  events<K extends RelayEventName>(name: K): RelayEvents[K][] {
    return this.received.filter((event) => event.name === name).map((event) => event.payload as RelayEvents[K])
  }

  /** The first event `name`, past or to come, that `fits`. */
  async next<K extends RelayEventName>(
    name: K,
    fits: (payload: RelayEvents[K]) => boolean = () => true,
  ): Promise<RelayEvents[K]> {
    let found: RelayEvents[K] | undefined
    await until(
      () => {
        found = this.events(name).find(fits)
        return found !== undefined
      },
      () => new Promise((wake) => this.#waiters.push(wake as () => void)),
      `${name} among ${this.received.map((event) => event.name).join(' ')}`,
    )
    return found!
  }

  async hello(): Promise<Uint8Array<ArrayBuffer>> {
    const answer = ok(await this.request('hello', { versions: [1] })) as HelloAnswer
    return fromBase64Url(answer.nonce)!
  }

  login(device: TestDevice, nonce: Uint8Array<ArrayBuffer>, change: { host?: string; expiresMs?: number } = {}): Login {
    const challenge = { host: change.host ?? this.host, nonce, socketId: this.socket.id! }
    const expiresMs = change.expiresMs ?? Date.now() + 30_000
    const signed = loginSignedBytes(challenge, device.relayAuth.publicKey, expiresMs)
    return { bundle: device.bundle, expiresMs, signature: signWith(device.relayAuth, signed) }
  }

  proof(device: TestDevice, nonce: Uint8Array<ArrayBuffer>, joinKey: KeyPair): NonNullable<Join['proof']> {
    const challenge = { host: this.host, nonce, socketId: this.socket.id! }
    const signed = joinSignedBytes(challenge, device.room, device.credential)
    return { joinKey: toBase64Url(joinKey.publicKey), signature: signWith(joinKey, signed) }
  }

  /** hello and join in one. */
  async join(
    device: TestDevice,
    rest: Omit<Join, 'room' | 'login' | 'proof'> & { joinKey?: KeyPair } = {},
  ): Promise<Answer<JoinAnswer>> {
    await this.connected()
    const nonce = await this.hello()
    const { joinKey, ...join } = rest
    return this.request('join', {
      room: device.room,
      login: this.login(device, nonce),
      ...(joinKey ? { proof: this.proof(device, nonce, joinKey) } : {}),
      ...join,
    })
  }
}

export type MemberAnswer = Extract<JoinAnswer, { state: 'member' }> & { ok: true }

/** A member of a room with its connection, and the counters that its client would keep. */
export class Member {
  readonly device: TestDevice
  client: Client
  epoch = 0
  #n = 0
  #nEpoch = 0

  constructor(device: TestDevice, client: Client) {
    this.device = device
    this.client = client
  }

  get id(): DeviceId {
    return this.device.id
  }

  get room(): RoomAddress {
    return this.device.room
  }

  message(change: Partial<ClientEvents['encrypted_message']['in']> = {}): ClientEvents['encrypted_message']['in'] {
    if (this.#nEpoch !== this.epoch) {
      this.#nEpoch = this.epoch
      this.#n = 0
    }
    const n = change.n ?? this.#n++
    return { room: this.room, id: messageId(), epoch: this.epoch, ct: random(64), ...change, n }
  }

  say(
    change: Partial<ClientEvents['encrypted_message']['in']> = {},
  ): Promise<Answer<ClientEvents['encrypted_message']['out']>> {
    return this.client.request('encrypted_message', this.message(change))
  }

  commitEvent(change: Partial<CommitEvent> = {}): CommitEvent {
    return {
      room: this.room,
      id: messageId(),
      epoch: this.epoch,
      ct: random(200),
      welcomes: [],
      bundles: [],
      removed: [],
      ...change,
    }
  }

  commit(change: Partial<CommitEvent> = {}): Promise<Answer<ClientEvents['commit']['out']>> {
    return this.client.request('commit', this.commitEvent(change))
  }

  ack(seq: number, pair?: PairId): Promise<Answer<object>> {
    return this.client.request('commit_ack', { room: this.room, seq, ...(pair ? { pair } : {}) })
  }

  nack(
    commit: { seq: number; epoch: number; ct: Base64Url; pair?: PairId },
    signer: KeyPair = this.device.leaf,
  ): Promise<Answer<object>> {
    const hash = sha256(fromBase64Url(commit.ct)!)
    const refusal = {
      room: this.room,
      ...(commit.pair ? { pair: commit.pair } : {}),
      seq: commit.seq,
      epoch: commit.epoch,
      reason: 'policy',
    }
    const signature = signWith(signer, commitNackSignedBytes({ ...refusal, hash }))
    return this.client.request('commit_nack', { ...refusal, hash: toBase64Url(hash), signature })
  }
}

export interface TestRoom {
  relay: RunningRelay
  databasePath: string
  reports: ReportRecord[]
  joinKey: KeyPair
  members: Member[]
  address: RoomAddress
  /** Lets one more device in, by a commit of the first member. */
  admit(device?: TestDevice): Promise<Member>
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'qsec-relay-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function relay(
  options: Partial<RelayOptions> = {},
): Promise<{ relay: RunningRelay; databasePath: string; reports: ReportRecord[] }> {
  const databasePath = options.databasePath ?? path.join(temporaryFolder(), 'qsec2.db')
  const reports: ReportRecord[] = []
  const running = await startRelay({
    limits: { logPushMs: 20 },
    report: (record) => void reports.push(record),
    plainRoot: '', // whether these pages have been built must not matter
    ...options,
    databasePath,
  })
  onTestFinished(() => running.close())
  return { relay: running, databasePath, reports }
}

/** A closed room with `size` members who are all here. */
export async function room(
  size: number,
  options: Partial<RelayOptions> & { expected?: number } = {},
): Promise<TestRoom> {
  const { expected, ...relayOptions } = options
  const started = await relay(relayOptions)
  const address = closedAddress()
  const joinKey = ed25519()
  const founder = new Member(new TestDevice(address), new Client(started.relay.url))
  const create = { joinKeys: [toBase64Url(joinKey.publicKey)], ...(expected === undefined ? {} : { expected }) }
  ok(await founder.client.join(founder.device, { create }))
  const made: TestRoom = { ...started, joinKey, members: [founder], address, admit: (device) => admit(made, device) }
  for (let i = 1; i < size; i++) await made.admit()
  return made
}

async function admit(made: TestRoom, device = new TestDevice(made.address)): Promise<Member> {
  const [sponsor] = made.members as [Member]
  const member = new Member(device, new Client(made.relay.url))
  const answer = ok(await member.client.join(device, { joinKey: made.joinKey })) as JoinAnswer
  if (answer.state !== 'waiting') throw new Error('not waiting')
  ok(await member.client.request('announce_pubkey', { room: made.address, request: random(300) }))
  const welcomes = [{ to: [device.id], ct: random(400) }]
  const { seq } = ok(await sponsor.commit({ welcomes, bundles: [device.bundle] }))
  for (const other of made.members) {
    await other.client.next('commit', (commit) => commit.seq === seq)
    other.epoch = sponsor.epoch + (other === sponsor ? 0 : 1)
  }
  sponsor.epoch += 1
  for (const other of made.members) if (other !== sponsor) other.epoch = sponsor.epoch
  if (made.members[1]) ok(await made.members[1].ack(seq))
  const welcome = await member.client.next('welcome')
  member.epoch = welcome.epoch
  const joined = ok(await member.client.request('join', { room: made.address, inc: welcome.inc, seq: welcome.seq }))
  if ((joined as JoinAnswer).state !== 'member') throw new Error('no member')
  made.members.push(member)
  return member
}

/** Connects a member again, with its cursor where one is given. */
export async function comeBack(
  url: string,
  member: Member,
  cursor: Omit<Join, 'room' | 'login' | 'proof'> & { joinKey?: KeyPair } = {},
): Promise<Answer<JoinAnswer>> {
  member.client = new Client(url)
  return member.client.join(member.device, cursor)
}

export function ok<T>(answer: Answer<T>): { ok: true } & T {
  if (!answer.ok) throw new Error(`refused: ${answer.code}: ${answer.message}`)
  return answer
}

export function code(answer: Answer<unknown>): string {
  return answer.ok ? 'ok' : answer.code
}

export const noInc = random(16) as string as Incarnation

export async function until(
  holds: () => boolean,
  wake: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve, 5)),
  what = 'a condition',
): Promise<void> {
  const deadline = Date.now() + 4_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await Promise.race([wake(), new Promise((resolve) => setTimeout(resolve, 50))])
  }
}

/** Long enough for anything that was going to come to have come. */
export const quiet = (ms = 60): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
