/** The overview that `qsec help` prints. */
import type { CommandLoader } from './command.ts'

export function overview(commands: Readonly<Record<string, CommandLoader>>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return `qsec: end-to-end encrypted group chat with post-quantum keys, and simulated quantum keys on top

Usage: qsec <command> [options]       (from the source: npm run -s qsec -- <command> [options])

Commands:
${lines.join('\n')}

  qsec <command> --help   what a command takes, with examples
  qsec --version          the version

With --json a command prints JSON on stdout and nothing else. Errors are one line on stderr.
Exit codes: 0 done, 1 failed, 2 the command line was not understood; verify also 3: a difference.`
}
