/** Files of release keys, and what is held against them. */
import { readFileSync } from 'node:fs'
import {
  parseReleaseKey,
  parseReleaseSecret,
  type ReleaseKey,
  type ReleaseSecret,
  releaseFingerprint,
  type Verdict,
} from '@qsec/client/release'
import { CommandFailed } from '../command.ts'

/** Larger than any key, and small enough to be read by mistake. */
const keyBytesAtMost = 65_536

export function readKey(file: string): ReleaseKey {
  const key = parseReleaseKey(readSmall(file))
  if (!key) throw new CommandFailed(`${file} is no public key of a release (qsec release keygen makes one).`)
  return key
}

export function readSecret(file: string): ReleaseSecret {
  const secret = parseReleaseSecret(readSmall(file))
  if (!secret) throw new CommandFailed(`${file} is no secret key of a release (qsec release keygen makes one).`)
  return secret
}

/** @throws CommandFailed where `key` has not signed `what` */
export function refuseOther(verdict: Verdict, key: ReleaseKey, what: string): void {
  const fault = signatureFault(verdict, key)
  if (fault !== undefined) throw new CommandFailed(`${what}: ${fault}.`)
}

/** Why this is not signed by `key`; undefined where it is. */
export function signatureFault(verdict: Verdict, key: ReleaseKey): string | undefined {
  if (!verdict.signed) return verdict.reason === 'none' ? 'it is not signed' : 'its signature is not of these files'
  const wanted = releaseFingerprint(key)
  return verdict.fingerprint === wanted ? undefined : `it is signed by ${verdict.fingerprint}, not by ${wanted}`
}

function readSmall(file: string): Buffer {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (cause) {
    throw new CommandFailed(`${file} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'error'}.`, { cause })
  }
  return bytes.length > keyBytesAtMost ? Buffer.alloc(0) : bytes
}
