/** `qsec qkd distill` between two hosts: over TCP, with connections that are cut, disturbed, or end in silence. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { distillWithHost, type HostChoices, type HostDistillation } from '../../apps/cli/src/qkd/hosts/hosts.ts'
import { parseLedger } from '../../apps/cli/src/qkd/hosts/ledger.ts'

const main = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts')
const bitCount = 40_000

let folder = ''
const inFolder = (name: string): string => path.join(folder, name)
const children: ChildProcess[] = []
const servers: Server[] = []

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-hosts-'))
  const alice = crypto.getRandomValues(new Uint8Array(bitCount / 8))
  const bob = alice.slice()
  for (let at = 0; at < bitCount; at += 70) bob[at >> 3]! ^= 1 << (at & 7)
  writeFileSync(inFolder('alice.bin'), alice)
  writeFileSync(inFolder('bob.bin'), bob)
  const key = crypto.getRandomValues(new Uint8Array(1000))
  for (const end of ['alice', 'bob']) writeFileSync(inFolder(`${end}.key`), key, { mode: 0o600 })
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const server of servers.splice(0)) server.close()
  rmSync(folder, { recursive: true, force: true })
})

function choices(end: 'alice' | 'bob', port: number, more: Partial<HostChoices> = {}): HostChoices {
  return {
    side: end === 'alice' ? 'connecting' : 'listening',
    address: { host: '127.0.0.1', port },
    in: inFolder(`${end}.bin`),
    test: undefined,
    raw: true,
    authKey: inFolder(`${end}.key`),
    out: inFolder(`${end}.out`),
    ...{ mode: 'low-round', sampleFraction: 0.2, threshold: 0.11, epsSec: 1e-10, epsCor: 1e-15, taggedShare: 0 },
    ...{ label: 'simulated', replenishBits: 0, patienceMs: 10_000 },
    ...more,
  }
}

interface Played {
  alice: PromiseSettledResult<HostDistillation>
  bob: PromiseSettledResult<HostDistillation>
}

interface Stage {
  alice?: Partial<HostChoices>
  bob?: Partial<HostChoices>
  /** Stands between the two; told the port of Bob, tells that for Alice. */
  between?: (port: number) => Promise<number>
  stop?: { alice?: AbortSignal; bob?: AbortSignal }
}

async function play({ alice = {}, bob = {}, between, stop = {} }: Stage = {}): Promise<Played> {
  const never = new AbortController().signal
  let listening!: (port: number) => void
  const port = new Promise<number>((resolve) => {
    listening = resolve
  })
  const ofBob = distillWithHost(choices('bob', 0, bob), stop.bob ?? never, (line) => {
    const found = /^Listening on .*:(\d+)\.$/.exec(line)
    if (found) listening(Number(found[1]))
  })
  const ofAlice = Promise.race([port, ofBob.then(() => 1)]).then(async (at) =>
    distillWithHost(choices('alice', between ? await between(at) : at, alice), stop.alice ?? never, () => undefined),
  )
  const [aliceEnd, bobEnd] = await Promise.allSettled([ofAlice, ofBob])
  return { alice: aliceEnd, bob: bobEnd }
}

/** A line that hands each chunk to a meddler, in either direction, and on as that says. */
function proxied(meddle: (chunk: Buffer, from: 'alice' | 'bob', pair: [Socket, Socket]) => Buffer | undefined) {
  return async (port: number): Promise<number> => {
    const server = createServer((alice) => {
      const bob = connect(port, '127.0.0.1')
      const pair: [Socket, Socket] = [alice, bob]
      for (const [socket, other, from] of [
        [alice, bob, 'alice'],
        [bob, alice, 'bob'],
      ] as const) {
        socket.on('data', (chunk: Buffer) => {
          const on = meddle(chunk, from, pair)
          if (on) other.write(on)
        })
        socket.on('error', () => undefined)
        socket.on('close', () => other.end())
      }
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as { port: number }).port
  }
}

function values({ alice, bob }: Played): [HostDistillation, HostDistillation] {
  if (alice.status === 'rejected') throw alice.reason
  if (bob.status === 'rejected') throw bob.reason
  return [alice.value, bob.value]
}

function reasonsOf({ alice, bob }: Played): string[] {
  return [alice, bob].map((end) => (end.status === 'rejected' ? (end.reason as Error).message : 'ended well'))
}

function expectOneKey(): Buffer {
  const key = readFileSync(inFolder('alice.out'))
  expect(readFileSync(inFolder('bob.out')).equals(key)).toBe(true)
  return key
}

function expectNothingKept(): void {
  expect(existsSync(inFolder('alice.out'))).toBe(false)
  expect(existsSync(inFolder('bob.out'))).toBe(false)
}

const ledgerOf = (end: 'alice' | 'bob') => parseLedger(readFileSync(inFolder(`${end}.key.ledger`), 'utf8'))!.ledger

function expectBalanced(end: 'alice' | 'bob'): void {
  const { produced, delivered, consumed, stored, expired } = ledgerOf(end).balance
  expect(produced).toBe(delivered + consumed + stored + expired)
}

describe('two hosts', () => {
  it('[QC4] get the same key, each for its owner alone, and say the same of it', async () => {
    const [alice, bob] = values(await play())
    const key = expectOneKey()
    expect(8 * key.length).toBe(alice.deliveredBits)
    expect(alice.secretBits).toBeGreaterThan(10_000)
    for (const end of ['alice', 'bob'] as const) {
      expect(statSync(inFolder(`${end}.out`)).mode & 0o777).toBe(0o600)
      expectBalanced(end)
    }
    const { role, file, ms, ...ofAlice } = alice
    expect(bob).toMatchObject(ofAlice)
    expect([role, bob.role]).toEqual(['alice', 'bob'])
    expect(alice).toMatchObject({ label: 'simulated', aborted: false, reason: null, acknowledged: true })
    expect(alice.netSecretBits).toBe(alice.secretBits - 896)
    expect(alice.auth).toEqual({
      produced: 8000 + alice.secretBits,
      delivered: alice.secretBits,
      consumed: 256 + 896,
      stored: 8000 - 256 - 896,
      expired: 0,
    })
    expect([file, ms].every((value) => value !== undefined)).toBe(true)
    for (const spelling of ['hex', 'base64'] as const) {
      expect(JSON.stringify([alice, bob])).not.toContain(key.toString(spelling).slice(0, 16))
    }
  })

  it('[QC5] go on where they were, however often the connection is cut', async () => {
    let cuts = 0
    let bytes = 0
    const between = proxied((chunk, _, pair) => {
      bytes += chunk.length
      // Some of the handshake comes through each time, and then a little more of the run.
      if (cuts < 6 && bytes > 3000 + 400 * cuts) {
        cuts++
        bytes = 0
        for (const socket of pair) socket.destroy()
        return undefined
      }
      return chunk
    })
    const [alice] = values(await play({ between }))
    expect(cuts).toBe(6)
    expectOneKey()
    // However many connections: one run, one piece of the authentication key.
    expect(alice.auth.consumed).toBe(256 + 896)
    expect(ledgerOf('bob').spentTo).toBe(32 + 112)
  })

  it('[QC6] a byte that is changed on the way leaves neither with a key, whenever it comes', async () => {
    for (const after of [1000, 2500, 4000, 6000]) {
      let bytes = 0
      let isSpoilt = false
      const between = proxied((chunk, from) => {
        if (from === 'alice') bytes += chunk.length
        // Near the end of a record, which is in the body or the tag of a message.
        if (from !== 'alice' || isSpoilt || bytes < after || chunk.length < 30) return chunk
        isSpoilt = true
        const spoilt = Buffer.from(chunk)
        spoilt[chunk.length - 2]! ^= 4
        return spoilt
      })
      const played = await play({ between, alice: { patienceMs: 1500 }, bob: { patienceMs: 1500 } })
      for (const reason of reasonsOf(played)) expect(reason).toMatch(/^[^\n]+ (kept|made|sent)\b[^\n]*$/)
      expectNothingKept()
      for (const end of ['alice', 'bob'] as const) expectBalanced(end)
    }
  }, 20_000)

  it('[QC6] silence in the middle of a run ends it at both', async () => {
    let bytes = 0
    const between = proxied((chunk) => {
      bytes += chunk.length
      return bytes > 5000 ? undefined : chunk
    })
    const played = await play({ between, alice: { patienceMs: 1000 }, bob: { patienceMs: 1000 } })
    for (const reason of reasonsOf(played)) expect(reason).toContain('silent for 1 s')
    expectNothingKept()
  })

  it('[QC6] when one stops, both end with nothing kept', async () => {
    for (const who of ['alice', 'bob'] as const) {
      const stop = new AbortController()
      let bytes = 0
      const between = proxied((chunk) => {
        bytes += chunk.length
        if (bytes > 4000) stop.abort()
        return chunk
      })
      const played = await play({ between, stop: { [who]: stop.signal } })
      const reasons = reasonsOf(played)
      expect(reasons[who === 'alice' ? 0 : 1]).toBe('Stopped. No key was kept.')
      expect(reasons[who === 'alice' ? 1 : 0]).toMatch(/broke off: cancelled|silent/)
      expectNothingKept()
    }
  })

  it('[QC7] who does not have the key is refused before a bit of it is spent', async () => {
    writeFileSync(inFolder('stranger.key'), crypto.getRandomValues(new Uint8Array(1000)), { mode: 0o600 })
    const stop = new AbortController()
    const played = play({ alice: { authKey: inFolder('stranger.key') }, stop: { bob: stop.signal } })
    const timer = setInterval(() => {
      if (existsSync(inFolder('stranger.key.ledger')) && !existsSync(inFolder('stranger.key.lock'))) stop.abort()
    }, 50)
    const [alice] = reasonsOf(await played)
    clearInterval(timer)
    expect(alice).toContain('--auth-key: the other end does not have the same key')
    expect(ledgerOf('bob').spentTo).toBe(32)
    const stranger = parseLedger(readFileSync(inFolder('stranger.key.ledger'), 'utf8'))!.ledger
    expect(stranger.spentTo).toBe(32)
    expectNothingKept()
  })

  it('[QC7] strangers and noise on the port do not disturb a run', async () => {
    const between = async (port: number): Promise<number> => {
      for (const noise of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x05\x04xxxxx', '\xff\xff\xff\xff\x01', '']) {
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => undefined)
        socket.write(Buffer.from(noise, 'latin1'))
      }
      return port
    }
    values(await play({ between }))
    expectOneKey()
  })

  it('[QC8] each run spends the next bytes, whichever end was behind', async () => {
    values(await play())
    for (const end of ['alice', 'bob']) rmSync(inFolder(`${end}.out`))
    // Bob's machine crashed in a run that Alice never saw.
    const text = readFileSync(inFolder('bob.key.ledger'), 'utf8')
    writeFileSync(inFolder('bob.key.ledger'), `${text}{"event":"spent","run":"x","from":144,"to":256}\n`)
    const [alice, bob] = values(await play())
    expect(ledgerOf('alice').spentTo).toBe(256 + 112)
    expect(ledgerOf('bob').spentTo).toBe(256 + 112)
    expect(alice.auth.expired).toBe(896)
    expect(bob.auth.expired).toBe(0)
    for (const end of ['alice', 'bob'] as const) expectBalanced(end)
    expectOneKey()
  })

  it('[QC8] a key that is used up ends it before anything is sent', async () => {
    for (const end of ['alice', 'bob'])
      writeFileSync(
        inFolder(`${end}.key`),
        new Uint8Array(200).fill(5).map((v, i) => v * i),
        { mode: 0o600 },
      )
    values(await play())
    for (const end of ['alice', 'bob']) rmSync(inFolder(`${end}.out`))
    for (const reason of reasonsOf(await play({ alice: { patienceMs: 1500 }, bob: { patienceMs: 1500 } }))) {
      expect(reason).toMatch(/--auth-key: only 448 bits are left/)
    }
    expectNothingKept()
  })

  it('[QC9] part of the new key goes to the stock if both ask for it, and the next run may live on it', async () => {
    const small = crypto.getRandomValues(new Uint8Array(150))
    for (const end of ['alice', 'bob']) writeFileSync(inFolder(`${end}.key`), small, { mode: 0o600 })
    const [alice, bob] = values(await play({ alice: { replenishBits: 2048 }, bob: { replenishBits: 4096 } }))
    expect(alice).toMatchObject({ replenishedBits: 2048, deliveredBits: alice.secretBits - 2048 })
    expect(bob.auth).toEqual(alice.auth)
    expect(readFileSync(inFolder('alice.key')).equals(readFileSync(inFolder('bob.key')))).toBe(true)
    expectOneKey()
    for (const end of ['alice', 'bob']) rmSync(inFolder(`${end}.out`))
    const [next] = values(await play())
    expect(next.auth.consumed).toBe(256 + 2 * 896)
    expectOneKey()
  })

  it('[QC9] what only one end has of a stock is forgotten, not used', async () => {
    values(await play({ alice: { replenishBits: 1024 }, bob: { replenishBits: 1024 } }))
    for (const end of ['alice', 'bob']) rmSync(inFolder(`${end}.out`))
    // As if Alice's machine had stopped before her line was written.
    const lines = readFileSync(inFolder('alice.key.ledger'), 'utf8').split('\n')
    writeFileSync(inFolder('alice.key.ledger'), `${lines.slice(0, -2).join('\n')}\n`)
    const [, bob] = values(await play())
    expect(bob.auth.expired).toBe(1024)
    expect(ledgerOf('alice').end).toBe(ledgerOf('bob').end)
    for (const end of ['alice', 'bob'] as const) expectBalanced(end)
  })

  it('[QC4] noise, other bits and other limits end it with a reason at both, and no file', async () => {
    writeFileSync(inFolder('noise.bin'), crypto.getRandomValues(new Uint8Array(bitCount / 8)))
    const [alice, bob] = values(await play({ bob: { in: inFolder('noise.bin') } }))
    for (const end of [alice, bob]) {
      expect(end).toMatchObject({ aborted: true, reason: 'qber-above-threshold', secretBits: 0, file: null })
    }
    writeFileSync(inFolder('fewer.bin'), new Uint8Array(1000))
    for (const more of [{ in: inFolder('fewer.bin') }, { threshold: 0.05 }, { epsSec: 1e-20 }]) {
      const [ofAlice, ofBob] = reasonsOf(await play({ bob: more }))
      expect(ofAlice).toContain('The other end refused')
      expect(ofBob).toContain('The other end proposed')
    }
    expectNothingKept()
  })

  it('[QC4] where one end cannot keep its key, the other keeps none, and its account says that it is lost', async () => {
    let bytes = 0
    const between = proxied((chunk) => {
      bytes += chunk.length
      if (bytes > 4000 && !existsSync(inFolder('bob.out'))) writeFileSync(inFolder('bob.out'), 'something else')
      return chunk
    })
    const [ofAlice, ofBob] = reasonsOf(await play({ between }))
    expect(ofAlice).toContain('The other end could not keep its key')
    expect(ofBob).toContain('--out: the file cannot be written: it is there already')
    expect(existsSync(inFolder('alice.out'))).toBe(false)
    expect(readFileSync(inFolder('bob.out'), 'utf8')).toBe('something else')
    expect(ledgerOf('alice').balance.expired).toBeGreaterThan(10_000)
    for (const end of ['alice', 'bob'] as const) expectBalanced(end)
  })

  it('[QC7] who finds nobody ends with one line, and has spent nothing', async () => {
    const never = new AbortController().signal
    const alone = distillWithHost(choices('alice', 1, { patienceMs: 1000 }), never, () => undefined)
    await expect(alone).rejects.toThrow('--connect: nobody with our key answered for 1 s')
    expect(ledgerOf('alice').spentTo).toBe(32)
    expect(existsSync(inFolder('alice.key.lock'))).toBe(false)
  })

  it('[QC4] hardware is what both ends call so', async () => {
    const [both] = values(await play({ alice: { label: 'hardware' }, bob: { label: 'hardware' } }))
    expect(both.label).toBe('hardware')
    for (const end of ['alice', 'bob']) rmSync(inFolder(`${end}.out`))
    const [one, other] = values(await play({ alice: { label: 'hardware' } }))
    expect([one.label, other.label]).toEqual(['simulated', 'simulated'])
  })
})

interface Ran {
  code: number | null
  out: string
  err: string
}

function started(...args: string[]): { child: ChildProcess; ran: Promise<Ran>; err: () => string } {
  const env = { PATH: process.env.PATH ?? '' }
  const child = spawn(process.execPath, [main, 'qkd', 'distill', ...args], { cwd: folder, env })
  children.push(child)
  let [out, err] = ['', '']
  child.stdout!.on('data', (chunk) => {
    out += String(chunk)
  })
  child.stderr!.on('data', (chunk) => {
    err += String(chunk)
  })
  const ran = new Promise<Ran>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
  return { child, ran, err: () => err }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('in processes of their own', () => {
  const own = (end: string): string[] => [
    '--in',
    `${end}.bin`,
    '--raw',
    '--auth-key',
    `${end}.key`,
    '--out',
    `${end}.out`,
  ]

  it('[QC4] one JSON document each, and the same key', async () => {
    const bob = started('--listen', '127.0.0.1:0', ...own('bob'), '--json')
    await until(() => /:\d+\./.test(bob.err()))
    const port = /:(\d+)\./.exec(bob.err())![1]!
    const alice = started('--connect', `127.0.0.1:${port}`, ...own('alice'), '--json')
    for (const { code, out } of [await alice.ran, await bob.ran]) {
      expect(code).toBe(0)
      expect(out).toMatch(/^[^\n]+\n$/)
      expect(JSON.parse(out)).toMatchObject({ aborted: false, bits: bitCount })
    }
    expectOneKey()
  })

  it('[QC6] Ctrl-C ends it with one line, the lock is gone and no file is left', async () => {
    const bob = started('--listen', '127.0.0.1:0', ...own('bob'), '--json')
    await until(() => /:\d+\./.test(bob.err()))
    bob.child.kill('SIGINT')
    expect(await bob.ran).toMatchObject({ code: 1, out: '' })
    expect(bob.err()).toMatch(/^Listening [^\n]+\nStopped\. No key was kept\.\n$/)
    expect(existsSync(inFolder('bob.key.lock'))).toBe(false)
    expectNothingKept()
  })

  const wrong: [string, string][] = [
    ['--listen 7000 --in bob.bin --auth-key bob.key --out k', '--listen'],
    ['--listen :99999 --in bob.bin --auth-key bob.key --out k', '--listen'],
    ['--connect :7000 --in bob.bin --auth-key bob.key --out k', '--connect'],
    ['--connect a:1 --listen :2 --in bob.bin --auth-key bob.key --out k', '--listen'],
    ['--connect a:1 --auth-key bob.key --out k', '--in'],
    ['--connect a:1 --in bob.bin --out k', '--auth-key'],
    ['--connect a:1 --in bob.bin --auth-key bob.key', '--out'],
    ['--connect a:1 --in none --auth-key bob.key --out k', '--in'],
    ['--connect a:1 --raw --in bob.bin --auth-key none --out k', '--auth-key'],
    ['--connect a:1 --raw --in bob.bin --auth-key bob.key --out bob.key', '--out'],
    ['--connect a:1 --in bob.bin --auth-key bob.key --out k --alice x', '--alice'],
    ['--connect a:1 --in bob.bin --auth-key bob.key --out k --mode fast', '--mode'],
    ['--connect a:1 --in bob.bin --auth-key bob.key --out k --label real', '--label'],
    ['--connect a:1 --in bob.bin --auth-key bob.key --out k --replenish 9', '--replenish'],
    ['--connect a:1 --in bob.bin --auth-key bob.key --out k --patience 0', '--patience'],
    ['--alice bob.bin --bob bob.bin --out k --auth-key bob.key', '--auth-key'],
  ]
  it('[QC10] a command line that makes no sense: one line that names the flag, nothing on stdout, nothing written', async () => {
    const { qkd } = await import('../../apps/cli/src/qkd/command.ts')
    const distill = await qkd.commands!.distill!.load()
    for (const [line, flag] of wrong) {
      const args = line
        .split(' ')
        .map((word) => (existsSync(inFolder(word)) || /^(none|k)$/.test(word) ? inFolder(word) : word))
      const error = await distill.run([...args, '--json']).then(
        () => undefined,
        (fault: Error) => fault,
      )
      expect(error?.message, line).toMatch(/^[^\n]+$/)
      expect(error?.message, line).toContain(flag)
      expect(existsSync(inFolder('k')), line).toBe(false)
      expect(existsSync(inFolder('bob.key.lock')), line).toBe(false)
    }
  })
})
