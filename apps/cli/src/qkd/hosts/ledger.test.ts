import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuthStock } from './auth-stock.ts'
import { encodeGreeting, parseGreeting, proofHolds, proofOf } from './greeting.ts'
import { afterEntry, commonEnd, emptyLedger, type Ledger, type LedgerEntry, lineOf, parseLedger } from './ledger.ts'

function expectBalanced({ balance, spentTo, end, segments }: Ledger): void {
  const { produced, delivered, consumed, stored, expired } = balance
  expect(produced).toBe(delivered + consumed + stored + expired)
  expect(Math.min(delivered, consumed, stored, expired)).toBeGreaterThanOrEqual(0)
  expect(stored).toBe(8 * (end - spentTo))
  expect(end).toBe(segments.reduce((sum, { bytes }) => sum + bytes, 0))
}

/** Something that may happen next to a stock, whatever state it is in. */
type Deed = (ledger: Ledger, run: number) => LedgerEntry | undefined
const size = fc.integer({ min: 1, max: 3000 })
const deed: fc.Arbitrary<Deed> = fc.oneof(
  size.map(
    (bytes): Deed =>
      ({ spentTo, end }, run) =>
        spentTo + bytes <= end ? { event: 'spent', run: `${run}`, from: spentTo, to: spentTo + bytes } : undefined,
  ),
  size.map(
    (bytes): Deed =>
      ({ spentTo, end }) =>
        spentTo + bytes <= end ? { event: 'expired', from: spentTo, to: spentTo + bytes } : undefined,
  ),
  fc.tuple(size, size).map(
    ([deliveredBytes, storedBytes]): Deed =>
      (_, run) =>
        ({
          ...{ event: 'produced', run: `${run}` },
          ...{ deliveredBytes, storedBytes: storedBytes % 5 === 0 ? 0 : storedBytes },
        }) as LedgerEntry,
  ),
  size.map(
    (bytes): Deed =>
      (_, run) => ({ event: 'lost', run: `${run}`, bytes }),
  ),
  fc.nat().map(
    (which): Deed =>
      ({ segments }) => {
        if (segments.length < 2) return undefined
        const kept = 1 + (which % (segments.length - 1))
        return { event: 'cut', to: segments.slice(0, kept).reduce((sum, { bytes }) => sum + bytes, 0) }
      },
  ),
)

function played(opening: number, deeds: readonly Deed[]): { ledger: Ledger; entries: LedgerEntry[] } {
  const entries: LedgerEntry[] = [{ event: 'opened', bytes: opening, greetingBytes: 32 }]
  let ledger = afterEntry(emptyLedger, entries[0]!)
  expectBalanced(ledger)
  for (const [run, next] of deeds.entries()) {
    const entry = next(ledger, run)
    if (!entry) continue
    ledger = afterEntry(ledger, entry)
    entries.push(entry)
    expectBalanced(ledger)
  }
  return { ledger, entries }
}

describe('the ledger of an authentication key', () => {
  it('[QC1] produced = delivered + consumed + stored + expired at every moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 32, max: 9000 }), fc.array(deed, { maxLength: 40 }), (opening, deeds) => {
        played(opening, deeds)
      }),
    )
  })

  it('[QC1] a run whose tags cost more than it produced lowers the stock by exactly the difference', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 2000 }), fc.integer({ min: 0, max: 111 }), (opening, made) => {
        const before = played(opening, []).ledger
        const spent = afterEntry(before, { event: 'spent', run: '1', from: 32, to: 144 })
        const after = afterEntry(spent, { event: 'produced', run: '1', deliveredBytes: 0, storedBytes: made })
        expect(before.balance.stored - after.balance.stored).toBe(8 * (112 - made))
      }),
    )
  })

  it('[QC2] no byte is ever spent twice, also when the file was cut off at any byte in between', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 25 }), fc.array(deed, { maxLength: 25 }), fc.nat(), (first, then, at) => {
        const { entries } = played(5000, first)
        const text = entries.map(lineOf).join('')
        const torn = parseLedger(text.slice(0, at % (text.length + 1)))!
        expect(torn.entries).toEqual(entries.slice(0, torn.entries.length))
        expectBalanced(torn.ledger)
        const used = new Map<number, string>()
        let { ledger } = torn
        const all = [...torn.entries]
        for (const [run, next] of then.entries()) {
          const entry = ledger === emptyLedger ? undefined : next(ledger, 100 + run)
          if (!entry) continue
          ledger = afterEntry(ledger, entry)
          all.push(entry)
          expectBalanced(ledger)
        }
        let generation = 0
        for (const entry of all) {
          // What comes after a cut is other key at the same place.
          if (entry.event === 'cut') generation++
          if (entry.event !== 'spent') continue
          for (let byte = entry.from; byte < entry.to; byte++) {
            expect(used.get(byte) ?? `before ${generation}`).not.toBe(`${generation}`)
            used.set(byte, `${generation}`)
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('[QC2] an entry that cannot follow, or a damaged line, is refused', () => {
    const { ledger } = played(1000, [])
    const wrong: LedgerEntry[] = [
      { event: 'opened', bytes: 10, greetingBytes: 0 },
      { event: 'spent', run: 'a', from: 0, to: 112 },
      { event: 'spent', run: 'a', from: 40, to: 152 },
      { event: 'spent', run: 'a', from: 32, to: 32 },
      { event: 'spent', run: 'a', from: 32, to: 1001 },
      { event: 'expired', from: 32, to: Number.NaN },
      { event: 'produced', run: 'a', deliveredBytes: -1, storedBytes: 0 },
      { event: 'cut', to: 1000 },
      { event: 'cut', to: 500 },
      { event: 'other' } as unknown as LedgerEntry,
    ]
    for (const entry of wrong) expect(() => afterEntry(ledger, entry), JSON.stringify(entry)).toThrow('ledger')
    for (const text of ['nothing\n', '{}\n', '[]\n', 'null\n', '{"event":"spent","run":"a","from":0,"to":1}\n']) {
      expect(parseLedger(text), text).toBeUndefined()
    }
    expect(parseLedger('')!.ledger).toEqual(emptyLedger)
  })

  it('[QC2] two stocks have in common what came in the same order', () => {
    const a = { origin: 'shared', bytes: 100 }
    const b = { origin: '1'.repeat(32), bytes: 20 }
    const c = { origin: '2'.repeat(32), bytes: 20 }
    expect(commonEnd([a, b], [a, b])).toBe(120)
    expect(commonEnd([a, b], [a])).toBe(100)
    expect(commonEnd([a, b, c], [a, c])).toBe(100)
    expect(commonEnd([a], [{ origin: 'shared', bytes: 99 }])).toBe(0)
  })
})

describe('the stock in files', () => {
  let folder = ''
  let file = ''
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qsec-stock-'))
    file = path.join(folder, 'auth.key')
    writeFileSync(file, crypto.getRandomValues(new Uint8Array(1000)), { mode: 0o600 })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('[QC2] bytes are deducted and erased before they are handed out', async () => {
    const original = readFileSync(file)
    const stock = await AuthStock.open(file, 112)
    const spent = await stock.spend('a', 32, 112)
    expect(Buffer.from(spent)).toEqual(original.subarray(32, 144))
    expect(
      readFileSync(file)
        .subarray(32, 144)
        .every((byte) => byte === 0),
    ).toBe(true)
    expect(parseLedger(readFileSync(`${file}.ledger`, 'utf8'))!.ledger.spentTo).toBe(144)
    expect(statSync(`${file}.ledger`).mode & 0o777).toBe(0o600)
    // As after a crash: nothing was closed. The same bytes are not to be had again.
    rmSync(`${file}.lock`)
    const again = await AuthStock.open(file, 112)
    await expect(again.spend('b', 32, 112)).rejects.toThrow('spent here')
    expect(Buffer.from(await again.spend('b', 200, 112))).toEqual(original.subarray(200, 312))
    expect(again.balance).toMatchObject({ expired: 8 * 56, consumed: 8 * (32 + 224) })
    await again.close()
    await stock.close()
  })

  it('[QC2] a ledger that was taken away does not bring spent key back', async () => {
    const stock = await AuthStock.open(file, 112)
    await stock.spend('a', 32, 112)
    await stock.close()
    rmSync(`${file}.ledger`)
    const again = await AuthStock.open(file, 112)
    await expect(again.spend('b', 32, 112)).rejects.toThrow('spent before')
    await again.close()
  })

  it('[QC2] what was written without its line does not count; what is missing is named', async () => {
    const stock = await AuthStock.open(file, 112)
    await stock.close()
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(50, 7)]))
    const longer = await AuthStock.open(file, 112)
    expect(longer.ledger.end).toBe(1000)
    expect(statSync(file).size).toBe(1000)
    await longer.close()
    writeFileSync(`${file}.ledger`, `${readFileSync(`${file}.ledger`, 'utf8')}{"event":"sp`)
    await (await AuthStock.open(file, 112)).close()
    writeFileSync(file, readFileSync(file).subarray(0, 900), { mode: 0o600 })
    await expect(AuthStock.open(file, 112)).rejects.toThrow('shorter than its ledger')
    writeFileSync(`${file}.ledger`, 'x\n')
    await expect(AuthStock.open(file, 112)).rejects.toThrow('damaged')
  })

  it('[QC2] one process at a time, a file for oneself alone, and random bytes', async () => {
    const stock = await AuthStock.open(file, 112)
    await expect(AuthStock.open(file, 112)).rejects.toThrow('another qsec')
    await stock.close()
    const files: [string, Uint8Array, number, string][] = [
      ['short', crypto.getRandomValues(new Uint8Array(143)), 0o600, 'at least 144'],
      ['open', crypto.getRandomValues(new Uint8Array(1000)), 0o644, 'chmod 600'],
      ['zero', new Uint8Array(1000), 0o600, 'not random'],
    ]
    for (const [name, bytes, mode, said] of files) {
      writeFileSync(path.join(folder, name), bytes, { mode })
      await expect(AuthStock.open(path.join(folder, name), 112), name).rejects.toThrow(said)
      // And it is not kept locked.
      await expect(AuthStock.open(path.join(folder, name), 112), name).rejects.toThrow(said)
    }
    await expect(AuthStock.open(path.join(folder, 'none'), 112)).rejects.toThrow('--auth-key')
  })

  it('[QC2] a stock grows by new key, and forgets what the other end does not have', async () => {
    const stock = await AuthStock.open(file, 112)
    await stock.produced(
      '1'.repeat(32),
      500,
      Uint8Array.from({ length: 64 }, (_, i) => i),
    )
    expect(stock.ledger.end).toBe(1064)
    expect(readFileSync(file).subarray(1000)).toEqual(Buffer.from(Uint8Array.from({ length: 64 }, (_, i) => i)))
    await stock.cutTo(1000)
    expect(statSync(file).size).toBe(1000)
    expect(stock.balance).toMatchObject({ produced: 8 * 1564, delivered: 4000, expired: 512 })
    await stock.lost('2'.repeat(32), 10)
    expectBalanced(stock.ledger)
    await stock.close()
  })
})

describe('greetings', () => {
  const greeting = {
    ...{ run: 'ab'.repeat(16), authFrom: null, heard: 3, spentTo: 32, replenish: 0 },
    segments: [{ origin: 'shared', bytes: 1000 }],
  }

  it('[QC3] come back as they were, each with a nonce of its own, and nothing else is one', () => {
    const bytes = encodeGreeting(greeting)
    expect(parseGreeting(bytes)).toMatchObject(greeting)
    expect(encodeGreeting(greeting)).not.toEqual(bytes)
    const wrong = [
      { run: 'AB'.repeat(16) },
      { run: 'ab' },
      { heard: -1 },
      { heard: 1.5 },
      { spentTo: '32' },
      { authFrom: undefined },
      { segments: [{ origin: 'else', bytes: 1 }] },
      { segments: {} },
      { protocol: 'qsec-distill/2' },
    ]
    for (const change of wrong) {
      const text = JSON.stringify({ ...JSON.parse(new TextDecoder().decode(bytes)), ...change })
      expect(parseGreeting(new TextEncoder().encode(text)), text).toBeUndefined()
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(parseGreeting(noise)).toBeUndefined()
      }),
    )
  })

  it('[QC3] a proof holds for one key, one side and two greetings', () => {
    const [key, a, b] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]
    const proof = proofOf(key, 'connecting', a, b)
    expect(proofHolds(proof, proofOf(key, 'connecting', a, b))).toBe(true)
    const others = [
      proofOf(b, 'connecting', a, b),
      proofOf(key, 'listening', a, b),
      proofOf(key, 'connecting', b, a),
      proofOf(key, 'connecting', Uint8Array.of(2, 3), new Uint8Array(0)),
      proof.subarray(1),
    ]
    for (const other of others) expect(proofHolds(other, proof)).toBe(false)
  })
})
