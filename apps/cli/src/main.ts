#!/usr/bin/env node
/** `qsec <command>`: finds the command, loads it alone, and turns what it throws into one line and an exit code. */
import { readFileSync } from 'node:fs'
import { type Command, CommandFailed, type CommandLoader, UsageError } from './command.ts'
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
  admin: {
    summary: 'the rooms of a relay, its quotas, and deleting a room',
    load: async () => (await import('./admin/command.ts')).admin,
  },
  backup: {
    summary: 'copy the database of a relay, also while it runs',
    load: async () => (await import('./admin/backup.ts')).backup,
  },
  restore: {
    summary: 'put a backup in the place of the database',
    load: async () => (await import('./admin/backup.ts')).restore,
  },
  chat: {
    summary: 'a room in this terminal, for people',
    load: async () => (await import('./chat/command.ts')).chat,
  },
  bot: {
    summary: 'join a room as a program: events out, messages in',
    load: async () => (await import('./bot/command.ts')).bot,
  },
  device: {
    summary: 'protect the folder of a bot by a passphrase',
    load: async () => (await import('./device/command.ts')).device,
  },
  demo: {
    summary: 'play a whole room here, from join to leave, and check that all of it happened',
    load: async () => (await import('./demo/command.ts')).demo,
  },
  qkd: {
    summary: 'quantum key distribution by itself: simulate, rate, analyse, distill, plot',
    load: async () => (await import('./qkd/command.ts')).qkd,
  },
  client: {
    summary: 'serve the web client by itself, for a relay elsewhere',
    load: async () => (await import('./client.ts')).client,
  },
  release: {
    summary: 'keys and signatures of whoever publishes the web client',
    load: async () => (await import('./release/command.ts')).release,
  },
  verify: {
    summary: 'compare the web client that a server serves with a release',
    load: async () => (await import('./verify/command.ts')).verify,
  },
  kme: {
    summary: 'a simulated pair of key servers with the interface of ETSI GS QKD 014',
    load: async () => (await import('./kme/command.ts')).kme,
  },
}

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args
  if (name === '--version' || name === '-V') {
    say(`qsec ${version()}`)
    return 0
  }
  const asksHelp = ['help', '--help', '-h'].includes(name)
  if (asksHelp && rest.length === 0) {
    say(overview(commands))
    return 0
  }
  const [command, left] = await findDown(asksHelp ? rest : args)
  if (asksHelp || wantsHelp(left)) {
    say(command.help)
    return 0
  }
  return command.run(left)
}

/** The command that the first words name, `qkd rate` for instance, and what is left for it. */
async function findDown(words: readonly string[]): Promise<[Command, readonly string[]]> {
  let [command, left] = [await find(commands, words[0]!).load(), words.slice(1)]
  while (command.commands && left[0] !== undefined && !left[0].startsWith('-')) {
    command = await find(command.commands, left[0]).load()
    left = left.slice(1)
  }
  return [command, left]
}

function find(among: Readonly<Record<string, CommandLoader>>, name: string): CommandLoader {
  if (Object.hasOwn(among, name)) return among[name]!
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
