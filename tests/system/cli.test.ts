/** The command line as people and programs use it: real processes, a real relay, and clients of this process. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasText, openWorld, texts, until, type World } from './world.ts'

const main = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts')
const commands = [
  'serve',
  'logs',
  'admin',
  'backup',
  'restore',
  'chat',
  'bot',
  'device',
  'demo',
  'kme',
  'client',
  'release',
  'verify',
]
const secret = `${'x'.repeat(42)}A`

class Process {
  readonly child: ChildProcessWithoutNullStreams
  readonly exit: Promise<number | null>
  out = ''
  err = ''

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const env = { PATH: process.env.PATH ?? '', ...environment }
    this.child = spawn(process.execPath, [main, ...args], { cwd: folder, env })
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.out += text
    })
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text
    })
    this.child.stdin.on('error', () => undefined) // it has ended before it read everything
    this.exit = once(this.child, 'close').then(([code]) => code as number | null)
    running.push(this)
  }

  /** What stands on stdout so far, one JSON value a line. */
  get events(): Record<string, unknown>[] {
    return this.out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  write(line: string): void {
    this.child.stdin.write(`${line}\n`)
  }

  /** Resolves with the first event that has these fields, waiting for it. */
  async event(fields: Record<string, unknown>, timeoutMs = 15_000): Promise<Record<string, unknown>> {
    const untilMs = Date.now() + timeoutMs
    for (;;) {
      const found = this.events.find((event) => Object.entries(fields).every(([key, value]) => event[key] === value))
      if (found) return found
      if (Date.now() > untilMs) throw new Error(`no ${JSON.stringify(fields)} in\n${this.out}\nstderr: ${this.err}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

let folder = ''
let running: Process[] = []

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-cli-'))
  running = []
})
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.map(({ exit }) => exit))
  rmSync(folder, { recursive: true, force: true })
})

async function run(args: readonly string[], environment?: Record<string, string>): Promise<Process & { code: number }> {
  const started = new Process(args, environment)
  started.child.stdin.end()
  const code = await started.exit
  return Object.assign(started, { code: code ?? -1 })
}

function expectOneLine(text: string): void {
  expect(text).toMatch(/^[^\n]+\n$/)
}

describe('every command', () => {
  it('[CL1] gives an overview, usage with examples for each command, and the version', async () => {
    for (const args of [[], ['help'], ['--help']]) {
      const { code, out, err } = await run(args)
      expect({ code, err }).toEqual({ code: 0, err: '' })
      for (const command of commands) expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'))
    }
    for (const command of commands) {
      const { code, out } = await run([command, '--help'])
      expect(code).toBe(0)
      expect(out).toMatch(new RegExp(`^qsec ${command} `))
      expect(out).toContain('Examples:')
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120)
    }
    expect((await run(['help', 'logs'])).out).toBe((await run(['logs', '--help'])).out)
    expect((await run(['--version'])).out).toMatch(/^qsec \d+\.\d+\.\d+\n$/)
  })

  it.each([
    [['unknown']],
    [['toString']],
    [['--nonsense']],
    [['help', 'nothing']],
    [['logs', '--rooom', 'a']],
    [['logs', '--room']],
    [['logs', '--room', 'no/room']],
    [['logs', '--room', 'a', '--limit', '-1']],
    [['logs', '--room', 'a', '--limit', '1e3']],
    [['logs', '--room', 'a', '--summary', '--follow']],
    [['logs', '--follow']],
    [['logs', 'a', 'b']],
    [['chat']],
    [['chat', 'http://localhost:1/room/lab1']],
    [['chat', 'http://localhost:1/room/lab1', '--name', '\u200b']],
    [['bot']],
    [['bot', 'lab1']],
    [['bot', 'http://localhost:1/elsewhere/lab1']],
    [['bot', 'ftp://localhost/room/lab1']],
    [['bot', 'http://localhost:1/room/lab1', '--name', '\u200b']],
    [['bot', 'http://localhost:1/room/lab1', '--expected', '0']],
    [['bot', 'http://localhost:1/room/lab1', '--json=yes']],
    [['demo', 'now']],
    [['demo', '-x']],
    [['serve', '--prot', '5']],
    [['admin']],
    [['admin', 'everything']],
    [['admin', 'delete', '--yes']],
    [['admin', 'delete', 'lab1']],
    [['admin', 'rooms', '--yes']],
    [['admin', 'delete', 'no/room', '--yes']],
    [['backup']],
    [['restore', 'a', 'b']],
  ])('[CL2] %j ends with 2 and one line', async (args) => {
    const { code, out, err } = await run(args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expectOneLine(err)
  })

  it('[CL3] says nothing of the secret in a link, wherever it stands', async () => {
    const link = `http://localhost:1/room/Ql6vlts5gv75R3PF2A-aoQ#v1.${secret}`
    for (const args of [
      [link],
      ['logs', link],
      ['logs', '--room', link],
      ['logs', '--db', link],
      [`--${link}`],
      ['logs', `--${link}`],
      ['bot', link, link],
      ['bot', `${link}x`],
      ['bot', link.slice('http://'.length)],
      ['bot', link, '--data', '/dev/null/x'],
      ['demo', link],
      ['serve', '--port', link],
    ]) {
      const { code, out, err } = await run(args)
      expect(code, args.join(' ')).toBeGreaterThan(0)
      expectOneLine(err)
      expect(out + err).not.toContain(secret)
    }
  })

  it('[CL4] serve says where it serves, ends with SIGTERM, and names what is wrong in one line', async () => {
    const relay = new Process(['serve', '--port', '0'])
    await soon(() => relay.out.includes('\n'))
    const url = /^QSEC is serving on (http:\/\/localhost:\d+)\n$/.exec(relay.out)![1]!
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(existsSync(path.join(folder, 'data/qsec2.db'))).toBe(true)
    const busy = await run(['serve', '--port', new URL(url).port], { QSEC_DATA_DIR: 'other' })
    expect(busy.code).toBe(1)
    expect(busy.err).toMatch(/^PORT \d+ is in use already\. [^\n]+\n$/)
    relay.child.kill('SIGTERM')
    expect(await relay.exit).toBe(0)
    for (const environment of [{ PORT: 'abc' }, { HOST: 'a b' }, { QSEC_ORIGINS: 'chat.example' }]) {
      const { code, err } = await run(['serve'], environment as Record<string, string>)
      expect(code).toBe(1)
      expectOneLine(err)
      expect(err).toContain(Object.keys(environment)[0])
    }
  })

  it('[CL8] a database that is missing or none is named in one line, and none is made', async () => {
    const missing = await run(['logs', '--room', 'lab1', '--json'])
    expect(missing.code).toBe(1)
    expectOneLine(missing.err)
    expect(missing.err).toContain(path.join('data', 'qsec2.db'))
    expect(existsSync(path.join(folder, 'data'))).toBe(false)
    const none = path.join(folder, 'none.db')
    writeFileSync(none, 'this is no database, but long enough to be taken for the start of one '.repeat(20))
    for (const args of [
      ['--room', 'lab1', '--json'],
      ['--room', 'lab1', '--summary'],
      ['--room', 'lab1', '--follow'],
      [],
    ]) {
      const { code, out, err } = await run(['logs', '--db', none, ...args])
      expect(code).toBe(1)
      expect(out).toBe('')
      expectOneLine(err)
    }
  })
})

describe('in a room', () => {
  let world: World
  beforeEach(async () => {
    world = await openWorld()
  })
  afterEach(() => world.close())

  function bot(where: string, ...flags: string[]): Process {
    return new Process(['bot', world.url + where, ...flags])
  }

  it('[CL5] [CL6] [CL7] logs: lines, new lines as they come, and what they add up to', async () => {
    const environment = { QSEC_DATA_DIR: world.folder }
    const ana = await world.create('Ana')
    const ben = await world.join('Ben', ana.snapshot.invitePath!)
    await until(ben, (s) => s.phase.at === 'member')
    await ana.send('counted, not read')
    await until(ben, hasText('counted, not read'))
    const room = ana.snapshot.address
    await until(ana, (s) => s.roomLog.some(({ message }) => message.startsWith('[MSG_RELAYED]')))

    const all = await run(['logs', '--room', room, '--json'], environment)
    expect(all.code).toBe(0)
    expect(all.err).toBe('')
    const lines = JSON.parse(all.out) as { id: number; created_at: number; tag: string; fields: object }[]
    expect(lines[0]).toMatchObject({ tag: 'ROOM_CREATED', fields: { room, leader: ana.snapshot.self.device } })
    expect(lines.map(({ id }) => id)).toEqual(lines.map(({ id }) => id).sort((a, b) => a - b))
    expect(lines.find(({ tag }) => tag === 'MSG_RELAYED')?.fields).toMatchObject({ bytes: expect.any(Number) })
    expect(all.out).not.toContain('counted')
    const newest = JSON.parse((await run(['logs', '--room', room, '--json', '--limit', '2'], environment)).out)
    expect(newest).toHaveLength(2)
    expect(newest[1].id).toBeGreaterThanOrEqual(lines.at(-1)!.id)
    expect(JSON.parse((await run(['logs', '--json'], environment)).out)).toEqual([room])
    expect(JSON.parse((await run(['logs', '--json', '--room', 'nobody'], environment)).out)).toEqual([])
    const words = await run(['logs', '--room', room], { QSEC2_DB: path.join(world.folder, 'qsec2.db') })
    expect(words.out.split('\n')[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\[ROOM_CREATED\] room=/)

    const follower = new Process(['logs', '--room', room, '--json', '--follow', '--limit', '1'], environment)
    await soon(() => follower.out.includes('\n'))
    const already = follower.events.length
    await ben.send('another one')
    await follower.event({ tag: 'MSG_RELAYED' })
    await soon(() => follower.events.length > already)
    const ids = follower.events.map(({ id }) => id as number)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
    follower.child.kill('SIGINT')
    expect(await follower.exit).toBe(0)
    expect(follower.err).toBe('')

    const summary = JSON.parse((await run(['logs', '--room', room, '--summary', '--json'], environment)).out)
    expect(summary).toMatchObject({ room, members: { now: 2, ever: 2 }, firstAtMs: lines[0]!.created_at })
    expect(summary.messages.count).toBeGreaterThanOrEqual(2)
    expect(summary.messages.bytes).toBeGreaterThan(0)
    expect(summary.tags).toContainEqual({ tag: 'ROOM_CREATED', count: 1 })
    expect(summary.bb84).toMatchObject({ accepted: expect.any(Number), rejected: 0 })
    const told = await run(['logs', '--room', room, '--summary'], environment)
    expect(told.out).toMatch(/members {4}2 now, 2 ever/)
  })

  it('[CL9] [CL10] [CL13] a bot talks with a client, survives nonsense, and leaves', async () => {
    const ana = await world.create('Ana')
    const link = ana.snapshot.invitePath!
    const ben = bot(link, '--name', 'Ben', '--json')
    ben.write('{"text":"written before the door opened"}') // waits for it
    await ben.event({ event: 'connection', state: 'connected' })
    await ben.event({ event: 'phase', at: 'member' })
    await ben.event({ event: 'system', type: 'you-joined' })
    await until(ana, hasText('written before the door opened'))
    const own = await ben.event({ event: 'message', own: true })
    await ben.event({ event: 'state', key: own.key, state: 'delivered' })
    await ana.send('hello\n"Ben" 😀')
    expect(await ben.event({ event: 'message', text: 'hello\n"Ben" 😀' })).toMatchObject({
      own: false,
      state: 'received',
      from: { device: ana.snapshot.self.device },
      atMs: expect.any(Number),
    })

    const nonsense = [
      '{"text":',
      '[]',
      'null',
      '"text"',
      '{}',
      '{"text":1}',
      '{"text":""}',
      '{"text":"a","leave":true}',
    ]
    nonsense.push(
      '{"eavesdropper":"on"}',
      '{"leave":false}',
      `{"text":"${'a'.repeat(70_000)}"}`,
      '\u0000',
      'secret words',
    )
    for (const line of nonsense) ben.write(line)
    ben.write('')
    ben.write('{"text":"still here"}')
    await until(ana, hasText('still here'))
    expect(texts(ana.snapshot)).toEqual(['written before the door opened', 'hello\n"Ben" 😀', 'still here'])
    const complaints = ben.err.trimEnd().split('\n')
    expect(complaints).toHaveLength(nonsense.length)
    expect(complaints[0]).toMatch(/^Line 2 was left out: expected \{"text":"…"\}/)
    expect(ben.err).not.toContain('secret words')

    ben.write('{"eavesdropper":true}')
    await until(ana, (s) => s.quantum.eavesdropper.on)
    ben.write('{"eavesdropper":false}')
    ben.write('{"keyExchange":true}')
    await until(ana, (s) => s.quantum.label === 'quantum (simulated)', 40_000)
    await ben.event({ event: 'label', label: 'quantum (simulated)' })
    expect(await ben.event({ event: 'link', state: 'completed' })).toMatchObject({ qber: expect.any(Number) })
    expect(await ben.event({ event: 'system', type: 'keys-refreshed' })).toMatchObject({ label: expect.any(String) })
    ben.write('{"leave":true}')
    expect(await ben.exit).toBe(0)
    expect(ben.events.at(-1)).toMatchObject({ event: 'phase', at: 'left' })
    await until(ana, (s) => s.people.length === 1)
    expect(ben.out + ben.err).not.toContain(link.split('#v1.')[1])
  })

  it('[CL13] SIGTERM ends a bot with 0; refused, it ends with 1 and says why', async () => {
    const ana = await world.create('Ana', 2)
    const link = ana.snapshot.invitePath!
    const ben = bot(link, '--json')
    await ben.event({ event: 'phase', at: 'member' })
    const late = await run(['bot', world.url + link, '--json'])
    expect(late.code).toBe(1)
    expectOneLine(late.err)
    expect(late.events.at(-1)).toMatchObject({ event: 'phase', at: 'refused', code: 'room-full' })
    ben.child.kill('SIGTERM')
    expect(await ben.exit).toBe(0)
    expect(ben.err).toBe('')

    const bare = await run(['bot', world.url + link.split('#')[0]])
    expect(bare.code).toBe(1)
    expect(bare.err).toMatch(/^This room needs its full invite link[^\n]*\n$/)
    const wrong = await run(['bot', `${world.url + link.split('#')[0]}#v1.${secret}`])
    expect(wrong.code).toBe(1)
    expectOneLine(wrong.err)
    expect(wrong.out + wrong.err + late.out + late.err).not.toMatch(/v1\./)
  })

  it('[MC1] [MC2] a bot knocks with --knock, comes in by a yes, tells what is agreed, and ends with the room', async () => {
    const ana = await world.create('Ana')
    const invited = bot(ana.snapshot.invitePath!, '--json')
    await invited.event({ event: 'phase', at: 'member' })
    const stranger = bot(`/room/${ana.snapshot.address}`, '--knock')
    await soon(() => /over another channel: [-0-9A-Z]{14}\n/.test(stranger.out))
    const [code] = /[-0-9A-Z]{14}/.exec(stranger.out)!
    await until(ana, (s) => s.agreement?.knocks.length === 1)
    const [knock] = ana.snapshot.agreement!.knocks
    expect(knock).toMatchObject({ code, byLink: false })
    await soon(() => invited.events.some((event) => JSON.stringify(event.knocks) === JSON.stringify([knock])))
    await ana.letIn(knock!.device)
    await soon(() => stranger.out.includes('* In the room'))
    await invited.event({ event: 'system', type: 'let-in' })
    await soon(() => invited.events.some(({ knocks }) => Array.isArray(knocks) && knocks.length === 0))
    await ana.changeRoom({ locked: true })
    await invited.event({ event: 'system', type: 'room-locked', on: true })
    await soon(() => stranger.out.includes('Ana locked the room'))
    await ana.endRoom()
    await invited.event({ event: 'phase', at: 'ended' })
    for (const ended of [invited, stranger]) {
      expect(await ended.exit).toBe(1)
      expect(ended.err).toBe('The room was ended for everybody.\n')
    }
    expect(stranger.out).toContain('* Ana ended the room')
  })

  it('[CL11] two echoes answer a person, and not each other for ever', async () => {
    const ana = await world.join('Ana', '/room/echoes')
    await until(ana, (s) => s.phase.at === 'member')
    const echoes = ['One', 'Two'].map((name) => bot('/room/echoes', '--name', name, '--echo', '--json'))
    for (const echo of echoes) await echo.event({ event: 'phase', at: 'member' })
    await ana.send('who is there?')
    await until(ana, (s) => texts(s).length === 3)
    await ana.send('and now?')
    await until(ana, (s) => texts(s).length === 6)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(texts(ana.snapshot).sort()).toEqual(
      [
        'and now?',
        'who is there?',
        ...['and now?', 'who is there?'].flatMap((text) => [`echo: ${text}`, `echo: ${text}`]),
      ].sort(),
    )
  })

  it('[CL12] [CL14] with a folder it comes back as the same device and hears what it missed', async () => {
    const ana = await world.create('Ana')
    const link = ana.snapshot.invitePath!
    const flags = ['--json', '--echo', '--data', path.join(folder, 'device')]
    const first = bot(link, '--name', 'Keeper', ...flags)
    await first.event({ event: 'phase', at: 'member' })
    await ana.send('one')
    await until(ana, hasText('echo: one'))
    const second = await run(['bot', world.url + link, ...flags])
    expect(second.code).toBe(1)
    expect(second.err).toMatch(/in use by another process[^\n]*\n$/)
    first.child.kill('SIGTERM')
    expect(await first.exit).toBe(0)
    await ana.send('two')

    const back = bot(link.split('#')[0]!, ...flags)
    await back.event({ event: 'message', text: 'two' })
    await until(ana, hasText('echo: two'))
    expect(texts(ana.snapshot)).toEqual(['one', 'echo: one', 'two', 'echo: two'])
    expect(back.events.some(({ text }) => text === 'one' || text === 'echo: one')).toBe(false)
    expect(ana.snapshot.people).toHaveLength(2)
    expect(ana.snapshot.people.map(({ name }) => name)).toContain('Keeper')
    back.child.kill('SIGTERM')
    expect(await back.exit).toBe(0)

    const once = new Process(['bot', world.url + link, '--once', '--data', path.join(folder, 'device')])
    once.child.stdin.end('three\n\nfour')
    expect(await once.exit).toBe(0)
    await until(ana, hasText('four'))
    expect(texts(ana.snapshot).slice(-2)).toEqual(['three', 'four'])
  })

  it('[CL29] a folder locked by a passphrase opens by it or by the recovery code, named by files alone', async () => {
    const ana = await world.create('Ana')
    const link = ana.snapshot.invitePath!
    const device = path.join(folder, 'locked')
    const file = (name: string, text: string): string => {
      writeFileSync(path.join(folder, name), `${text}\n`)
      return path.join(folder, name)
    }
    const right = file('right', 'correct horse battery staple')
    const wrong = file('wrong', 'incorrect horse battery')
    const unlocked = await run(['bot', world.url + link, '--data', device, '--passphrase-file', right])
    expect(unlocked).toMatchObject({ code: 1, out: '' })
    expect(unlocked.err).toContain('qsec device protect')
    const protectedBy = await run(['device', 'protect', device, '--new-passphrase-file', right])
    expect(protectedBy.code).toBe(0)
    expect(protectedBy.out).toMatch(/^([0-9A-Z]{4}-){6}[0-9A-Z]{4}\n$/)
    const code = file('code', protectedBy.out.trim())
    expect((await run(['device', 'status', device])).out).toContain('Protected')
    expect(existsSync(path.join(device, 'storage.key'))).toBe(false)

    for (const [flags, says] of [
      [[], 'locked by a passphrase'],
      [['--passphrase-file', wrong], 'does not open'],
      [['--recovery-code-file', wrong], 'no recovery code'],
    ] as const) {
      const refused = await run(['bot', world.url + link, '--data', device, ...flags])
      expect(refused).toMatchObject({ code: 1, out: '' })
      expect(refused.err).toContain(says)
    }
    for (const flags of [
      ['--passphrase-file', right],
      ['--recovery-code-file', code],
    ]) {
      const bot = new Process(['bot', world.url + link, '--once', '--name', 'Keeper', '--data', device, ...flags])
      bot.child.stdin.end(`by ${flags[0]}`)
      expect(await bot.exit).toBe(0)
      await until(ana, hasText(`by ${flags[0]}`))
    }
    expect(ana.snapshot.people).toHaveLength(2)
    const short = await run([
      'device',
      'protect',
      device,
      '--passphrase-file',
      right,
      '--new-passphrase-file',
      file('s', 'short'),
    ])
    expect(short.code).toBe(1)
    expect((await run(['device', 'unprotect', device, '--passphrase-file', right])).code).toBe(0)
    expect((await run(['device', 'status', device])).out).toContain('Not protected')
  })

  it('[CL15] what others write cannot steer the terminal', async () => {
    const ana = await world.join('Ana', '/room/terminal')
    await until(ana, (s) => s.phase.at === 'member')
    const ben = bot('/room/terminal', '--name', 'Ben')
    await soon(() => ben.out.includes('* In the room'))
    await ana.send('\u001b[2Jred\r\n\u009b31mand\u0007 more\u202e')
    await soon(() => ben.out.includes('more'))
    expect(ben.out).toMatch(/^\d\d:\d\d:\d\d [^:\n]+: /m)
    expect(ben.out.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u)
    ben.write('typed by hand')
    await until(ana, hasText('typed by hand'))
  })
})

it('[CL16] the demo plays every step for real', async () => {
  const { code, out, err } = await run(['demo', '--json'])
  expect(err).toBe('')
  const { ok, steps } = JSON.parse(out) as { ok: boolean; steps: { name: string; ok: boolean; detail: string }[] }
  expect(steps.filter((step) => !step.ok)).toEqual([])
  expect(steps.length).toBeGreaterThanOrEqual(14)
  expect({ ok, code }).toEqual({ ok: true, code: 0 })
  expect(out).not.toMatch(/v1\./)
}, 180_000)

it('[CL16] a demo in which a step fails says which, and ends with 1', async () => {
  const { code, out, err } = await run(['demo', '--json'], { TMPDIR: path.join(folder, 'nowhere') })
  expect(code).toBe(1)
  expectOneLine(err)
  const { ok, steps } = JSON.parse(out) as { ok: boolean; steps: { ok: boolean; detail: string }[] }
  expect({ ok, last: steps.at(-1)?.ok }).toEqual({ ok: false, last: false })
  expect(err).toContain(steps.at(-1)!.detail)
})

async function soon(holds: () => boolean, timeoutMs = 15_000): Promise<void> {
  const untilMs = Date.now() + timeoutMs
  while (!holds()) {
    if (Date.now() > untilMs) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

it('[PU27] a bot makes an open room with the operator’s token from a file, and without it says what is missing', async () => {
  const token = 'n7Yp2mXw9RtLsYdAq7VnB3'
  const guarded = await openWorld({ createToken: token })
  try {
    const link = `${guarded.url}/room/lab1`
    const without = new Process(['bot', link, '--json'])
    expect(await without.exit).toBe(1)
    expect(without.err).toContain('Ask them for the token')
    writeFileSync(path.join(folder, 'token'), `${token}\n`)
    const bot = new Process(['bot', link, '--json', '--create-token-file', 'token'])
    await bot.event({ event: 'phase', at: 'member' })
    expect(bot.out + bot.err).not.toContain(token)
  } finally {
    await guarded.close()
  }
})
