/** `qsec device`: what protects the folder of a bot's device. */
import {
  formatRecoveryCode,
  isLongEnough,
  newRecoverySecret,
  parseRecoveryCode,
  sameRecoverySecret,
} from '@qsec/client'
import { nodeRandom, openNodeVault } from '@qsec/client/node'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say, sayError } from '../output.ts'
import { askHidden, passphraseFrom, type SecretFlags, secretFlags, secretFrom } from '../secret-input.ts'

type Vault = Awaited<ReturnType<typeof openNodeVault>>

export const device: Command = {
  help: `qsec device <status|protect|unprotect> FOLDER [options]: what opens the folder of a bot (qsec bot --data FOLDER).

  status      says whether a passphrase protects FOLDER
  protect     puts a passphrase in the place of the key file, or another one in the place of the present one, and
              prints a recovery code, once. All entries are sealed anew under a key that was never on the disk
              in clear. FOLDER is made where it is missing
  unprotect   back to a key file that whoever reads the disk can use

  --passphrase-file FILE       the present passphrase, on the first line of FILE
  --recovery-code-file FILE    the recovery code in its place
  --new-passphrase-file FILE   with protect: the new passphrase (at least 10 characters)

Without these it asks on the terminal. A passphrase never stands on the command line, which other users can read.
A bot may not run on the folder meanwhile.

Examples:
  qsec device protect ~/.qsec-ci
  qsec bot "$LINK" --data ~/.qsec-ci --passphrase-file /run/secrets/qsec`,

  async run(args) {
    const options = { ...secretFlags, 'new-passphrase-file': { type: 'string' } } as const
    const { values, positionals } = readFlags('device', args, options, 2)
    const [verb, folder] = positionals
    if (folder === undefined || (verb !== 'status' && verb !== 'protect' && verb !== 'unprotect')) {
      throw new UsageError('qsec device <status|protect|unprotect> FOLDER. See: qsec device --help')
    }
    const vault = await openNodeVault(pathFromHere(folder))
    try {
      if (verb === 'status')
        say(vault.state === 'open' ? 'Not protected: a key file opens it.' : 'Protected by a passphrase.')
      else if (verb === 'protect') await protect(vault, values)
      else await unprotect(vault, values)
    } finally {
      await vault.close()
    }
    return 0
  },
}

async function protect(vault: Vault, flags: SecretFlags & { 'new-passphrase-file'?: string }): Promise<void> {
  await unlock(vault, flags)
  const file = passphraseFrom('--new-passphrase-file', flags['new-passphrase-file'])
  const passphrase = file ?? (await askHidden('New passphrase (at least 10 characters): '))
  if (passphrase === undefined) throw new UsageError('Which passphrase? Give --new-passphrase-file, or use a terminal.')
  if (!isLongEnough(passphrase)) throw new CommandFailed('The passphrase has fewer than 10 characters.')
  if (file === undefined && (await askHidden('The same again: ')) !== passphrase) {
    throw new CommandFailed('The two were not the same. Nothing was changed.')
  }
  const recovery = newRecoverySecret(nodeRandom)
  sayError('Write this recovery code down. It opens the folder without the passphrase and is not shown again:')
  say(formatRecoveryCode(recovery))
  if (file === undefined) {
    const typed = parseRecoveryCode((await askHidden('Type it here to confirm: ')) ?? '')
    if (!typed || !sameRecoverySecret(typed, recovery)) {
      throw new CommandFailed('That is not the code. Nothing was changed, and the code is void.')
    }
  }
  await vault.protect(passphrase, recovery)
  sayError('Protected. The old key, passphrase and code open nothing any more.')
}

async function unprotect(vault: Vault, flags: SecretFlags): Promise<void> {
  if (vault.state === 'open') throw new CommandFailed('No passphrase protects this folder.')
  await unlock(vault, flags)
  await vault.unprotect()
  sayError('Back to a key file: whoever can read the folder can use the device.')
}

async function unlock(vault: Vault, flags: SecretFlags): Promise<void> {
  if (vault.state !== 'locked') return
  const given = secretFrom(flags)
  const typed = given ? undefined : await askHidden('Present passphrase: ')
  const secret = given ?? (typed === undefined ? undefined : { passphrase: typed })
  if (!secret) throw new UsageError('It is locked: give --passphrase-file or --recovery-code-file.')
  if (!(await vault.unlock(secret)))
    throw new CommandFailed('That does not open it: a wrong secret, or a changed file.')
}
