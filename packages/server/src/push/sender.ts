/**
 * Sends pushes: so many at a time, each tried again a few times while it is still wanted, and none kept longer. What waits is
 * in memory alone: a relay that ends forgets it, and the next message calls anew.
 */
import { Agent } from 'node:https'
import type { Base64Url } from '@qsec/protocol'
import type { RelayLimits } from '../limits.ts'
import type { Reporter } from '../report.ts'
import type { Tally } from '../tally.ts'
import { type Posted, postPush } from './post.ts'
import type { Vapid } from './vapid.ts'

export interface PushOptions {
  vapid: Vapid
  /** Origins of push services that the operator has listed: their addresses may be private. */
  services?: readonly string[]
  /** For tests: what signs the certificates of those services, as PEM. Default: what Node trusts. */
  ca?: string
}

interface Ports {
  limits: RelayLimits
  tally: Tally
  now: () => number
  report: Reporter
}

/** `gone`: the address is of no use any more. `given-up`: this call will not come, a later one may. */
export type Called = 'taken' | 'gone' | 'given-up'

interface Waiting {
  endpoint: URL
  isWanted: () => boolean
  tries: number
  done: (called: Called) => void
}

/** The operator is told of a service that refuses, but not for each push. */
const tellEveryMs = 600_000

export class PushSender {
  readonly #options: PushOptions
  readonly #ports: Ports
  readonly #services: ReadonlySet<string>
  readonly #agent: Agent
  readonly #queue: Waiting[] = []
  readonly #later = new Map<NodeJS.Timeout, Waiting>()
  #underWay = 0
  #closed = false
  #toldMs = Number.NEGATIVE_INFINITY

  constructor(options: PushOptions, ports: Ports) {
    this.#options = options
    this.#ports = ports
    this.#services = new Set(options.services)
    const { pushesAtOnce } = ports.limits
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: pushesAtOnce,
      maxFreeSockets: 4,
      ...(options.ca ? { ca: options.ca } : {}),
    })
  }

  /** What browsers bind their subscriptions to. */
  get publicKey(): Base64Url {
    return this.#options.vapid.publicKey
  }

  /**
   * Calls the browser behind `endpoint`, now or a little later.
   *
   * @param isWanted - asked before each try: whoever has come meanwhile is not called any more
   */
  call(endpoint: string, isWanted: () => boolean): Promise<Called> {
    const { tally, limits } = this.#ports
    return new Promise((resolve) => {
      const done = (called: Called) => resolve(called)
      if (this.#closed) return done('given-up')
      if (this.#queue.length + this.#later.size >= limits.pushesWaiting) {
        tally.pushed('given-up')
        return done('given-up')
      }
      this.#queue.push({ endpoint: new URL(endpoint), isWanted, tries: 0, done })
      this.#go()
    })
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#later.keys()) clearTimeout(timer)
    for (const { done } of [...this.#queue.splice(0), ...this.#later.values()]) done('given-up')
    this.#later.clear()
    this.#agent.destroy()
  }

  #go(): void {
    while (!this.#closed && this.#underWay < this.#ports.limits.pushesAtOnce) {
      const next = this.#queue.shift()
      if (!next) return
      if (!next.isWanted()) {
        next.done('given-up')
        continue
      }
      this.#underWay += 1
      void this.#post(next).finally(() => {
        this.#underWay -= 1
        this.#go()
      })
    }
  }

  async #post(waiting: Waiting): Promise<void> {
    const { limits, now, tally } = this.#ports
    const { endpoint } = waiting
    waiting.tries += 1
    const posted = await postPush(endpoint, {
      authorization: this.#options.vapid.authorization(endpoint.origin, now()),
      ttlS: limits.pushTtlS,
      timeoutMs: limits.pushTimeoutMs,
      agent: this.#agent,
      isListed: this.#services.has(endpoint.origin),
    })
    tally.pushed(posted.type)
    if (posted.type === 'later' && waiting.tries < limits.pushTries && !this.#closed)
      return this.#again(waiting, posted)
    this.#tell(posted)
    waiting.done(posted.type === 'taken' || posted.type === 'gone' ? posted.type : 'given-up')
  }

  #again(waiting: Waiting, { code, waitMs }: Posted & { type: 'later' }): void {
    const { limits, report } = this.#ports
    const inMs = Math.max(waitMs ?? 0, limits.pushRetryMs * 4 ** (waiting.tries - 1))
    report({ level: 'debug', event: 'push-delayed', code, inMs })
    const timer = setTimeout(() => {
      this.#later.delete(timer)
      this.#queue.push(waiting)
      this.#go()
    }, inMs)
    timer.unref()
    this.#later.set(timer, waiting)
  }

  /** A device can name an address that refuses everything, so most of it is for who looks closely. */
  #tell(posted: Posted): void {
    if (posted.type === 'taken' || posted.type === 'gone') return
    const { now, report } = this.#ports
    const { code } = posted
    // A service that knows this relay's key and will not have it: subscriptions are of another key, or the contact is wrong.
    const isOurs = code === 'http-401' || code === 'http-403'
    if (isOurs && Math.abs(now() - this.#toldMs) >= tellEveryMs) {
      this.#toldMs = now()
      report({ level: 'warn', event: 'push-refused', code })
    } else report({ level: 'debug', event: 'push-failed', code })
  }
}
