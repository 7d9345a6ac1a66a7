/**
 * The authentication key that two hosts share, as a file, and its ledger beside it. Bytes are deducted in the ledger,
 * read, and overwritten before anything that they tag is sent: a crash wastes key and never uses it twice, and a ledger
 * that somebody removes does not bring spent key back.
 */
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises'
import { CommandFailed } from '../../command.ts'
import { fileTrouble } from '../files.ts'
import { afterEntry, type Balance, emptyLedger, type Ledger, type LedgerEntry, lineOf, parseLedger } from './ledger.ts'

/** Of the file's beginning; proves with HMAC who greets, so that no stranger makes us spend key. */
export const greetingKeyBytes = 32
const maxStockBytes = 2 ** 30
const flag = '--auth-key'

export class AuthStock {
  readonly #file: string
  readonly #stock: FileHandle
  readonly #lines: FileHandle
  #ledger: Ledger

  private constructor(file: string, stock: FileHandle, lines: FileHandle, ledger: Ledger) {
    this.#file = file
    this.#stock = stock
    this.#lines = lines
    this.#ledger = ledger
  }

  /** One process at a time. Makes the ledger where there is none yet. */
  static async open(file: string, leastBytes: number): Promise<AuthStock> {
    await lock(file)
    const opened: FileHandle[] = []
    try {
      const stock = await open(file, 'r+').catch((error: unknown) => {
        throw fileTrouble(flag, 'read', error)
      })
      opened.push(stock)
      const { size, mode } = await stock.stat()
      if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
        throw new CommandFailed(`${flag}: others may read the file. Make it yours alone: chmod 600`)
      }
      if (size > maxStockBytes) throw new CommandFailed(`${flag}: the file has more than ${maxStockBytes} bytes.`)
      const lines = await open(ledgerOf(file), 'a+', 0o600).catch((error: unknown) => {
        throw fileTrouble(flag, 'written', error)
      })
      opened.push(lines)
      const found = parseLedger(await readFile(ledgerOf(file), 'utf8'))
      if (!found) throw new CommandFailed(`${flag}: its ledger is damaged. Share a new key by hand, under a new name.`)
      await lines.truncate(found.wholeLength)
      const own = new AuthStock(file, stock, lines, found.ledger)
      await own.#settle(size, leastBytes)
      return own
    } catch (error) {
      for (const handle of opened) await handle.close()
      await rm(lockOf(file), { force: true })
      throw error
    }
  }

  get ledger(): Ledger {
    return this.#ledger
  }

  get balance(): Balance {
    return this.#ledger.balance
  }

  async greetingKey(): Promise<Uint8Array> {
    return this.#read(0, greetingKeyBytes)
  }

  /** Bytes [from, from + count) for one run; what lies before them expires. */
  async spend(run: string, from: number, count: number): Promise<Uint8Array> {
    const { spentTo, end } = this.#ledger
    if (from < spentTo)
      throw new CommandFailed(`${flag}: the other end wants key that is spent here. Nothing was sent.`)
    if (from + count > end) throw new CommandFailed(shortage(end - spentTo))
    if (from > spentTo) await this.#enter({ event: 'expired', from: spentTo, to: from })
    await this.#enter({ event: 'spent', run, from, to: from + count })
    const bytes = await this.#read(from, count)
    // Random bytes are never all the same; erased ones are.
    if (bytes.every((byte) => byte === 0)) {
      throw new CommandFailed(`${flag}: this key was spent before; its ledger is not the one that says so.`)
    }
    await this.#write(spentTo, new Uint8Array(from + count - spentTo))
    return bytes
  }

  /** Forgets what the other end does not have. */
  async cutTo(end: number): Promise<void> {
    if (end >= this.#ledger.end) return
    await this.#enter({ event: 'cut', to: end })
    await this.#stock.truncate(end)
    await this.#stock.sync()
  }

  /** A key was made and its delivered part is in its file; the rest becomes the end of the stock. */
  async produced(run: string, deliveredBytes: number, stored: Uint8Array): Promise<void> {
    if (stored.length > 0) await this.#write(this.#ledger.end, stored)
    await this.#enter({ event: 'produced', run, deliveredBytes, storedBytes: stored.length })
  }

  async lost(run: string, bytes: number): Promise<void> {
    await this.#enter({ event: 'lost', run, bytes })
  }

  async close(): Promise<void> {
    await this.#stock.close()
    await this.#lines.close()
    await rm(lockOf(this.#file), { force: true })
  }

  /** The file and its ledger may be apart by what a crash left undone. */
  async #settle(size: number, leastBytes: number): Promise<void> {
    if (this.#ledger === emptyLedger || this.#ledger.end === 0) {
      if (size < greetingKeyBytes + leastBytes) {
        throw new CommandFailed(`${flag}: the file needs at least ${greetingKeyBytes + leastBytes} random bytes.`)
      }
      const start = await this.#read(0, greetingKeyBytes)
      if (start.every((byte) => byte === start[0])) throw new CommandFailed(`${flag}: the file is not random.`)
      await this.#enter({ event: 'opened', bytes: size, greetingBytes: greetingKeyBytes })
    } else if (size < this.#ledger.end) {
      throw new CommandFailed(`${flag}: the file is shorter than its ledger says. Share a new key by hand.`)
    }
    // Written before its line was: the key that it belongs to was never acknowledged.
    if (size > this.#ledger.end) await this.#stock.truncate(this.#ledger.end)
    const erased = this.#ledger.spentTo - greetingKeyBytes
    if (erased > 0) await this.#write(greetingKeyBytes, new Uint8Array(erased))
  }

  async #enter(entry: LedgerEntry): Promise<void> {
    const next = afterEntry(this.#ledger, entry)
    await this.#lines.appendFile(lineOf(entry))
    await this.#lines.sync()
    this.#ledger = next
  }

  async #read(from: number, count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count)
    const { bytesRead } = await this.#stock.read(bytes, 0, count, from)
    if (bytesRead !== count) throw new CommandFailed(`${flag}: the file cannot be read to its end.`)
    return bytes
  }

  async #write(at: number, bytes: Uint8Array): Promise<void> {
    await this.#stock.write(bytes, 0, bytes.length, at)
    await this.#stock.sync()
  }
}

export function shortage(leftBytes: number): string {
  return `${flag}: only ${8 * Math.max(0, leftBytes)} bits are left, and a run takes 896. Share a new key by hand, or use --replenish in time.`
}

function ledgerOf(file: string): string {
  return `${file}.ledger`
}

function lockOf(file: string): string {
  return `${file}.lock`
}

async function lock(file: string): Promise<void> {
  await stat(file).catch((error: unknown) => {
    throw fileTrouble(flag, 'read', error)
  })
  for (let tries = 0; tries < 2; tries++) {
    try {
      const handle = await open(lockOf(file), 'wx', 0o600)
      await handle.writeFile(`${process.pid}\n`)
      await handle.close()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileTrouble(flag, 'written', error)
    }
    const holder = Number(await readFile(lockOf(file), 'utf8').catch(() => ''))
    if (isAlive(holder)) break
    await rm(lockOf(file), { force: true })
  }
  throw new CommandFailed(`${flag}: another qsec uses this key just now.`)
}

function isAlive(pid: number): boolean {
  // A file without a number is being written this moment.
  if (!Number.isSafeInteger(pid) || pid <= 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
