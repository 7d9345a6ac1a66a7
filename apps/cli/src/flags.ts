/** Reads the flags of a command; what it does not understand is said in one line that never repeats a value. */
import path from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from './command.ts'

type Parsed<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>

/** @param positionals - how many arguments without a flag the command takes at most */
export function readFlags<T extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: T,
  positionals = 0,
): Parsed<T> {
  const hint = `See: qsec ${command} --help`
  let parsed: Parsed<T>
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${complaint(error as NodeJS.ErrnoException)} ${hint}`)
  }
  // The argument itself may be a link with its secret, so it is not repeated.
  if (parsed.positionals.length > positionals) throw new UsageError(`qsec ${command}: one argument too many. ${hint}`)
  return parsed
}

function complaint({ code, message }: NodeJS.ErrnoException): string {
  const flag = /(--?[A-Za-z][A-Za-z-]{0,30})(?![A-Za-z0-9_.-])/.exec(message)?.[1]
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return flag ? `Unknown option ${flag}.` : 'An option was not understood.'
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      if (!flag) return 'An option has a value that it cannot have.'
      return /does not take/.test(message) ? `${flag} takes no value.` : `${flag} needs a value.`
    default:
      return 'The command line was not understood.'
  }
}

export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new UsageError(`${flag} must be a whole number from ${least} to ${most}.`)
}

/** A path as its writer meant it: `npm run` changes to the project's folder and tells in INIT_CWD where it was called. */
export function pathFromHere(text: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: calledIn } = process.env
  return path.resolve(script === 'qsec' && calledIn ? calledIn : '.', text)
}
