/** One place where failures become codes. A code is all that leaves: the library's messages are not ours to vouch for. */
import {
  CodecError,
  CryptoError,
  CryptoVerificationError,
  InternalError,
  UsageError,
  ValidationError,
} from 'ts-mls/mlsError.js'

/** Misuse by our own code, such as sealing with an erased group. Never made from network input. */
export class GroupError extends Error {
  override readonly name = 'GroupError'
  readonly code: 'erased' | 'removed' | 'bad-argument'
  constructor(code: GroupError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Thrown inside this folder to end a step with a code; its entry points turn it into a value. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

/** What the library says in words that a caller wants to tell apart. */
const known: readonly [RegExp, string][] = [
  [/^Desired gen in the past/, 'replayed'],
  [/^Desired generation too far/, 'generation-too-far'],
  [/^Signature invalid/, 'bad-signature'],
  [/confirmation tag/, 'bad-confirmation-tag'],
  [/^Update path is required/, 'path-required'],
  [/^No matching secret found/, 'not-for-this-key-package'],
  [/same client|already in the group/, 'duplicate-device'],
]

export function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.reason
  if (error instanceof GroupError) throw error
  if (!(error instanceof Error)) return 'failed'
  const hit = known.find(([pattern]) => pattern.test(error.message))
  if (hit) return hit[1]
  if (error instanceof CryptoVerificationError) return 'bad-signature'
  if (error instanceof CryptoError) return 'undecryptable'
  if (error instanceof CodecError) return 'bad-frame'
  if (error instanceof ValidationError) return 'invalid'
  if (error instanceof UsageError) return 'not-possible'
  if (error instanceof InternalError) return 'inconsistent'
  // RangeErrors and TypeErrors of the library's decoders, OperationErrors of WebCrypto.
  return 'malformed'
}
