/** The token of whoever runs the relay, by which rooms are made where QSEC_CREATE=token: made once, in a file of its own. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { limits } from '@qsec/protocol'
import { ConfigError } from './settings/read.ts'

/** 128 bits, which nobody guesses. A token of the operator's own choice is to be no shorter. */
const tokenBytes = 16
const lengthAtLeast = 16

/** @throws ConfigError where others can read the file, or what stands in it is no token */
export function readCreateToken(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${randomBytes(tokenBytes).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new ConfigError(
      `${file} can be read by others: take their rights away (chmod 600), or delete it for a new token.`,
    )
  }
  const token = readFileSync(file, 'utf8').trim()
  if (token.length >= lengthAtLeast && token.length <= limits.createTokenLength) return token
  throw new ConfigError(
    `${file} must hold a token of ${lengthAtLeast} to ${limits.createTokenLength} characters. Delete it for a new one.`,
  )
}
