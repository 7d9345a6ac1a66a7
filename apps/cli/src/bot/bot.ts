/** The bot in its room: tells each change, carries out orders one after the other, and knows when it is over. */
import type { RoomClient, RoomSnapshot } from '@qsec/client'
import { echoOf } from './echo.ts'
import { type BotEvent, Changes } from './events.ts'
import { type Order, splitNamed } from './orders.ts'
import { askServer } from './server.ts'

/** How the bot's time in the room ended; `why` is one line for people. */
export type BotEnd = { ok: true } | { ok: false; why: string }

export class Bot {
  /** Resolves when the device is no longer in the room, by its own will or not. */
  readonly ended: Promise<BotEnd>
  readonly #room: RoomClient
  readonly #changes: Changes
  readonly #tell: (event: BotEvent) => void
  readonly #echo: boolean
  readonly #end: (end: BotEnd) => void
  #unsubscribe: () => void
  #orders: Promise<void> = Promise.resolve()

  constructor(room: RoomClient, tell: (event: BotEvent) => void, echo: boolean) {
    const { promise, resolve } = Promise.withResolvers<BotEnd>()
    this.ended = promise
    this.#end = resolve
    this.#room = room
    this.#tell = tell
    this.#echo = echo
    this.#changes = new Changes(room.snapshot)
    this.#unsubscribe = room.subscribe(() => this.#look())
    this.#look()
  }

  /** Carries out an order after those before it, and not before the device is in the room. */
  take(order: Order): Promise<void> {
    this.#orders = this.#orders.then(async () => {
      if (!(await this.#inside())) return
      await this.#carryOut(order)
    })
    return this.#orders
  }

  /** Resolves once no own message is under way any more. */
  async settled(): Promise<BotEnd> {
    await this.#orders
    const { timeline } = await this.#until(
      ({ timeline }) =>
        !timeline.some((item) => item.kind === 'message' && (item.state === 'sending' || item.state === 'held')),
    )
    const failed = timeline.some((item) => item.kind === 'message' && item.state === 'not-sent')
    return failed ? { ok: false, why: 'Not every message could be sent.' } : { ok: true }
  }

  /** Stops without leaving: a device with a folder can come back. */
  async close(): Promise<void> {
    this.#unsubscribe()
    await this.#room.close()
  }

  async #carryOut(order: Order): Promise<void> {
    try {
      switch (order.type) {
        case 'say':
          return await this.#room.send(order.text, living(order))
        case 'tell':
          return await this.#tellOne(order)
        case 'tell-named':
          return await this.#tellNamed(order.words)
        case 'eavesdropper':
          return await this.#room.switchEavesdropper(order.on)
        case 'key-exchange':
          return this.#room.runKeyExchange()
        case 'server':
          return this.#tell(await askServer(this.#room, order.table))
        case 'leave':
          return await this.#room.leave()
        case 'nothing':
        case 'not-understood':
          return
      }
    } catch {
      // The room has said it itself: its phase is `refused` now, with the reason, and that ends the bot.
      this.#look()
    }
  }

  /** What is not taken is told, and the bot goes on: the person may have left a moment ago. */
  async #tellOne({ to, text, ...order }: Order & { type: 'tell' }): Promise<void> {
    try {
      await this.#room.tell(to, text, living(order))
    } catch (error) {
      this.#tell({ event: 'note-refused', to, problem: error instanceof Error ? error.message : 'It was not taken.' })
    }
  }

  async #tellNamed(words: string): Promise<void> {
    const others = this.#room.snapshot.people.filter(({ self, standing }) => !self && standing.trust !== 'self')
    const named = splitNamed(words, others)
    if ('problem' in named) this.#tell({ event: 'note-refused', to: '', problem: `${named.problem}: /to NAME TEXT` })
    else await this.#tellOne({ type: 'tell', to: named.to.device, text: named.text })
  }

  #look(): void {
    const { snapshot } = this.#room
    for (const event of this.#changes.take(snapshot)) {
      this.#tell(event)
      // What disappears does so after it was told.
      if ('lifetimeS' in event && !event.own) void this.#room.see(event.key).catch(() => this.#look())
      const answer = this.#echo ? echoOf(event) : undefined
      if (answer !== undefined) void this.take({ type: 'say', text: answer })
    }
    const { phase } = snapshot
    if (phase.at === 'left') this.#end({ ok: true })
    if (phase.at === 'removed') this.#end({ ok: false, why: 'This device was removed from the room.' })
    if (phase.at === 'ended') this.#end({ ok: false, why: 'The room was ended for everybody.' })
    if (phase.at === 'refused') this.#end({ ok: false, why: phase.message })
  }

  /** Waits for the door to open. False: it never will. */
  async #inside(): Promise<boolean> {
    const outside = ['connecting', 'waiting', 'knocking']
    const { phase } = await this.#until(({ phase }) => !outside.includes(phase.at))
    return phase.at === 'member' || phase.at === 'rejoining'
  }

  #until(holds: (snapshot: RoomSnapshot) => boolean): Promise<RoomSnapshot> {
    if (holds(this.#room.snapshot)) return Promise.resolve(this.#room.snapshot)
    return new Promise((resolve) => {
      const stop = this.#room.subscribe(() => {
        const { snapshot } = this.#room
        if (!holds(snapshot)) return
        stop()
        resolve(snapshot)
      })
    })
  }
}

function living({ lifetimeS }: { lifetimeS?: number }): { lifetimeS?: number } {
  return lifetimeS === undefined ? {} : { lifetimeS }
}
