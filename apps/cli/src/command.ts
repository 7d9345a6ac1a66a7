/** What a command is, and the two ways in which it ends badly. */

export interface Command {
  /** What `qsec <command> --help` prints: usage, options, examples. */
  help: string
  /** Commands of its own, such as `rate` in `qsec qkd rate`. */
  commands?: Readonly<Record<string, CommandLoader>>
  /** Resolves with the exit code; throws `CommandFailed` for what a person has to be told. */
  run(args: readonly string[]): Promise<number>
}

export interface CommandLoader {
  /** Half a sentence for the overview. */
  summary: string
  load(): Promise<Command>
}

/** The command cannot do what it was asked. The message is one line that says what to do, without secrets. */
export class CommandFailed extends Error {
  override readonly name: string = 'CommandFailed'
  readonly exitCode: number = 1
}

/** The command line itself makes no sense. */
export class UsageError extends CommandFailed {
  override readonly name = 'UsageError'
  override readonly exitCode = 2
}
