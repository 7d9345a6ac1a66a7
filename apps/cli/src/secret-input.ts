/** Passphrases and recovery codes: from a file or typed without an echo, never from the command line, which others see. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { Secret } from '@qsec/client'
import { parseRecoveryCode } from '@qsec/client'
import { CommandFailed, UsageError } from './command.ts'
import { pathFromHere } from './flags.ts'

const bytesAtMost = 4096

/** The first line of a file. */
function readSecretFile(flag: string, file: string): string {
  const buffer = Buffer.alloc(bytesAtMost)
  let length = 0
  try {
    const descriptor = openSync(pathFromHere(file), 'r')
    try {
      length = readSync(descriptor, buffer)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    throw new CommandFailed(`The file of ${flag} cannot be read.`)
  }
  const line = buffer.toString('utf8', 0, length).split(/\r?\n/, 1)[0]!
  buffer.fill(0)
  if (line === '') throw new CommandFailed(`The file of ${flag} has nothing on its first line.`)
  return line
}

export const secretFlags = {
  'passphrase-file': { type: 'string' },
  'recovery-code-file': { type: 'string' },
} as const

export interface SecretFlags {
  'passphrase-file'?: string
  'recovery-code-file'?: string
}

/** What the flags name; undefined where they name nothing. */
export function secretFrom(flags: SecretFlags): Secret | undefined {
  const { 'passphrase-file': passphrase, 'recovery-code-file': code } = flags
  if (passphrase !== undefined && code !== undefined) {
    throw new UsageError('Give --passphrase-file or --recovery-code-file, not both.')
  }
  if (passphrase !== undefined) return { passphrase: readSecretFile('--passphrase-file', passphrase) }
  if (code === undefined) return undefined
  const recovery = parseRecoveryCode(readSecretFile('--recovery-code-file', code))
  if (!recovery) throw new CommandFailed('The file of --recovery-code-file holds no recovery code.')
  return { recovery }
}

/** What opens a device's folder, to be asked for only where that is locked: as the flags name it, or typed. */
export async function folderSecret(flags: SecretFlags): Promise<Secret> {
  const given = secretFrom(flags)
  if (given) return given
  const typed = await askHidden('Passphrase of the device: ')
  if (typed === undefined) {
    throw new CommandFailed('The folder is locked by a passphrase: give --passphrase-file or --recovery-code-file.')
  }
  return { passphrase: typed }
}

export function passphraseFrom(flag: string, file: string | undefined): string | undefined {
  return file === undefined ? undefined : readSecretFile(flag, file)
}

/** Asks on the terminal, without an echo; undefined where there is no terminal, or nothing was typed. */
export async function askHidden(question: string): Promise<string | undefined> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) return undefined
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  let typed = ''
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
      for (const character of chunk) {
        if (character === '\r' || character === '\n' || character === '\u0004') return typed || undefined
        if (character === '\u0003') throw new CommandFailed('Stopped; nothing was changed.')
        if (character === '\u007f' || character === '\b') typed = [...typed].slice(0, -1).join('')
        else if (character >= ' ') typed += character
      }
    }
    return typed || undefined
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}
