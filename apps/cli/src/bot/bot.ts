/** The bot in its room: tells each change, carries out orders one after the other, and knows when it is over. */
import type { RoomClient } from '@qsec/client'
import { saveFile, sendFile } from '../room/files.ts'
import { splitNamed } from '../room/named.ts'
import { endOf, type RoomEnd, untilInside, untilSaid } from '../room/waiting.ts'
import { echoOf } from './echo.ts'
import { type BotEvent, Changes } from './events.ts'
import type { Order } from './orders.ts'
import { askServer } from './server.ts'

/** A bot lives for months: of what it has told it holds no more than this, and no more than a page once there is more. */
const heldAtMost = 2_000

export class Bot {
  /** Resolves when the device is no longer in the room, by its own will or not. */
  readonly ended: Promise<RoomEnd>
  readonly #room: RoomClient
  readonly #changes: Changes
  readonly #tell: (event: BotEvent) => void
  readonly #echo: boolean
  readonly #end: (end: RoomEnd) => void
  #unsubscribe: () => void
  #orders: Promise<void> = Promise.resolve()

  constructor(room: RoomClient, tell: (event: BotEvent) => void, echo: boolean) {
    const { promise, resolve } = Promise.withResolvers<RoomEnd>()
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
      if (!(await untilInside(this.#room))) return
      await this.#carryOut(order)
    })
    return this.#orders
  }

  /** Resolves once no own message is under way any more, and somebody has taken every file that was sent. */
  async settled(): Promise<RoomEnd> {
    await this.#orders
    return untilSaid(this.#room)
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
          await this.#room.send(order.text, living(order))
          return
        case 'tell':
          return await this.#tellOne(order)
        case 'send-file':
          return await this.#withFile(() => sendFile(this.#room, order.from, order.text))
        case 'save-file':
          void this.#withFile(async () => {
            this.#tell({ event: 'file-saved', id: order.id, path: await saveFile(this.#room, order.id, order.to) })
          })
          return
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

  /** A file that is not there, or a disk that is full, ends the order and not the bot. */
  async #withFile(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#tell({ event: 'file-refused', problem: error instanceof Error ? error.message : 'It was not done.' })
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
    const { timeline } = snapshot
    const isUnderWay = timeline.some((item) => item.kind === 'message' && item.author.self && item.state === 'sending')
    // Where the room has closed meanwhile there is nothing to hold.
    if (timeline.length > heldAtMost && !isUnderWay) this.#room.showLatest().catch(() => this.#unsubscribe())
    const end = endOf(snapshot.phase)
    if (end) this.#end(end)
  }
}

function living({ lifetimeS }: { lifetimeS?: number }): { lifetimeS?: number } {
  return lifetimeS === undefined ? {} : { lifetimeS }
}
