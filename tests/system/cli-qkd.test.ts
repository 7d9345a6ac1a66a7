/** `qsec qkd` as people and programs use it: some real processes, the rest by the same commands in this process. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Command, CommandFailed } from '../../apps/cli/src/command.ts'
import { qkd } from '../../apps/cli/src/qkd/command.ts'

const main = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts')
const commands = ['simulate', 'rate', 'analyse', 'distill', 'combine', 'reconcile', 'amplify', 'plot']

let folder = ''
const inFolder = (name: string): string => path.join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-qkd-'))
  writePair('noisy', 60_000, 0.02)
  writePair('noisier', 5_000, 0.2)
  writeFileSync(inFolder('short.txt'), '0101')
  writeFileSync(inFolder('empty.txt'), ' \n')
  writeFileSync(inFolder('letters.txt'), '010x1')
  writeFileSync(inFolder('raw-a.bin'), Uint8Array.of(0b0000_0001, 0xff))
  writeFileSync(inFolder('raw-b.bin'), Uint8Array.of(0b0000_0011, 0x7f))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Two files of as many bits, of which every 1/rate-th differs. */
function writePair(name: string, bits: number, rate: number): void {
  const alice = Array.from({ length: bits }, () => (Math.random() < 0.5 ? 0 : 1))
  const bob = alice.map((bit, i) => (i % Math.round(1 / rate) === 0 ? 1 - bit : bit))
  writeFileSync(inFolder(`${name}-a.txt`), alice.join(''))
  writeFileSync(inFolder(`${name}-b.txt`), `${bob.slice(0, 77).join(' ')}\r\n${bob.slice(77).join('')}\n`)
}

const pairOf = (name: string): string[] => ['--alice', inFolder(`${name}-a.txt`), '--bob', inFolder(`${name}-b.txt`)]

interface Ran {
  code: number
  out: string
  err: string
}

/** A real process. */
function run(...args: string[]): Ran {
  const env = { PATH: process.env.PATH ?? '' }
  const done = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8', env })
  return { code: done.status ?? -1, out: done.stdout, err: done.stderr }
}

/** The same command in this process: what it says, or the line and code with which it would end. */
async function runHere(...args: string[]): Promise<Ran> {
  let command: Command = qkd
  let left = args
  while (command.commands && left[0] !== undefined && Object.hasOwn(command.commands, left[0])) {
    command = await command.commands[left[0]]!.load()
    left = left.slice(1)
  }
  let out = ''
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  try {
    return { code: await command.run(left), out, err: '' }
  } catch (error) {
    if (error instanceof CommandFailed) return { code: error.exitCode, out, err: `${error.message}\n` }
    throw error
  } finally {
    spy.mockRestore()
  }
}

async function jsonOf<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, out, err } = await runHere(...args, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^[^\n]+\n$/)
  return JSON.parse(out) as T
}

describe('every qkd command', () => {
  it('[CL19] has usage with examples, below a list of them all', async () => {
    const overview = run('qkd', '--help')
    expect(overview.code).toBe(0)
    for (const name of commands) expect(overview.out).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    expect(run('help', 'qkd', 'rate').out).toBe(run('qkd', 'rate', '--help').out)
    const plots = (await qkd.commands!.plot!.load()).commands!
    const each = [
      ...Object.entries(qkd.commands!),
      ...Object.entries(plots).map(([name, one]) => [`plot ${name}`, one]),
    ]
    for (const [name, { load }] of each as [string, { load: () => Promise<Command> }][]) {
      const { help } = await load()
      expect(help).toMatch(new RegExp(`^qsec qkd ${name} `))
      expect(help).toContain('Examples:')
      for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120)
    }
  })

  it.each([
    [[], 'qkd'],
    [['nothing'], 'command'],
    [['toString'], 'command'],
    [['simulate', '--pulses', 'NaN'], '--pulses'],
    [['simulate', '--eve', '-1'], '--eve'],
    [['plot', 'rate'], '--out'],
    [['analyse', '--alice', 'none.txt', '--bob', 'none.txt'], '--alice'],
  ])('[CL20] %j: one line on stderr, nothing on stdout, in a process', (args, named) => {
    const { code, out, err } = run('qkd', ...args)
    expect(code).toBeGreaterThan(0)
    expect(out).toBe('')
    expect(err).toMatch(/^[^\n]+\n$/)
    expect(err).toContain(named)
  })

  const wrong: [string, string][] = [
    ['simulate --pulses 0', '--pulses'],
    ['simulate --pulses 1e12', '--pulses'],
    ['simulate --pulses 1000.5', '--pulses'],
    ['simulate --pulses 1e7 --distance 0 --efficiency 1', '--pulses'],
    ['simulate --distance Infinity', '--distance'],
    ['simulate --eve 1.01', '--eve'],
    ['simulate --eve=-0.5', '--eve'],
    ['simulate --seed x', '--seed'],
    ['simulate --seed 1e16', '--seed'],
    ['simulate --efficiency 0', '--efficiency'],
    ['simulate --dark 0.2', '--dark'],
    ['simulate --misalignment 0.6', '--misalignment'],
    ['simulate --sample 1.5', '--sample'],
    ['simulate --threshold NaN', '--threshold'],
    ['simulate --source laser', '--source'],
    ['simulate --source weak:0', '--source'],
    ['simulate 5', 'argument'],
    ['rate --analysis nothing', '--analysis'],
    ['rate --analysis __proto__', '--analysis'],
    ['rate --parameters nothing', '--parameters'],
    ['rate --parameters short.txt --distance 0', '--parameters'],
    ['rate --distance 0:150', '--distance'],
    ['rate --distance 0:1e5:1e-3', '--distance'],
    ['rate --distance -1', '--distance'],
    ['rate --block 0', '--block'],
    ['rate --block NaN', '--block'],
    ['analyse --bob short.txt', '--alice'],
    ['analyse --alice short.txt', '--bob'],
    ['analyse --alice short.txt --bob none.txt', '--bob'],
    ['analyse --alice . --bob short.txt', '--alice'],
    ['analyse --alice empty.txt --bob empty.txt', '--alice'],
    ['analyse --alice letters.txt --bob short.txt', '--alice'],
    ['analyse --alice short.txt --bob noisy-a.txt', '--bob'],
    ['analyse --alice short.txt --bob short.txt --sample 0', '--sample'],
    ['analyse --alice short.txt --bob short.txt --sample 2', '--sample'],
    ['analyse --alice short.txt --bob short.txt --threshold 0.51', '--threshold'],
    ['analyse --alice short.txt --bob short.txt --db x', '--db'],
    ['analyse --room no/room', '--room'],
    ['analyse --room lab1 --alice short.txt', '--alice'],
    ['reconcile --bits 7', '--bits'],
    ['reconcile --bits 1e9', '--bits'],
    ['reconcile --qber 0.51', '--qber'],
    ['reconcile --qber NaN', '--qber'],
    ['reconcile --variant opt99', '--variant'],
    ['reconcile --mode fast', '--mode'],
    ['reconcile --frames 0', '--frames'],
    ['amplify --bits 1e10', '--bits'],
    ['amplify --bits 100 --out 101', '--out'],
    ['amplify --bits 100 --out 0', '--out'],
    ['amplify --backend magic', '--backend'],
    ['plot', 'plot'],
    ['plot rate --analysis asymptotic,nothing --out x.svg', '--analysis'],
    ['plot rate --distance 0 --out none/x.svg', '--out'],
    ['plot f_ec', '--out'],
    ['plot f_ec --out x.svg --qber 0.1,2', '--qber'],
    ['plot f_ec --out x.svg --variant nothing', '--variant'],
    ['plot f_ec --out x.svg --bits 1', '--bits'],
    ['simulate --source weak:0.5 --decoy 0.6:0.1', '--decoy'],
    ['simulate --source weak:0.5 --decoy 0:0.1', '--decoy'],
    ['simulate --source weak:0.5 --decoy 0.1:0.1:0.1', '--decoy'],
    ['simulate --source weak:0.5 --decoy 0.1:0.6 --decoy 0.01:0.395', '--decoy'],
    ['simulate --source single --decoy 0.1:0.1', '--decoy'],
    ['simulate --key-basis 0.5', '--key-basis'],
    ['simulate --source one-decoy --key-basis 1', '--key-basis'],
    ['simulate --attack none', '--attack'],
    ['simulate --mode fast', '--mode'],
    ['distill --alice short.txt --bob short.txt', '--out'],
    ['distill --alice short.txt --bob noisy-a.txt --out k', '--bob'],
    ['distill --alice short.txt --bob short.txt --out k --sample 0.9', '--sample'],
    ['distill --alice short.txt --bob short.txt --out k --eps-sec 1', '--eps-sec'],
    ['distill --alice short.txt --bob short.txt --out k --eps-cor 0', '--eps-cor'],
    ['distill --alice short.txt --bob short.txt --out k --multi-photon 1.1', '--multi-photon'],
    ['combine --pq short.txt --without-qkd --context none.json --out k', '--previous'],
    ['combine --pq short.txt --previous short.txt --context none.json --out k', '--without-qkd'],
    ['combine --pq short.txt --previous short.txt --without-qkd --context letters.txt --out k', '--context'],
  ]
  it.each(wrong)('[CL20] %s: one line that names %s, and nothing written', async (line, named) => {
    const here = (word: string): string =>
      existsSync(inFolder(word)) || /^(none|k$|x\.svg)/.test(word) ? inFolder(word) : word
    const before = readdirSync(folder)
    const { code, out, err } = await runHere(...line.split(' ').map(here), ...(line.includes(' ') ? ['--json'] : []))
    expect(code).toBeGreaterThan(0)
    expect(out).toBe('')
    expect(err).toMatch(/^[^\n]+\n$/)
    expect(err).toContain(named)
    expect(readdirSync(folder)).toEqual(before)
  })
})

describe('simulate with decoys', () => {
  const near = ['--distance', '0', '--efficiency', '1', '--dark', '1e-6', '--pulses', '4e5', '--seed', '3']

  it('[QC11] draws intensities and tells the counts of each; a seed replays it', async () => {
    for (const [source, intensities] of [
      [['--source', 'one-decoy'], 2],
      [['--source', 'two-decoys'], 3],
      [['--source', 'weak:0.4', '--decoy', '0.1:0.6', '--key-basis', '0.7'], 2],
    ] as const) {
      const { ms, ...run } = await jsonOf('simulate', ...source, ...near)
      expect(run).toMatchObject({ aborted: false, verified: true })
      expect(run.secretBits).toBeGreaterThan(0)
      const decoy = run.decoy as Record<'keyClicks' | 'testClicks' | 'testErrors', number[]>
      for (const counts of Object.values(decoy)) expect(counts).toHaveLength(intensities)
      expect(decoy.testClicks.reduce((sum, count) => sum + count)).toBe(run.sampled)
      const { ms: otherMs, ...again } = await jsonOf('simulate', ...source, ...near)
      expect(again).toEqual(run)
      expect([ms, otherMs].every((value) => typeof value === 'number')).toBe(true)
    }
  })

  it('[QC11] photon-number splitting in the loss of a fibre leaves no key, and a reason', async () => {
    const fibre = ['--distance', '25', '--efficiency', '0.3', '--dark', '1e-6', '--misalignment', '0.01']
    const args = ['--source', 'two-decoys', ...fibre, '--pulses', '4e6', '--seed', '3']
    const quiet = await jsonOf('simulate', ...args)
    const split = await jsonOf('simulate', ...args, '--eve', '1', '--attack', 'photon-number-splitting')
    expect(quiet.aborted).toBe(false)
    expect(split).toMatchObject({ aborted: true, reason: 'no-secret-key-left', secretBits: 0 })
    expect(split.qber).toBeLessThan((quiet.qber as number) + 0.01)
  })
})

describe('simulate', () => {
  const seeded = ['simulate', '--pulses', '3e5', '--distance', '10', '--seed', '7']

  it('[CL21] tells a run in one document, and a seed replays it', async () => {
    const { ms, ...first } = await jsonOf(...seeded)
    expect(Object.keys({ ...first, ms }).sort()).toEqual(
      [
        ...['seed', 'pulses', 'detected', 'sifted', 'sampled', 'qber', 'qberInterval', 'leakedBits', 'verified'],
        ...['secretBits', 'netSecretBits', 'aborted', 'reason', 'stages', 'ms'],
      ].sort(),
    )
    expect(first).toMatchObject({ seed: 7, pulses: 300_000, verified: true, aborted: false, reason: null })
    expect(first.secretBits).toBeGreaterThan(0)
    expect(first.netSecretBits).toBe((first.secretBits as number) - 896)
    const { code, out } = run('qkd', ...seeded, '--json')
    expect(code).toBe(0)
    expect({ ...JSON.parse(out), ms: 0 }).toEqual({ ...first, ms: 0 })
  })

  it('[CL21] an eavesdropper ends it without a key, which is a result', async () => {
    const run = await jsonOf('simulate', '--pulses', '1e5', '--eve', '1')
    expect(run).toMatchObject({
      seed: null,
      aborted: true,
      reason: 'qber-above-threshold',
      verified: false,
      secretBits: 0,
    })
    expect(run.qber).toBeGreaterThan(0.2)
    expect(await jsonOf('simulate', '--pulses', '1000', '--distance', '300')).toMatchObject({
      aborted: true,
      reason: 'too-few-detections',
      qber: null,
    })
  })

  it('[CL21] for people it says that it is simulated, and what a seed is for', async () => {
    const { out } = await runHere(...seeded)
    expect(out).toMatch(/simulated/)
    expect(out).toMatch(/for looking at only/)
    const weak = ['simulate', '--pulses', '1e5', '--distance', '0', '--source', 'weak:0.1']
    expect((await runHere(...weak)).out).toContain('secure chance')
  })
})

describe('rate', () => {
  interface Point {
    distanceKm: number
    ratePerPulse: number | null
    keyBits?: number
    parameters: Record<string, number>
  }

  it('[CL22] gives one point per distance, and a file of its parameters the same again', async () => {
    const args = ['rate', '--analysis', 'lim2014', '--distance', '0:100:50']
    const points = await jsonOf<Point[]>(...args, '--parameters', 'lim2014-fixed')
    expect(points.map(({ distanceKm }) => distanceKm)).toEqual([0, 50, 100])
    for (const { keyBits, ratePerPulse } of points) expect([keyBits! > 0, ratePerPulse! > 0]).toEqual([true, true])
    writeFileSync(inFolder('own.json'), JSON.stringify(points[0]!.parameters))
    expect(await jsonOf<Point[]>(...args, '--parameters', inFolder('own.json'))).toEqual(points)
    writeFileSync(inFolder('wrong.json'), JSON.stringify({ ...points[0]!.parameters, misalignment: 2 }))
    expect((await runHere(...args, '--parameters', inFolder('wrong.json'))).err).toMatch(/^--parameters: misalignment /)
  })

  it('[CL22] a longer block or the best light never lowers it; without bound it is null', async () => {
    const args = ['rate', '--analysis', 'rusca2018', '--parameters', 'rusca2018', '--distance', '100', '--block']
    const rateOf = async (...more: string[]): Promise<number> =>
      (await jsonOf<Point[]>(...args, ...more))[0]!.ratePerPulse!
    expect(await rateOf('1e7')).toBeGreaterThan(await rateOf('1e5'))
    expect(await rateOf('1e7', '--optimise')).toBeGreaterThanOrEqual(await rateOf('1e7'))
    const [point] = await jsonOf<Point[]>(
      ...['rate', '--analysis', 'repeaterless', '--parameters', 'tomamichel2012', '--distance', '0'],
    )
    expect(point!.ratePerPulse).toBeNull()
  })
})

describe('analyse', () => {
  it('[CL23] counts exactly, in text and in bytes', async () => {
    const found = await jsonOf('analyse', ...pairOf('noisy'))
    const [lo, hi] = found.interval as [number, number]
    expect(found).toMatchObject({ bits: 60_000, sampled: 60_000, mismatches: 1200, qber: 0.02, threshold: 0.11 })
    expect([lo < 0.02, hi > 0.02, found.accepted]).toEqual([true, true, true])
    const raw = ['analyse', '--raw', '--alice', inFolder('raw-a.bin'), '--bob', inFolder('raw-b.bin')]
    expect(await jsonOf(...raw)).toMatchObject({ bits: 16, mismatches: 2, accepted: false })
    expect((await jsonOf('analyse', ...pairOf('noisier'))).accepted).toBe(false)
    expect((await jsonOf('analyse', ...pairOf('noisier'), '--threshold', '0.2')).accepted).toBe(true)
  })

  it('[CL23] a seed replays the sample, another one takes another', async () => {
    const sample = (seed: string) => jsonOf('analyse', ...pairOf('noisy'), '--sample', '0.1', '--seed', seed)
    const one = await sample('1')
    expect(one.sampled).toBe(6000)
    expect(await sample('1')).toEqual(one)
    expect(await jsonOf('analyse', ...pairOf('noisy'), '--sample', '0.1')).toEqual(one)
    const others: unknown[] = []
    for (const seed of ['2', '3', '4']) others.push((await sample(seed)).mismatches)
    expect(others.some((mismatches) => mismatches !== one.mismatches)).toBe(true)
  })

  it('[CL24] --room reads the runs of a room, the newest in front', async () => {
    const file = inFolder('log.db')
    const db = new DatabaseSync(file)
    db.exec('CREATE TABLE room_logs (id INTEGER PRIMARY KEY, room_id TEXT, event TEXT, data TEXT, created_at INTEGER)')
    const add = db.prepare('INSERT INTO room_logs (room_id, event, data, created_at) VALUES (?, ?, ?, ?)')
    const claims = 'claimed_by=A peer=B original=5000 matched='
    add.run('lab1', 'USER_JOIN', 'device=A', 1)
    add.run('lab1', 'BB84_SESSION_DERIVED', `${claims}490 mismatched=10 qber=0.02 threshold=0.11 accepted=true`, 2)
    add.run('lab1', 'BB84_SESSION_DERIVED', `${claims}375 mismatched=125 qber=0.25 threshold=0.11 accepted=false`, 3)
    db.close()
    const found = await jsonOf<{ sessions: unknown[] }>('analyse', '--room', 'lab1', '--db', file)
    expect(found).toMatchObject({
      room: 'lab1',
      bits: 5000,
      mismatches: 125,
      sampled: 500,
      qber: 0.25,
      accepted: false,
    })
    expect(found.sessions).toMatchObject([
      { atMs: 2, claimedBy: 'A', peer: 'B', qber: 0.02, accepted: true },
      { atMs: 3, qber: 0.25 },
    ])
    const empty = await runHere('analyse', '--room', 'lab2', '--db', file)
    expect(empty).toMatchObject({ code: 1, out: '' })
    expect(empty.err).toContain('--room')
  })
})

describe('reconcile and amplify', () => {
  it('[CL25] reconcile: the facts of a variant, and a seed replays them', async () => {
    const args = ['reconcile', '--bits', '1e4', '--qber', '0.03', '--variant', 'opt7', '--frames', '8', '--seed', '1']
    const { mbitPerSecond, ...facts } = await jsonOf(...args)
    expect(facts).toMatchObject({ variant: 'opt7', bits: 10_000, qber: 0.03, frames: 8, fer: 0 })
    expect(Object.keys(facts).sort()).toEqual(['bits', 'fEc', 'fer', 'frames', 'qber', 'roundsMean', 'variant'])
    expect(facts.fEc).toBeGreaterThan(1)
    expect(facts.fEc).toBeLessThan(1.15)
    expect(mbitPerSecond).toBeGreaterThan(0)
    const { mbitPerSecond: _, ...again } = await jsonOf(...args)
    expect(again).toEqual(facts)
    expect(await jsonOf('reconcile', '--bits', '100', '--qber', '0', '--frames', '1')).toMatchObject({
      fEc: null,
      fer: 0,
    })
  })

  it('[CL26] amplify: speed of a backend, its result checked', async () => {
    for (const backend of ['wasm', 'typescript']) {
      const facts = await jsonOf('amplify', '--bits', '20001', '--out', '9999', '--backend', backend)
      expect(facts).toEqual({ bits: 20_001, out: 9999, backend, mbitPerSecond: expect.any(Number), checked: true })
    }
    expect(await jsonOf('amplify', '--bits', '1')).toMatchObject({ bits: 1, out: 1, checked: true })
  })
})

describe('plot', () => {
  it('[CL27] writes a picture that can be read aloud, of rates and of efficiencies', async () => {
    const rates = ['--analysis', 'gllp-vacuum-weak,gllp-decoy-infinite', '--distance', '0:160:40']
    const efficiencies = ['--variant', 'original,lean', '--qber', '0.02,0.05', '--bits', '2000', '--frames', '2']
    for (const [what, names, ...args] of [
      ['rate', ['gllp-vacuum-weak', 'gllp-decoy-infinite'], ...rates],
      ['f_ec', ['original', 'lean'], ...efficiencies],
    ] as [string, string[], ...string[]][]) {
      const file = inFolder(`${what}.svg`)
      const told = await jsonOf<{ file: string; series: { name: string }[] }>('plot', what, ...args, '--out', file)
      expect(told.file).toBe(file)
      expect(told.series.map(({ name }) => name)).toEqual(names)
      const svg = readFileSync(file, 'utf8')
      expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="title desc"/)
      for (const name of names) expect(/<desc id="desc">([^<]*)/.exec(svg)![1]).toContain(`${name}: `)
      expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('[CL27] replaces a plain file alone: a link stays a link, and what it leads to is written', async () => {
    writeFileSync(inFolder('old.svg'), 'old')
    symlinkSync(inFolder('old.svg'), inFolder('link.svg'))
    await jsonOf('plot', 'rate', '--distance', '0', '--out', inFolder('link.svg'))
    expect(lstatSync(inFolder('link.svg')).isSymbolicLink()).toBe(true)
    expect(readFileSync(inFolder('old.svg'), 'utf8')).toMatch(/^<svg /)
    const toFolder = await runHere('plot', 'rate', '--distance', '0', '--out', folder)
    expect(toFolder).toMatchObject({ code: 1, out: '' })
    expect(toFolder.err).toContain('--out')
  })
})

describe('distill', () => {
  it('[CL28] writes a key for its owner alone, prints none of it, and overwrites nothing', async () => {
    const out = inFolder('key.bin')
    const facts = await jsonOf('distill', ...pairOf('noisy'), '--out', out)
    expect(facts).toMatchObject({ bits: 60_000, sampled: 12_000, aborted: false, reason: null, file: out })
    const key = readFileSync(out)
    expect(8 * key.length).toBe(facts.secretBits)
    expect(new Set(key).size).toBeGreaterThan(200)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    for (const spelling of ['hex', 'base64'] as const)
      expect(JSON.stringify(facts)).not.toContain(key.toString(spelling).slice(0, 16))
    const again = await runHere('distill', ...pairOf('noisy'), '--out', out, '--json')
    expect(again).toMatchObject({ code: 1, out: '' })
    expect(readFileSync(out)).toEqual(key)
  })

  it('[CL28] makes no key of what is too noisy, too short or too much known', async () => {
    const tries: [string, string[]][] = [
      ['qber-above-threshold', pairOf('noisier')],
      ['too-few-bits', ['--alice', inFolder('short.txt'), '--bob', inFolder('short.txt')]],
      ['no-secret-key-left', [...pairOf('noisy'), '--multi-photon', '0.9']],
    ]
    for (const [reason, args] of tries) {
      const facts = await jsonOf('distill', ...args, '--out', inFolder('none.bin'))
      expect(facts).toMatchObject({ aborted: true, reason, secretBits: 0, file: null })
      expect(existsSync(inFolder('none.bin'))).toBe(false)
    }
  })
})
