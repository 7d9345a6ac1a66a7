/** A person in a room, by lines: shows what happens as it does, and carries out what is typed, one after the other. */
import type { RoomClient } from '@qsec/client'
import { endOf, type RoomEnd, untilInside, untilSaid } from '../room/waiting.ts'
import { type Desk, runCommand, speak } from './commands.ts'
import { note } from './lines.ts'
import { slashWords } from './page.ts'
import type { Screen } from './screen.ts'
import { StateLines, stateTag } from './states.ts'
import { patienceMs, Story } from './story.ts'
import { type ChatCommand, type Line, readChatLine } from './typed.ts'

export class Chat {
  /** Resolves when the device is no longer in the room, or this person has had enough (`/quit`). */
  readonly ended: Promise<RoomEnd | 'quit'>
  readonly #end: (end: RoomEnd | 'quit') => void
  readonly #room: RoomClient
  readonly #screen: Screen
  readonly #story: Story
  readonly #states: StateLines
  readonly #desk: Desk
  readonly #unsubscribe: () => void
  #orders: Promise<void> = Promise.resolve()
  /** What takes long and holds nothing up. */
  readonly #beside = new Set<Promise<void>>()
  #askedToLeave = false
  #again: NodeJS.Timeout | undefined
  #seen: string | undefined

  /** @param where - the address of the relay */
  constructor(room: RoomClient, screen: Screen, where: string) {
    const { promise, resolve } = Promise.withResolvers<RoomEnd | 'quit'>()
    this.ended = promise
    this.#end = resolve
    this.#room = room
    this.#screen = screen
    this.#story = new Story(room.snapshot, { where, echoes: screen.echoes, nowMs: Date.now() })
    this.#states = new StateLines(room.snapshot)
    this.#desk = {
      room,
      where,
      say: (lines) => screen.say(lines),
      clear: () => screen.clear(),
      mayLeave: () => this.#mayLeave(),
    }
    this.#unsubscribe = room.subscribe(() => this.#look())
    this.#look()
  }

  /** A line that was typed. */
  take(text: string): void {
    const line = readChatLine(text)
    if (!(line.type === 'command' && line.name === 'leave')) this.#askedToLeave = false
    // Both are wanted most where nothing goes on.
    if (line.type === 'command' && line.name === 'quit') this.#end('quit')
    else if (line.type === 'command' && line.name === 'help') void this.#carryOut(line)
    else if (line.type === 'unknown' || line.type === 'slip') this.#say(refusalOf(line))
    else if (line.type !== 'nothing') this.#queue(line)
  }

  /** Carries it out after what was typed before it, and not before the device is in the room. */
  #queue(line: Line): void {
    const { at } = this.#room.snapshot.phase
    if (at !== 'member' && at !== 'rejoining') this.#say('This waits until you are in the room.')
    this.#orders = this.#orders.then(async () => {
      if (await untilInside(this.#room)) await this.#carryOut(line)
    })
  }

  /** Resolves once everything that was typed is done and everything that was said has gone out. */
  async finish(): Promise<RoomEnd> {
    await this.#orders
    await Promise.all(this.#beside)
    return endOf(this.#room.snapshot.phase) ?? untilSaid(this.#room)
  }

  /** Stops without leaving: a device with a folder can come back. */
  async close(): Promise<void> {
    this.#unsubscribe()
    clearTimeout(this.#again)
    await this.#room.close()
  }

  async #carryOut(line: Line): Promise<void> {
    try {
      if (line.type === 'text') await speak(line.text, this.#room)
      else if (line.type === 'command' && line.name !== 'quit') await this.#command(line.name, line.rest)
    } catch (error) {
      this.#screen.say([note(reasonOf(error), 'warning')])
      this.#look()
    }
  }

  async #command(name: Exclude<ChatCommand, 'quit'>, rest: string): Promise<void> {
    if (name !== 'save') return runCommand(name, rest, this.#desk)
    // Until its file has come, which may take minutes, the conversation goes on.
    const saving = runCommand(name, rest, this.#desk)
      .catch((error: unknown) => this.#screen.say([note(reasonOf(error), 'warning')]))
      .finally(() => this.#beside.delete(saving))
    this.#beside.add(saving)
  }

  #mayLeave(): boolean {
    const may = this.#askedToLeave || !this.#screen.asks
    this.#askedToLeave = true
    return may
  }

  #say(text: string): void {
    this.#screen.say([note(text)])
  }

  #look(): void {
    const { snapshot } = this.#room
    const lines = this.#story.take(snapshot, Date.now())
    this.#screen.say(this.#screen.linear ? [...lines, ...this.#states.take(snapshot)] : lines)
    this.#screen.state(stateTag(snapshot))
    clearTimeout(this.#again)
    if (this.#story.waiting) this.#again = setTimeout(() => this.#look(), patienceMs)
    const last = snapshot.timeline.at(-1)?.key
    if (last !== undefined && last !== this.#seen && snapshot.phase.at === 'member') {
      this.#seen = last
      // What stands here was seen, and what disappears lives from now on.
      void this.#room.see(last).catch(() => undefined) // the storage is gone: the phase says so
    }
    const end = endOf(snapshot.phase)
    if (end) this.#end(end)
  }
}

function refusalOf(line: Extract<Line, { type: 'unknown' | 'slip' }>): string {
  if (line.type === 'unknown') return slashWords.unknown(line.name)
  return `That looks like /${line.name} and is not, so nothing was sent. Two slashes in front send it as it is.`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'It was not done.'
  const { code, path } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `There is no file ${path ?? 'of that name'}. Nothing was sent.`
  if (code === 'EACCES') return `This user may not open ${path ?? 'that file'}.`
  return error.message
}
