/**
 * One run between two hosts, whatever becomes of the connections that carry it: each new one begins with a handshake, and
 * then both ends say again what the other has not heard.
 */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import {
  authenticationKeyBytes,
  type ResumableSession,
  type Session,
  type SessionResult,
  type SessionSuccess,
  secureRandom,
  startResumable,
} from '@qsec/qkd'
import { CommandFailed } from '../../command.ts'
import { type AuthStock, shortage } from './auth-stock.ts'
import type { Greeting } from './greeting.ts'
import { type Greeter, greetAsConnecting, greetAsListening, type Handshake } from './handshake.ts'
import { commonEnd } from './ledger.ts'
import { readRecords, type WireRecord, writeRecord } from './records.ts'

export interface ConversationOptions {
  side: 'connecting' | 'listening'
  stock: AuthStock
  greetingKey: Uint8Array
  start: (run: { runId: Uint8Array; authenticationKey: Uint8Array; random: ReturnType<typeof secureRandom> }) => Session
  /** Bytes of the new key that this end would add to the stock. */
  replenish: number
  /** Keeps the key, so many bytes of it in the stock. The other end is told only when this is done. */
  keep: (run: string, result: SessionSuccess, replenish: number) => Promise<void>
  /** The run is given up after so long without a word. */
  patienceMs: number
  onRefused: (reason: string) => void
}

export interface ConversationEnd {
  run: string
  result: SessionResult
  /** The other end said that it has kept the key, too. */
  acknowledged: boolean
}

const handshakeMs = 10_000

export class Conversation implements Greeter {
  readonly end: Promise<ConversationEnd>
  readonly #options: ConversationOptions
  #settle!: { resolve: (end: ConversationEnd) => void; reject: (error: unknown) => void }
  #settled = false
  #run: string | undefined
  #authFrom: number | null = null
  #replenish = 0
  #session: ResumableSession | undefined
  #socket: Socket | undefined
  #result: SessionResult | undefined
  #kept = false
  #patience: NodeJS.Timeout | undefined
  /** Records are handled one after the other, since key is spent in files. */
  #work: Promise<void> = Promise.resolve()

  constructor(options: ConversationOptions) {
    this.#options = options
    this.end = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    if (options.side === 'connecting') {
      this.#run = randomBytes(16).toString('hex')
      this.#wait()
    }
  }

  get key(): Uint8Array {
    return this.#options.greetingKey
  }

  get over(): boolean {
    return this.#settled
  }

  greeting(askedFor?: string): Omit<Greeting, 'nonce'> {
    const { spentTo, segments } = this.#options.stock.ledger
    const run = this.#run ?? askedFor ?? ''
    return {
      run,
      authFrom: this.#authFrom,
      heard: this.#session?.heard ?? 0,
      spentTo,
      segments,
      replenish: this.#options.replenish,
    }
  }

  knows(run: string): boolean {
    return this.#run === undefined || this.#run === run
  }

  /** Takes a connection; resolves when it is closed, with whether the other end proved to be the other end. */
  carry(socket: Socket): Promise<boolean> {
    socket.setNoDelay(true)
    const greet = this.#options.side === 'connecting' ? greetAsConnecting : greetAsListening
    let handshake: Handshake | undefined = greet(socket, this)
    const tooSlow = setTimeout(() => socket.destroy(), handshakeMs)
    const hear = async (record: WireRecord | undefined): Promise<void> => {
      if (this.#settled || socket.destroyed) return
      if (!record) {
        socket.destroy()
        return
      }
      if (!handshake) return this.#hear(socket, record)
      const next = handshake.hear(record)
      if (next.state === 'going-on') return
      clearTimeout(tooSlow)
      handshake = undefined
      if (next.state === 'refused') {
        socket.destroy()
        this.#refuse(next.reason)
      } else await this.#join(socket, next.theirs)
    }
    readRecords(socket, (record) => {
      this.#work = this.#work.then(() => hear(record)).catch((error: unknown) => this.#fail(error))
    })
    return new Promise((resolve) => {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        clearTimeout(tooSlow)
        if (this.#socket === socket) this.#socket = undefined
        resolve(handshake === undefined)
      })
    })
  }

  /** Ends the run at both ends; nothing is kept. */
  stop(error: CommandFailed): void {
    if (this.#settled) return
    this.#work = this.#work.then(async () => {
      if (this.#kept) return this.#finish()
      this.#cancelSession()
      await this.#loseKey()
      this.#fail(error)
    })
    this.#work.catch((fault: unknown) => this.#fail(fault))
  }

  async #join(socket: Socket, theirs: Greeting): Promise<void> {
    if (!this.#session) await this.#begin(theirs)
    else if (theirs.authFrom !== null && theirs.authFrom !== this.#authFrom) {
      throw new CommandFailed('The other end is in this run with other key. Nothing was made.')
    }
    this.#socket?.destroy()
    this.#socket = socket
    this.#wait()
    const said = this.#session?.said.length ?? 0
    if (theirs.heard > said) throw new CommandFailed('The other end has heard more than was said.')
    this.#sayFrom(theirs.heard)
    if (this.#kept) writeRecord(socket, 'done')
  }

  /** Spends the key of this run, at both ends the same bytes, before a word of it is sent. */
  async #begin(theirs: Greeting): Promise<void> {
    const { stock, start } = this.#options
    const { segments, spentTo, end } = stock.ledger
    const common = commonEnd(segments, theirs.segments)
    if (common === 0) throw new CommandFailed('--auth-key: the two files are not of one length. Nothing was sent.')
    const from = theirs.authFrom ?? Math.max(spentTo, theirs.spentTo)
    if (from + authenticationKeyBytes > common) throw new CommandFailed(shortage(common - from))
    if (common < end) await stock.cutTo(common)
    this.#run = theirs.run
    this.#replenish = Math.min(this.#options.replenish, theirs.replenish)
    const authenticationKey = await stock.spend(theirs.run, from, authenticationKeyBytes)
    this.#authFrom = from
    const random = secureRandom((byteLength) => crypto.getRandomValues(new Uint8Array(byteLength)))
    const runId = Uint8Array.from(Buffer.from(theirs.run, 'hex'))
    this.#session = startResumable(random, (chance) => start({ runId, authenticationKey, random: chance }))
    authenticationKey.fill(0)
  }

  async #hear(socket: Socket, { type, content }: WireRecord): Promise<void> {
    if (socket !== this.#socket || !this.#session) return
    this.#wait()
    if (type === 'message') return this.#hearMessage(content)
    if (type === 'done' && this.#result && !this.#result.aborted) {
      // Alice waits for this word; Bob, who has kept his key by then, only takes note of it.
      await this.#keepKey(this.#result)
      if (this.#options.side === 'connecting') writeRecord(socket, 'done')
      return this.#finish(true)
    }
    if (type === 'failed') {
      if (this.#kept) return this.#finish()
      await this.#loseKey()
      throw new CommandFailed('The other end could not keep its key, so none is kept here.')
    }
    socket.destroy()
  }

  async #hearMessage(content: Uint8Array): Promise<void> {
    const session = this.#session!
    const index = new DataView(content.buffer, content.byteOffset).getUint32(0)
    // Said again after a cut, though it had come.
    if (content.length < 4 || index < session.heard) return
    if (index > session.heard) throw new CommandFailed('The other end left out a message.')
    const before = session.said.length
    const step = session.handle(content.subarray(4))
    this.#sayFrom(before)
    if (!step.done) return
    const withdrawn = step.done.aborted && this.#result !== undefined
    if (withdrawn) await this.#loseKey()
    this.#result = step.done
    if (step.done.aborted) return this.#finish()
    if (this.#options.side === 'listening') {
      await this.#keepKey(step.done)
      if (this.#socket) writeRecord(this.#socket, 'done')
    }
  }

  /** Sends what was said in this run from that number on. */
  #sayFrom(index: number): void {
    const said = this.#session?.said ?? []
    for (let i = index; i < said.length && this.#socket; i++) {
      const content = new Uint8Array(4 + said[i]!.length)
      new DataView(content.buffer).setUint32(0, i)
      content.set(said[i]!, 4)
      writeRecord(this.#socket, 'message', content)
    }
  }

  #cancelSession(): void {
    const before = this.#session?.said.length ?? 0
    this.#session?.cancel()
    this.#sayFrom(before)
  }

  async #keepKey(result: SessionSuccess): Promise<void> {
    if (this.#kept) return
    try {
      await this.#options.keep(this.#run!, result, this.#replenish)
    } catch (error) {
      if (this.#socket) writeRecord(this.#socket, 'failed')
      throw error
    }
    this.#kept = true
    result.key.fill(0)
  }

  /** A key that the other end may not have is written down as lost, and wiped. */
  async #loseKey(): Promise<void> {
    const result = this.#result
    if (!result || result.aborted || this.#kept) return
    await this.#options.stock.lost(this.#run!, result.key.length)
    result.key.fill(0)
    this.#result = undefined
  }

  #wait(): void {
    clearTimeout(this.#patience)
    const { patienceMs } = this.#options
    const seconds = Math.round(patienceMs / 1000)
    const line = this.#session
      ? `The other end was silent for ${seconds} s. Nothing was kept.`
      : `--connect: nobody with our key answered for ${seconds} s. None of it was spent.`
    this.#patience = setTimeout(() => this.stop(new CommandFailed(line)), patienceMs)
  }

  #refuse(reason: 'other-key' | 'no-greeting' | 'busy'): void {
    if (this.#options.side === 'connecting' && reason === 'other-key') {
      this.#fail(new CommandFailed('--auth-key: the other end does not have the same key. None of it was spent.'))
    } else this.#options.onRefused(reason)
  }

  #finish(acknowledged = false): void {
    if (this.#settled || !this.#result) return
    this.#close()
    this.#settle.resolve({ run: this.#run!, result: this.#result, acknowledged })
  }

  #fail(error: unknown): void {
    if (this.#settled) return
    if (this.#kept) {
      this.#finish()
      return
    }
    this.#cancelSession()
    this.#close()
    if (this.#result && !this.#result.aborted) this.#result.key.fill(0)
    this.#settle.reject(error)
  }

  #close(): void {
    this.#settled = true
    clearTimeout(this.#patience)
    this.#socket?.end()
    this.#session?.wipe()
  }
}
