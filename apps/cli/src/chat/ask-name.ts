/** Asks a person for their name, once. */
import { createInterface } from 'node:readline/promises'
import { cleanName } from '@qsec/client'
import { CommandFailed, UsageError } from '../command.ts'
import { suggestName } from './page.ts'

export async function askName(): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('Under which name? --name NAME')
  const suggested = suggestName()
  const reader = createInterface({ input: process.stdin, output: process.stdout })
  const closed = new Promise<never>((_resolve, reject) => {
    reader.once('close', () => reject(new CommandFailed('Stopped; nothing was changed.')))
  })
  try {
    const typed = await Promise.race([reader.question(`Your name (Enter for ${suggested}): `), closed])
    return cleanName(typed) || suggested
  } finally {
    closed.catch(() => undefined) // answered already
    reader.close()
  }
}
