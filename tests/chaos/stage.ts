/** A room of device processes behind proxies of their own, and the relay process that they all talk to. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RelayLimits } from '@qsec/server'
import type { Look } from './client-process.ts'
import { type FaultyProxy, openFaultyProxy } from './faulty-proxy.ts'
import { checkHistory, type Entry, type Violation } from './history.ts'
import { ClientProcess, RelayProcess } from './processes.ts'

export interface Actor extends ClientProcess {
  readonly proxy: FaultyProxy
}

/** How a room came out of what was done to it. */
export interface Outcome {
  violations: Violation[]
  looks: Map<string, Look>
  history: Entry[]
}

export class ChaosStage {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'qsec-chaos-'))
  readonly relay: RelayProcess
  readonly actors: Actor[] = []
  /** Who was not there from the beginning. */
  readonly #late = new Set<string>()
  #address = ''

  private constructor(limits: Partial<RelayLimits>) {
    this.relay = new RelayProcess(this.databasePath, limits)
  }

  get databasePath(): string {
    return path.join(this.folder, 'qsec2.db')
  }

  /** The first of `names` makes the room, the others come in by its link. */
  static async open(names: readonly string[], limits: Partial<RelayLimits> = {}, quantum = false): Promise<ChaosStage> {
    const stage = new ChaosStage(limits)
    await stage.relay.start()
    for (const name of names) await stage.add(name, { quantum })
    for (const actor of stage.actors) {
      await stage.wait(actor, ({ phase, people }) => phase === 'member' && people === names.length)
    }
    stage.#late.clear()
    return stage
  }

  /** Somebody comes in. Resolves when it has asked to. */
  async add(name: string, { quantum = false } = {}): Promise<Actor> {
    const proxy = await openFaultyProxy(() => this.relay.port)
    const [host] = this.actors
    const where = host && (await this.wait(host, ({ invitePath }) => invitePath !== undefined)).invitePath
    const setup = {
      name,
      folder: path.join(this.folder, name),
      historyFile: path.join(this.folder, `${name}.jsonl`),
      relayUrl: proxy.url,
      quantum,
      ...(where === undefined ? {} : { where }),
    }
    const actor = Object.assign(new ClientProcess(setup), { proxy })
    this.actors.push(actor)
    this.#late.add(name)
    await actor.start()
    this.#address ||= (await this.wait(actor, ({ phase }) => phase === 'member')).address
    return actor
  }

  /** The device of a process that was killed comes back from its storage, and goes on talking. */
  async revive(actor: Actor): Promise<void> {
    await actor.start(this.#address)
    await this.wait(actor, ({ phase }) => phase === 'member')
    actor.talkOn()
  }

  /** Resolves once `holds` is true of what the actor shows; fails with that picture otherwise. */
  async wait(actor: Actor, holds: (look: Look) => boolean, withinMs = 60_000): Promise<Look> {
    const endMs = performance.now() + withinMs
    for (;;) {
      const look = await actor.look()
      if (holds(look)) return look
      if (performance.now() > endMs) {
        throw new Error(`${actor.name}: waited ${withinMs} ms in vain; it shows ${JSON.stringify(short(look))}`)
      }
      await sleep(100)
    }
  }

  /**
   * Waits until all is said, at rest and whole, or nothing has changed for `stillMs`, and judges what is there then. A busy
   * machine takes long, and that is no fault.
   */
  async settle(stillMs: number): Promise<Outcome> {
    let before = ''
    let endMs = 0
    for (;;) {
      const looks = new Map<string, Look>()
      for (const actor of this.actors) looks.set(actor.name, await actor.look())
      const history = this.actors.flatMap((actor) => actor.history())
      for (const [client, look] of looks) {
        const { ids, gaps, epoch, roomCode } = look
        history.push({ op: 'screen', client, ids, gaps, epoch, roomCode, late: this.#late.has(client) })
      }
      const now = JSON.stringify([...looks.values()].map(({ ids, sending, epoch }) => [ids.length, sending, epoch]))
      if (now !== before) endMs = performance.now() + stillMs
      before = now
      const violations = checkHistory(history)
      const atRest = [...looks.values()].every(
        ({ phase, connection, talking, sending, catchingUp }) =>
          phase === 'member' && connection === 'connected' && !talking && sending === 0 && !catchingUp,
      )
      if ((atRest && violations.length === 0) || performance.now() > endMs) return { violations, looks, history }
      await sleep(500)
    }
  }

  async close(): Promise<void> {
    for (const actor of this.actors) {
      await actor.kill()
      await actor.proxy.close()
    }
    await this.relay.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What a failure prints of a screen. */
export function short(look: Look): object {
  return { ...look, ids: `${look.ids.length}, the last ${look.ids.at(-1)}`, events: look.events.slice(-8) }
}
