/**
 * The account of an authentication key: every bit that came in is either delivered, spent on tags, still there, or lost.
 * A line of JSON per event, each true by itself once it stands; a line that a crash cut short never happened.
 */

export type LedgerEntry =
  /** The file that both ends got by hand. The first bytes of it only ever prove who greets. */
  | { event: 'opened'; bytes: number; greetingBytes: number }
  /** Bytes of the stock that tag one run. They are gone, whatever becomes of it. */
  | { event: 'spent'; run: string; from: number; to: number }
  /** Bytes that this end passes over, because the other end has spent them or they are nowhere else. */
  | { event: 'expired'; from: number; to: number }
  /** A new key: some of it in a key file, some at the end of the stock. */
  | { event: 'produced'; run: string; deliveredBytes: number; storedBytes: number }
  /** A new key that the other end may not have. */
  | { event: 'lost'; run: string; bytes: number }
  /** The stock ends here from now on: the other end does not have the rest. */
  | { event: 'cut'; to: number }

/** In bits. `produced` is the sum of all the others, at every moment. */
export interface Balance {
  produced: number
  delivered: number
  consumed: number
  stored: number
  expired: number
}

/** A stretch of the stock that came in at once, from its first byte on. */
export interface Segment {
  /** `shared` of the file that was there first, otherwise the run that made it. */
  origin: string
  bytes: number
}

export interface Ledger {
  readonly balance: Balance
  readonly segments: readonly Segment[]
  /** Every byte before this one is used up. */
  readonly spentTo: number
  /** Bytes of the stock, used up or not. */
  readonly end: number
}

export const emptyLedger: Ledger = {
  balance: { produced: 0, delivered: 0, consumed: 0, stored: 0, expired: 0 },
  segments: [],
  spentTo: 0,
  end: 0,
}

/** @throws Error if the entry cannot follow; that can only be our mistake, or a file that somebody changed */
export function afterEntry(ledger: Ledger, entry: LedgerEntry): Ledger {
  const { balance, segments, spentTo, end } = ledger
  switch (entry.event) {
    case 'opened': {
      mustHold(end === 0 && isCount(entry.bytes) && isCount(entry.greetingBytes) && entry.greetingBytes <= entry.bytes)
      const stored = 8 * (entry.bytes - entry.greetingBytes)
      return {
        balance: { ...balance, produced: 8 * entry.bytes, consumed: 8 * entry.greetingBytes, stored },
        segments: [{ origin: 'shared', bytes: entry.bytes }],
        spentTo: entry.greetingBytes,
        end: entry.bytes,
      }
    }
    case 'spent':
    case 'expired': {
      // Only ever onwards: no byte is used twice.
      mustHold(isCount(entry.to) && entry.from === spentTo && entry.to > entry.from && entry.to <= end)
      const bits = 8 * (entry.to - entry.from)
      const to = entry.event === 'spent' ? 'consumed' : 'expired'
      return { ...ledger, spentTo: entry.to, balance: moved(balance, 'stored', to, bits) }
    }
    case 'produced': {
      const { run, deliveredBytes, storedBytes } = entry
      mustHold(end > 0 && isCount(deliveredBytes) && isCount(storedBytes))
      const bits = 8 * (deliveredBytes + storedBytes)
      return {
        ...ledger,
        segments: storedBytes > 0 ? [...segments, { origin: run, bytes: storedBytes }] : segments,
        end: end + storedBytes,
        balance: {
          ...balance,
          produced: balance.produced + bits,
          delivered: balance.delivered + 8 * deliveredBytes,
          stored: balance.stored + 8 * storedBytes,
        },
      }
    }
    case 'lost': {
      mustHold(end > 0 && isCount(entry.bytes))
      const bits = 8 * entry.bytes
      return {
        ...ledger,
        balance: { ...balance, produced: balance.produced + bits, expired: balance.expired + bits },
      }
    }
    case 'cut': {
      mustHold(isCount(entry.to) && entry.to > 0 && entry.to < end)
      const lost = 8 * Math.max(0, end - Math.max(entry.to, spentTo))
      return {
        segments: cutSegments(segments, entry.to),
        spentTo: Math.min(spentTo, entry.to),
        end: entry.to,
        balance: moved(balance, 'stored', 'expired', lost),
      }
    }
    default:
      throw new Error('ledger: an unknown event')
  }
}

export interface LedgerFile {
  entries: LedgerEntry[]
  ledger: Ledger
  /** Length of the lines that are whole. What follows was being written when the machine stopped, and counts as never said. */
  wholeLength: number
}

/** undefined if a whole line is none of ours. */
export function parseLedger(text: string): LedgerFile | undefined {
  const wholeLength = text.lastIndexOf('\n') + 1
  const entries: LedgerEntry[] = []
  let ledger = emptyLedger
  try {
    for (const line of text.slice(0, wholeLength).split('\n').slice(0, -1)) {
      const entry = JSON.parse(line) as LedgerEntry
      ledger = afterEntry(ledger, entry)
      entries.push(entry)
    }
  } catch {
    return undefined
  }
  return { entries, ledger, wholeLength }
}

export function lineOf(entry: LedgerEntry): string {
  return `${JSON.stringify(entry)}\n`
}

/** The stock that two ends have in common: as long as their segments are the same. */
export function commonEnd(ours: readonly Segment[], theirs: readonly Segment[]): number {
  let end = 0
  for (const [i, { origin, bytes }] of ours.entries()) {
    if (theirs[i]?.origin !== origin || theirs[i].bytes !== bytes) break
    end += bytes
  }
  return end
}

function cutSegments(segments: readonly Segment[], to: number): Segment[] {
  const kept: Segment[] = []
  let at = 0
  for (const segment of segments) {
    if (at + segment.bytes > to) break
    kept.push(segment)
    at += segment.bytes
  }
  mustHold(at === to)
  return kept
}

function moved(balance: Balance, from: keyof Balance, to: keyof Balance, bits: number): Balance {
  return { ...balance, [from]: balance[from] - bits, [to]: balance[to] + bits }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function mustHold(holds: boolean): asserts holds {
  if (!holds) throw new Error('ledger: an entry that cannot follow')
}
