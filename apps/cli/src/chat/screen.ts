/** Where a chat is read and typed: a terminal whose typed line stays whole, or plain lines for pipes and screen readers. */
import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import { createInterface, type Interface } from 'node:readline/promises'
import { draw, type Line } from './lines.ts'

export interface Screen {
  say(lines: readonly Line[]): void
  /** How far own messages have come, where there is a place for that. */
  state(tag: string | undefined): void
  clear(): void
  /** Calls `take` with each line that was typed, and resolves at the end of them (Ctrl-D, a pipe that ends) or at Ctrl-C. */
  read(take: (line: string) => void): Promise<void>
  close(): void
  /** What was typed stands on the screen already, so that own messages are not shown again. */
  readonly echoes: boolean
  /** Own states are lines here, for nothing else can show them. */
  readonly linear: boolean
  /** A person is there to be asked. */
  readonly asks: boolean
}

export interface ScreenOptions {
  plain: boolean
  complete(line: string): string[]
}

export function openScreen({ plain, complete }: ScreenOptions): Screen {
  const { stdin, stdout } = process
  const capable = stdin.isTTY && stdout.isTTY && process.env.TERM !== 'dumb'
  return plain || !capable ? new PlainScreen() : new TerminalScreen(complete)
}

/** One line after the other; nothing that was written is touched again, and what is typed is edited by the terminal itself. */
class PlainScreen implements Screen {
  readonly echoes = process.stdin.isTTY === true
  readonly linear = true
  readonly asks = process.stdin.isTTY === true
  readonly #lines: Interface = createInterface({
    input: process.stdin,
    terminal: false,
    crlfDelay: Number.POSITIVE_INFINITY,
  })

  constructor() {
    process.stdin.on('error', () => process.stdin.destroy()) // a stdin that breaks has ended
  }

  say(lines: readonly Line[]): void {
    const { isTTY, columns } = process.stdout
    const paper = isTTY && columns ? { columns, colours: false } : { colours: false }
    process.stdout.write(lines.map((line) => draw(line, paper)).join(''))
  }

  state(): void {
    // Told as lines: see `linear`.
  }

  clear(): void {
    // What was written stays.
  }

  read(take: (line: string) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#lines.on('line', take)
      this.#lines.once('close', resolve)
    })
  }

  close(): void {
    // The terminal has written ^C, and stands behind it.
    if (this.echoes) process.stdout.write('\n')
    this.#lines.close()
  }
}

/** What comes is written above the line that is being typed, which is drawn again below it. */
class TerminalScreen implements Screen {
  readonly echoes = false
  readonly linear = false
  readonly asks = true
  readonly #reader: Interface
  readonly #colours = process.stdout.hasColors()
  #prompt = '> '
  #open = true

  constructor(complete: (line: string) => string[]) {
    this.#reader = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      prompt: this.#prompt,
      historySize: 200,
      removeHistoryDuplicates: true,
      completer: (line: string): [string[], string] => [complete(line), line],
    })
  }

  say(lines: readonly Line[]): void {
    if (lines.length > 0) this.#above(() => lines.map((line) => draw(line, this.#paper())).join(''))
  }

  state(tag: string | undefined): void {
    // A prompt that leaves no room for words would break them into pieces.
    const shown = tag !== undefined && this.#columns() >= 3 * tag.length
    const prompt = shown ? `[${tag}] > ` : '> '
    if (prompt === this.#prompt) return
    this.#prompt = prompt
    this.#above(() => '')
  }

  clear(): void {
    cursorTo(process.stdout, 0, 0)
    clearScreenDown(process.stdout)
    this.#redraw(0)
  }

  read(take: (line: string) => void): Promise<void> {
    // Enter leaves what was typed on the screen. It is taken away, for it comes as a message, or was a command.
    process.stdin.prependListener('keypress', (_text, key?: { name?: string }) => {
      if (key?.name !== 'return' && key?.name !== 'enter') return
      this.#reader.write(null, { ctrl: true, name: 'e' })
      this.#typedRows = this.#reader.getCursorPos().rows + 1
    })
    return new Promise((resolve) => {
      this.#reader.on('line', (line) => {
        moveCursor(process.stdout, 0, -this.#typedRows)
        cursorTo(process.stdout, 0)
        clearScreenDown(process.stdout)
        this.#typedRows = 0
        this.#redraw(0)
        take(line)
      })
      this.#reader.once('SIGINT', resolve)
      this.#reader.once('close', resolve)
      this.#redraw(0)
    })
  }

  #typedRows = 0

  close(): void {
    if (!this.#open) return
    this.#goAbove()
    this.#open = false
    this.#reader.close()
  }

  #columns(): number {
    return process.stdout.columns || 80
  }

  #paper(): { columns: number; colours: boolean } {
    return { columns: this.#columns(), colours: this.#colours }
  }

  #above(text: () => string): void {
    if (!this.#open) {
      process.stdout.write(text())
      return
    }
    const rows = this.#goAbove()
    process.stdout.write(text())
    this.#redraw(rows)
  }

  /** Takes the typed line off the screen, and stands where its prompt began. Yields in which of its rows the cursor was. */
  #goAbove(): number {
    const { rows } = this.#reader.getCursorPos()
    moveCursor(process.stdout, 0, -rows)
    cursorTo(process.stdout, 0)
    clearScreenDown(process.stdout)
    return rows
  }

  /** @param rows - so many the reader goes up before it draws its line, for there it left the cursor */
  #redraw(rows: number): void {
    if (!this.#open) return
    process.stdout.write('\n'.repeat(rows))
    this.#reader.setPrompt(this.#prompt)
    this.#reader.prompt(true)
  }
}
