/** `qsec release`: the key of whoever publishes builds, and its signature over one. */
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { nodeRandom } from '@qsec/client/node'
import {
  createReleaseSecret,
  formatReleaseKey,
  formatReleaseSecret,
  grouped,
  manifestHash,
  releaseFingerprint,
  signatureName,
  signRelease,
} from '@qsec/client/release'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say, sayError } from '../output.ts'
import { builtFolder, openReleaseFolder, verdictWords } from './folder.ts'
import { readKey, readSecret } from './keys.ts'

export const release: Command = {
  help: `qsec release <keygen|sign|show> …: who publishes builds of the web client signs their list of files.

  keygen NAME                 makes NAME.secret (for its owner alone; keep it off the machine that serves) and NAME.pub.
                              Publish NAME.pub and its fingerprint where people can compare it, not only on that machine
  sign [FOLDER] --key SECRET  signs the build in FOLDER (default: what npm start has built), after holding its files
                              against their list. Two signatures, Ed25519 and ML-DSA-65; both have to hold
  show [FOLDER]               version, hash and signature of a build
  show --key FILE             the fingerprint of a public key

A running relay reads the folder when it starts: start it anew after signing.

Examples:
  qsec release keygen ~/keys/qsec
  qsec release sign --key ~/keys/qsec.secret
  qsec release show apps/web/dist`,

  async run(args) {
    const { values, positionals } = readFlags('release', args, { key: { type: 'string' } }, 2)
    const [verb, place] = positionals
    const key = values.key === undefined ? undefined : pathFromHere(values.key)
    if (verb === 'keygen' && place !== undefined && key === undefined) keygen(pathFromHere(place))
    else if (verb === 'sign' && key !== undefined) await sign(folderOf(place), key)
    else if (verb === 'show' && key !== undefined && place === undefined) showKey(key)
    else if (verb === 'show' && key === undefined) await show(folderOf(place))
    else throw new UsageError('qsec release <keygen NAME | sign [FOLDER] --key SECRET | show [FOLDER]>. See: --help')
    return 0
  },
}

function folderOf(place: string | undefined): string {
  return place === undefined ? builtFolder : pathFromHere(place)
}

function keygen(name: string): void {
  const [secretFile, keyFile] = [`${name}.secret`, `${name}.pub`]
  for (const file of [secretFile, keyFile]) {
    if (existsSync(file)) throw new CommandFailed(`${file} is there already, and is not overwritten.`)
  }
  const secret = createReleaseSecret(nodeRandom)
  write(secretFile, formatReleaseSecret(secret), 0o600)
  write(keyFile, formatReleaseKey(secret.keys), 0o644)
  sayError(`${secretFile} signs: keep it secret, and keep a copy. ${keyFile} is for everybody. Its fingerprint:`)
  say(grouped(releaseFingerprint(secret.keys)))
}

function write(file: string, text: string, mode: number): void {
  try {
    writeFileSync(file, text, { mode, flag: 'wx' })
  } catch (cause) {
    throw new CommandFailed(`${file} cannot be written: ${(cause as NodeJS.ErrnoException).code ?? 'error'}.`, {
      cause,
    })
  }
}

async function sign(folder: string, secretFile: string): Promise<void> {
  const secret = readSecret(secretFile)
  const { listBytes, list } = await openReleaseFolder(folder)
  writeFileSync(path.join(folder, signatureName), await signRelease(secret, listBytes, new Date(), nodeRandom))
  sayError(`Signed version ${list.version} by ${grouped(releaseFingerprint(secret.keys))}. The hash of its list:`)
  say(manifestHash(listBytes))
}

async function show(folder: string): Promise<void> {
  const { listBytes, list, verdict } = await openReleaseFolder(folder)
  say(`version ${list.version}`)
  say(`hash    ${manifestHash(listBytes)}`)
  say(`files   ${list.files.length}, each as the list says`)
  say(`origin  ${verdictWords(verdict)}`)
}

function showKey(file: string): void {
  say(grouped(releaseFingerprint(readKey(file))))
}
