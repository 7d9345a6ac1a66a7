/** `qsec qkd combine` in this process, on files of its own folder. */
import { createHash, hkdfSync } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CommandFailed } from '../command.ts'
import { combine } from './combine.ts'

let folder = ''
const at = (name: string): string => path.join(folder, name)
const counting = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => from + i)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const keys = { previous: counting(1, 64), pq: counting(65, 32), qkd: counting(129, 40) }
const agreed = {
  suite: 83,
  groupId: hex(counting(0, 16)),
  epoch: 7,
  members: ['ben', 'ana'],
  transcripts: { pq: '7071', qkd: '716B' },
  qkd: { label: 'simulated', keyIds: ['3f0c6a52-6c1e-4a0e-9d57-0b8a3c1d2e4f'] },
}
const alone = { ...agreed, qkd: 'without-qkd' }

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-combine-'))
  for (const [name, key] of Object.entries(keys)) {
    writeFileSync(at(name), key)
    writeFileSync(at(`${name}.hex`), `${hex(key).slice(0, 30)}\n ${hex(key).slice(30).toUpperCase()}\r\n`)
  }
  writeFileSync(at('agreed.json'), JSON.stringify(agreed))
  writeFileSync(at('alone.json'), JSON.stringify(alone))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  try {
    return { code: await combine.run(args), out, err: '' }
  } catch (error) {
    if (error instanceof CommandFailed) return { code: error.exitCode, out, err: error.message }
    throw error
  } finally {
    spy.mockRestore()
  }
}

/** Flags by file name in the folder; `change` replaces some, undefined leaves one out. */
function flags(change: Record<string, string | undefined> = {}, ...more: string[]): string[] {
  const files = { previous: 'previous', pq: 'pq', qkd: 'qkd', context: 'agreed.json', out: 'both.key', ...change }
  const given = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return [...given.flatMap(([flag, file]) => [`--${flag}`, at(file)]), ...more]
}

it('[CQ1] writes the key of the formula to a new file for its owner alone, and says none of it', async () => {
  const { code, out, err } = await run(...flags(), '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^[^\n]+\n$/)
  const key = readFileSync(at('both.key'))
  expect(JSON.parse(out)).toEqual({
    file: at('both.key'),
    bits: 256,
    qkd: 'simulated',
    keyIds: agreed.qkd.keyIds,
    epoch: 7,
    members: 2,
  })
  expect(statSync(at('both.key')).mode & 0o777).toBe(0o600)
  for (const spelling of ['hex', 'base64'] as const) expect(out).not.toContain(key.toString(spelling).slice(0, 12))

  const list = (...texts: string[]) => [
    Buffer.of(0, texts.length),
    ...texts.map((one) => Buffer.from([one.length, ...Buffer.from(one)])),
  ]
  const info = Buffer.concat([
    Buffer.from('QSEC qkd v1'),
    Buffer.of(0, 83, 16, ...counting(0, 16), 0, 0, 0, 0, 0, 0, 0, 7),
    ...list('ana', 'ben'),
    createHash('sha256').update(Buffer.from('\0\0\0\x02pq\0\0\0\x02qk')).digest(),
    Buffer.from('\x01\x09simulated'),
    ...list(...agreed.qkd.keyIds),
  ])
  const input = Buffer.concat([Buffer.of(0, 0, 0, 32), keys.pq, Buffer.of(0, 0, 0, 40), keys.qkd])
  expect(hex(key)).toBe(hex(new Uint8Array(hkdfSync('sha512', input, keys.previous, info, 32))))

  const again = await run(...flags())
  expect(again).toMatchObject({ code: 1, out: '' })
  expect(again.err).toContain('--out')
  expect(readFileSync(at('both.key'))).toEqual(key)
})

it('[CQ2] hexadecimal keys and members in another order give the same key; another context does not', async () => {
  await run(...flags())
  const hexFlags = { previous: 'previous.hex', pq: 'pq.hex', qkd: 'qkd.hex', context: 'turned.json', out: 'hex.key' }
  writeFileSync(at('turned.json'), JSON.stringify({ ...agreed, members: ['ana', 'ben'] }, null, 2))
  expect(await run(...flags(hexFlags, '--hex'))).toMatchObject({ code: 0, err: '' })
  expect(readFileSync(at('hex.key'))).toEqual(readFileSync(at('both.key')))
  writeFileSync(at('next.json'), JSON.stringify({ ...agreed, epoch: 8 }))
  await run(...flags({ context: 'next.json', out: 'next.key' }))
  expect(readFileSync(at('next.key'))).not.toEqual(readFileSync(at('both.key')))
})

it('[CQ3] to do without QKD takes the flag here and the word in the context; either alone is refused', async () => {
  const without = { qkd: undefined, out: 'one.key' }
  const done = await run(...flags({ ...without, context: 'alone.json' }, '--without-qkd'))
  expect(done).toMatchObject({ code: 0, err: '' })
  expect(done.out).toContain('post-quantum alone')
  const wrong: [string[], string][] = [
    [flags({ qkd: undefined, context: 'alone.json', out: 'k' }), '--without-qkd'],
    [flags({ context: 'alone.json', out: 'k' }, '--without-qkd'), '--without-qkd'],
    [flags({ context: 'alone.json', out: 'k' }), '--qkd'],
    [flags({ qkd: undefined, out: 'k' }, '--without-qkd'), '--qkd'],
    [flags({ pq: undefined, out: 'k' }), '--pq'],
    [flags({ previous: undefined, out: 'k' }), '--previous'],
  ]
  for (const [args, named] of wrong) {
    const { code, out, err } = await run(...args)
    expect(code).toBeGreaterThan(0)
    expect(out).toBe('')
    expect(err).toContain(named)
  }
  expect(existsSync(at('k'))).toBe(false)
})

it('[CQ4] what makes no sense is one line that names the flag, holds nothing of a key, and writes nothing', async () => {
  writeFileSync(at('short'), counting(200, 31))
  writeFileSync(at('zeros'), new Uint8Array(32))
  writeFileSync(at('long'), new Uint8Array(65_537))
  const contexts: Record<string, unknown> = {
    'no field': { ...agreed, suite: undefined },
    'one more': { ...agreed, note: 'x' },
    'a list': [agreed],
    'no number': { ...agreed, epoch: '7' },
    'too large': { ...agreed, epoch: 2 ** 53 },
    'no bytes': { ...agreed, groupId: 'abc' },
    'one member': { ...agreed, members: ['ana'] },
    'no texts': { ...agreed, members: ['ana', 1] },
    'no transcript': { ...agreed, transcripts: { pq: '7071', qkd: '' } },
    'no label': { ...agreed, qkd: { ...agreed.qkd, label: 'real' } },
    'no ids': { ...agreed, qkd: { ...agreed.qkd, keyIds: [] } },
    'no qkd': { ...agreed, qkd: null },
    'another __proto__': JSON.parse('{"__proto__": {"suite": 83}}'),
  }
  for (const [name, context] of Object.entries(contexts)) writeFileSync(at(name), JSON.stringify(context))
  writeFileSync(at('no json'), '{')
  const wrong: [string[], string][] = [
    ...[...Object.keys(contexts), 'no json', 'missing'].map((context): [string[], string] => [
      flags({ context }),
      '--context: ',
    ]),
    ...(['previous', 'pq', 'qkd'] as const).flatMap((flag) =>
      ['short', 'zeros', 'long', 'missing', '.'].map((file): [string[], string] => [
        flags({ [flag]: file }),
        `--${flag}: `,
      ]),
    ),
    [flags({ qkd: 'pq' }), '--qkd: '],
    [flags({}, '--hex'), '--previous: '],
    [flags({ out: 'nowhere/both.key' }), '--out: '],
    [flags({ out: 'pq' }), '--out: '],
    [flags({}, 'more'), 'argument'],
  ]
  const before = readdirSync(folder)
  for (const [args, named] of wrong) {
    const { code, out, err } = await run(...args)
    expect(code, args.join(' ')).toBeGreaterThan(0)
    expect(out).toBe('')
    expect(err, args.join(' ')).toContain(named)
    expect(err).not.toContain('\n')
    for (const key of Object.values(keys)) expect(err).not.toContain(hex(key).slice(0, 8))
  }
  expect(readdirSync(folder)).toEqual(before)
})
