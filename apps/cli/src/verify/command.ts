/** `qsec verify`: what does this server give to browsers, and is it the release? */
import { readFileSync } from 'node:fs'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { openReleaseFolder, verdictWords } from '../release/folder.ts'
import { readKey } from '../release/keys.ts'
import { type Comparison, compare, type Reference } from './compare.ts'
import { openFetcher } from './fetch.ts'

/** There is a difference; 1 is for what could not be compared. */
const exitDifferent = 3

export const verify: Command = {
  help: `qsec verify ORIGIN --release FOLDER | --key FILE [options]: downloads every file of the web client that a server
serves, and its headers, and compares them with a release. It says each difference.

  --release FOLDER   a build that you made or trust (apps/web/dist)
  --key FILE         public key of who publishes: the server’s list of files has to be signed by it
  --ca FILE          certificates (PEM) to trust in the place of the public authorities
  --json             one JSON document

Exit code: 0 the same; 3 a difference; 1 it could not be compared; 2 the command line makes no sense.

It asks as a browser does, but a server can still answer others otherwise: verify from different places, and at the
person whom it concerns. Redirects are not followed.

Examples:
  qsec verify https://chat.example.org --key qsec.pub
  qsec verify https://qsec.local:5000 --release apps/web/dist --ca qsec-ca.pem`,

  async run(args) {
    const options = {
      release: { type: 'string' },
      key: { type: 'string' },
      ca: { type: 'string' },
      json: { type: 'boolean', default: false },
    } as const
    const { values, positionals } = readFlags('verify', args, options, 1)
    const origin = readOrigin(positionals[0])
    if (values.release === undefined && values.key === undefined) {
      throw new UsageError('Compare with what? Give --release FOLDER, --key FILE or both. See: qsec verify --help')
    }
    const reference: Reference = {
      ...(values.release !== undefined && { folder: await openReleaseFolder(pathFromHere(values.release)) }),
      ...(values.key !== undefined && { key: readKey(pathFromHere(values.key)) }),
    }
    const fetcher = openFetcher(origin, values.ca === undefined ? undefined : readCa(pathFromHere(values.ca)))
    try {
      const comparison = await compare(origin, fetcher, reference)
      if (values.json) say(JSON.stringify(asJson(origin, comparison)))
      else tell(origin, comparison, reference)
      return comparison.differences.length === 0 ? 0 : exitDifferent
    } finally {
      fetcher.close()
    }
  },
}

function readOrigin(text: string | undefined): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username) {
    throw new UsageError('Which server? Give its origin, such as https://chat.example.org. See: qsec verify --help')
  }
  return url
}

function readCa(file: string): string {
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CommandFailed(`--ca: ${file} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'error'}.`, {
      cause,
    })
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new CommandFailed(`--ca: ${file} holds no certificate (PEM).`)
  return pem
}

function asJson(origin: URL, comparison: Comparison): object {
  const { verdict, ...rest } = comparison
  const by = verdict.signed
    ? { fingerprint: verdict.fingerprint, signedAt: verdict.signedAt }
    : { reason: verdict.reason }
  return { server: origin.origin, same: comparison.differences.length === 0, signed: verdict.signed, ...by, ...rest }
}

function tell(origin: URL, comparison: Comparison, reference: Reference): void {
  const { version, hash, verdict, relay, answers, differences } = comparison
  say(`${origin.origin} serves version ${version}, ${verdictWords(verdict)}`)
  say(`hash of its list: ${hash}`)
  if (relay !== origin.origin) say(`the page talks to the relay ${relay}`)
  for (const { where, what } of differences) say(`DIFFERENT  ${where}: ${what}`)
  const against = reference.folder ? 'the release in your folder' : 'what that key has signed'
  say(
    differences.length === 0
      ? `The same as ${against}: ${answers} answers, bytes and headers.`
      : `NOT the same as ${against}: ${differences.length} of ${answers} answers differ.`,
  )
}
