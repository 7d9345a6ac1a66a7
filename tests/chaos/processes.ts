/** Relay and devices as processes: started, asked, frozen, killed. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { RelayLimits } from '@qsec/server'
import type { ClientSetup, Look, Order } from './client-process.ts'
import type { Entry } from './history.ts'

const here = import.meta.dirname

/** Rejects with what went wrong where the process ends before it answers. */
async function answerOf(child: ChildProcess, what: string): Promise<unknown> {
  const over = new AbortController()
  try {
    const ended = once(child, 'exit', { signal: over.signal }).then(([code, signal]) => {
      throw new Error(`${what} ended with ${code ?? signal}`)
    })
    const [message] = (await Promise.race([once(child, 'message', { signal: over.signal }), ended])) as [unknown]
    return message
  } finally {
    over.abort()
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

export class RelayProcess {
  readonly #databasePath: string
  readonly #limits: Partial<RelayLimits>
  #child: ChildProcess | undefined
  port = 0

  constructor(databasePath: string, limits: Partial<RelayLimits> = {}) {
    this.#databasePath = databasePath
    this.#limits = limits
  }

  /** At the port of before, where there was one. */
  async start(limits = this.#limits): Promise<void> {
    const argv = [this.#databasePath, String(this.port), JSON.stringify(limits)]
    this.#child = fork(path.join(here, 'relay-process.ts'), argv)
    this.port = (await answerOf(this.#child, 'the relay')) as number
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name)
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    if (this.#child) await kill(this.#child)
  }

  /** Resident memory in MiB. */
  get rssMiB(): number {
    const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8')
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024)
  }
}

export class ClientProcess {
  readonly setup: ClientSetup
  #child: ChildProcess | undefined
  /** What it was told to say: so many in all. */
  #told = 0
  #pauseMs = 0

  constructor(setup: ClientSetup) {
    this.setup = setup
  }

  get name(): string {
    return this.setup.name
  }

  /** With `where` of a room that it is in already, its stored device comes back. */
  async start(where = this.setup.where): Promise<void> {
    const setup = { ...this.setup, ...(where === undefined ? {} : { where }) }
    this.#child = fork(path.join(here, 'client-process.ts'), [JSON.stringify(setup)])
    await answerOf(this.#child, this.name)
  }

  talk(count: number, pauseMs: number): void {
    this.#order({ do: 'talk', first: this.#told, count, pauseMs })
    this.#told += count
    this.#pauseMs = pauseMs
  }

  /** Says what was left to say when the process was killed. What it had begun to say then is not begun again. */
  talkOn(): void {
    const first = this.history().filter((entry) => entry.op === 'send' && entry.phase === 'invoke').length
    this.#order({ do: 'talk', first, count: this.#told - first, pauseMs: this.#pauseMs })
  }

  async look(): Promise<Look> {
    const answer = answerOf(this.#child!, this.name)
    this.#order({ do: 'look' })
    return (await answer) as Look
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name)
  }

  async kill(): Promise<void> {
    if (this.#child) await kill(this.#child)
  }

  history(): Entry[] {
    const lines = readFileSync(this.setup.historyFile, { encoding: 'utf8', flag: 'a+' }).split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry)
  }

  #order(order: Order): void {
    this.#child?.send(order)
  }
}
