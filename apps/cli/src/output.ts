/** What leaves the program: lines on stdout and stderr, and never the secret of an invite link in an error. */
import { CommandFailed } from './command.ts'

const errorCharactersAtMost = 400

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function sayError(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** One line for people, whatever was thrown. */
export function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const line = withoutSecrets(oneLine(message)).slice(0, errorCharactersAtMost)
  return error instanceof CommandFailed ? line : `Failed: ${line}`
}

export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

/** For text of others on a terminal: line breaks stay, nothing else that steers the terminal does. */
export function harmless(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}

/** No error should hold the fragment of a link in the first place; this is the second lock. */
function withoutSecrets(text: string): string {
  return text.replace(/v1\.[A-Za-z0-9_-]{8,}/g, 'v1.…')
}

/** Whoever reads our output may stop (`qsec logs … | head`): that is an end, and no failure. */
export function endWithClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  process.stderr.on('error', () => process.exit(1))
}

/** Resolves once everything that was said has left the process. */
export async function flushed(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))),
  )
}
