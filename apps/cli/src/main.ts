#!/usr/bin/env node
/** `qsec <command>`: finds the command, loads it alone, and turns what it throws into one line and an exit code. */
import { readFileSync } from 'node:fs'
import { CommandFailed, type CommandLoader, UsageError } from './command.ts'
import { overview } from './help.ts'
import { endWithClosedPipe, explain, flushed, say, sayError } from './output.ts'

const commands: Readonly<Record<string, CommandLoader>> = {
  serve: {
    summary: 'start the relay',
    load: async () => (await import('./serve.ts')).serve,
  },
  logs: {
    summary: 'read the log of a room beside a running relay',
    load: async () => (await import('./logs/command.ts')).logs,
  },
  bot: {
    summary: 'join a room as a program: events out, messages in',
    load: async () => (await import('./bot/command.ts')).bot,
  },
  demo: {
    summary: 'play a whole room here, from join to leave, and check that all of it happened',
    load: async () => (await import('./demo/command.ts')).demo,
  },
}

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args
  if (name === '--version' || name === '-V') {
    say(`qsec ${version()}`)
    return 0
  }
  const asked = name === 'help' || name === '--help' || name === '-h' ? rest[0] : undefined
  if (asked === undefined && ['help', '--help', '-h'].includes(name)) {
    say(overview(commands))
    return 0
  }
  const command = await find(asked ?? name).load()
  if (asked !== undefined || wantsHelp(rest)) {
    say(command.help)
    return 0
  }
  return command.run(rest)
}

function find(name: string): CommandLoader {
  if (Object.hasOwn(commands, name)) return commands[name]!
  const shown = /^[A-Za-z-]{1,20}$/.test(name) ? ` "${name}"` : ''
  throw new UsageError(`Unknown command${shown}. See: qsec help`)
}

function wantsHelp(args: readonly string[]): boolean {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return own.includes('--help') || own.includes('-h')
}

function version(): string {
  const description = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(description) as { version: string }).version
}

async function run(): Promise<never> {
  let code: number
  try {
    code = await main(process.argv.slice(2))
  } catch (error) {
    sayError(explain(error))
    code = error instanceof CommandFailed ? error.exitCode : 1
  }
  await flushed()
  // Timers of a closed room may still be running; nobody waits for them.
  process.exit(code)
}

endWithClosedPipe()
void run()
