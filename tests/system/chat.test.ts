/** `qsec chat` as a person has it: a real process through a pipe and in a pseudo terminal, a real relay, and Ana. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RoomClient } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { screenOf } from './terminal.ts'
import { hasText, openWorld, texts, until, type World } from './world.ts'

const main = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts')
const columns = 60
const ctrlC = '\u0003'
const ctrlD = '\u0004'
// util-linux has it; elsewhere a program of that name takes other arguments.
const hasPty = process.platform === 'linux' && existsSync('/usr/bin/script')

let world: World
let folder = ''
let running: ChildProcessWithoutNullStreams[] = []

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-chat-'))
  running = []
  world = await openWorld()
})
afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Chat {
  readonly out: string
  readonly err: string
  /** As the window shows it. */
  readonly screen: string
  write(text: string): void
  end(): void
  shows(pattern: RegExp): Promise<void>
  readonly exit: Promise<number | null>
}

function start(command: string, args: readonly string[], read: (written: string) => string): Chat {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm-256color' }
  const child = spawn(command, args, { cwd: folder, env })
  running.push(child)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.on('error', () => undefined) // it has ended
  const screen = (): string => read(out)
  return {
    get out() {
      return out
    },
    get err() {
      return err
    },
    get screen() {
      return screen()
    },
    write: (text) => void child.stdin.write(text),
    end: () => void child.stdin.end(),
    async shows(pattern) {
      const untilMs = Date.now() + 40_000
      while (!pattern.test(screen())) {
        if (Date.now() > untilMs) throw new Error(`no ${pattern} in\n${screen()}\nstderr: ${err}`)
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    },
    exit: once(child, 'close').then(([code]) => code as number | null),
  }
}

function inPipe(where: string, ...flags: string[]): Chat {
  return start(process.execPath, [main, 'chat', where, ...flags], (written) => written)
}

function inTerminal(where: string, ...flags: string[]): Chat {
  const words = [process.execPath, main, 'chat', where, ...flags].map((word) => `'${word}'`)
  return start('script', ['-qec', `stty cols ${columns} rows 24; exec ${words.join(' ')}`, '/dev/null'], (written) =>
    screenOf(written, columns).join('\n'),
  )
}

function deviceOf(room: RoomClient, name: string): RoomClient['snapshot']['self']['device'] {
  return room.snapshot.people.find((person) => person.name === name)!.device
}

it('[CHT1] [CHT3] [CHT5] [CHT8] [CHT9] [CHT13] through a pipe: commands, words for one person, codes and files', async () => {
  const ana = await world.create('Ana')
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  await until(cleo, (s) => s.phase.at === 'member')
  const ben = inPipe(world.url + ana.snapshot.invitePath!, '--name', 'Ben')
  await ben.shows(/In the room with you: .*Ana/)
  await until(ana, (s) => s.people.some(({ name }) => name === 'Ben'))
  for (const line of ['hello', '/nothing here', ' /to Ana slip', '/to Nobody lost', '/to Ana psst', '//tmp']) {
    ben.write(`${line}\n`)
  }
  await until(ana, hasText('/tmp'))
  await until(ana, hasText('psst'))
  await until(cleo, hasText('/tmp'))
  expect(texts(ana.snapshot).toSorted()).toEqual(['/tmp', 'hello', 'psst'])
  expect(texts(cleo.snapshot)).toEqual(['hello', '/tmp'])
  await ben.shows(/There is no command \/nothing, so nothing was sent/)
  await ben.shows(/looks like \/to and is not/)
  await ben.shows(/Nobody here is called Nobody/)
  await ben.shows(/Delivered: /)

  await ana.send('\u001b[2Jred\u202e\n12:00 Cleo: forged')
  await ben.shows(/red/)
  ben.write('/verify Ana\n')
  await ben.shows(/same, or \/verify Ana different/)
  const digits = ana.safetyNumber(deviceOf(ana, 'Ben'))!.digits
  expect(ben.out.replace(/\n-- +/g, ' ')).toContain(digits)
  ben.write(`/verify Ana ${digits}\n`)
  await ben.shows(/You verified Ana/)
  await ana.send('after that')
  await ben.shows(/Ana ✓: after that/)

  writeFileSync(path.join(folder, 'plan.txt'), 'the plan')
  ben.write('/send plan.txt\n/save plan.txt\n/save plan.txt copy.txt\n/save other.txt\n/send missing.txt\n')
  await ben.shows(/There is a file of that name already/)
  await ben.shows(/Saved: .*copy\.txt/)
  await ben.shows(/no file of that name/)
  await ben.shows(/There is no file .*missing\.txt/)
  expect(readFileSync(path.join(folder, 'copy.txt'), 'utf8')).toBe('the plan')
  ben.write('last words\n')
  ben.end()
  expect(await ben.exit).toBe(0)
  await until(ana, hasText('last words'))
  expect(ben.out.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u)
  expect(ben.out).not.toMatch(/^12:00/m)
  expect(ben.err).toBe('')
})

it.skipIf(!hasPty)('[CHT2] [CHT6] in a terminal the typed line stays whole while messages come', async () => {
  const ana = await world.join('Ana', '/room/typing')
  await until(ana, (s) => s.phase.at === 'member')
  const ben = inTerminal(`${world.url}/room/typing`)
  await ben.shows(/Your name/)
  ben.write('Ben\r')
  await ben.shows(/In the room with you: Ana/)
  const long = 'a line that is longer than the window is wide, so that it has two rows'
  ben.write(long)
  await ben.shows(/two rows$/)
  await ana.send('first interruption')
  await ana.send('second interruption')
  await ben.shows(/Ana: first interruption\n\d\d:\d\d Ana: second interruption\n/)
  // In two rows, the last of the screen, and nowhere else.
  const bare = (text: string): string => text.replace(/\s/g, '')
  await ben.shows(/two rows$/)
  expect(bare(ben.screen).endsWith(bare(`>${long}`))).toBe(true)
  expect(ben.screen.split('a line that is longer')).toHaveLength(2)
  ben.write(' indeed\r')
  await until(ana, hasText(`${long} indeed`))
  await ben.shows(/\n\[Delivered\] >$/)
  // As a message, and nothing of the typed line is left.
  expect(ben.screen.split('a line that is longer')).toHaveLength(2)
  expect(ben.screen).toMatch(/\d\d:\d\d You: a line that/)
  for (const row of ben.screen.split('\n')) expect([...row].length).toBeLessThanOrEqual(columns)
  ben.write('/he\t')
  await ben.shows(/> \/help$/)
  ben.write(ctrlC)
  expect(await ben.exit).toBe(0)
  expect(ben.screen).toContain('This device was not kept')
})

it.skipIf(!hasPty)(
  '[CHT7] Ctrl-C and Ctrl-D end it, the same person comes back, and /leave leaves for good',
  async () => {
    const ana = await world.create('Ana')
    const link = world.url + ana.snapshot.invitePath!
    const kept = ['--name', 'Ben', '--data', path.join(folder, 'ben'), '--plain']
    const first = inTerminal(link, ...kept)
    await first.shows(/In the room with you: Ana/)
    first.write('one\r')
    await until(ana, hasText('one'))
    first.write(ctrlC)
    expect(await first.exit).toBe(0)
    expect(first.out).toMatch(/^-- You are still a member/m)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be there
    expect(first.out).not.toMatch(/\u001b/)
    await ana.send('while you were away')
    const again = inTerminal(link.split('#')[0]!, ...kept)
    await again.shows(/You: one[\s\S]*Ana: while you were away/)
    again.write(ctrlD)
    expect(await again.exit).toBe(0)
    expect(ana.snapshot.people).toHaveLength(2)
    const last = inTerminal(link.split('#')[0]!, ...kept)
    await last.shows(/In the room with you: Ana/)
    last.write('/leave\r')
    await last.shows(/This erases/)
    last.write('/leave\r')
    expect(await last.exit).toBe(0)
    await until(ana, (s) => s.people.length === 1)
  },
  120_000,
)
