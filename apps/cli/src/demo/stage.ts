/** The stage of the demo: runs one step after the other, each with a time limit, and tells how it went. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { CommandFailed } from '../command.ts'
import { explain } from '../output.ts'

export interface StepResult {
  name: string
  ok: boolean
  ms: number
  /** One line: what was seen, or why it failed. */
  detail: string
}

export class Stage {
  readonly steps: StepResult[] = []
  readonly #tell: (step: StepResult) => void
  /** What the present step waits for: named where it waits in vain. */
  readonly #waits = new Set<string>()

  constructor(tell: (step: StepResult) => void) {
    this.#tell = tell
  }

  /**
   * Plays one step. What `body` resolves with is the detail that is told.
   *
   * @throws CommandFailed where it did not happen in time; nothing can follow then
   */
  async step(name: string, timeoutMs: number, body: () => Promise<string>): Promise<void> {
    const startMs = performance.now()
    const result = await this.#inTime(body, timeoutMs).then(
      (detail) => ({ ok: true, detail }),
      (error: unknown) => ({ ok: false, detail: explain(error) }),
    )
    const step = { name, ok: result.ok, ms: Math.round(performance.now() - startMs), detail: result.detail }
    this.steps.push(step)
    this.#tell(step)
    if (!step.ok) throw new CommandFailed(`The demo failed at "${name}": ${step.detail}`)
  }

  /** Resolves once `holds` is true of every room. `what` completes "waited in vain for …". */
  async all(
    rooms: readonly RoomClient[],
    what: string,
    holds: (snapshot: RoomSnapshot) => boolean,
  ): Promise<RoomSnapshot[]> {
    return Promise.all(rooms.map((room) => this.once(room, what, holds)))
  }

  async once(room: RoomClient, what: string, holds: (snapshot: RoomSnapshot) => boolean): Promise<RoomSnapshot> {
    const wait = `${what} (at ${room.snapshot.self.name})`
    this.#waits.add(wait)
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!holds(room.snapshot)) return
        stop()
        resolve()
      }
      const stop = room.subscribe(look)
      look()
    })
    this.#waits.delete(wait)
    return room.snapshot
  }

  async #inTime(body: () => Promise<string>, timeoutMs: number): Promise<string> {
    this.#waits.clear()
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      const what = this.#waits.size === 0 ? 'it' : [...this.#waits].join(', ')
      reject(new CommandFailed(`waited ${timeoutMs / 1000} s in vain for ${what}`))
    }, timeoutMs)
    try {
      return await Promise.race([body(), promise])
    } finally {
      clearTimeout(timer)
    }
  }
}

/** For what has to be true at once. */
export function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new CommandFailed(otherwise)
}
