/** The last word of an end that has lost its session, so that the other end need not wait for it in vain. */
import { encodeFrame, type Role } from './session/messages.ts'
import { type AbortReason, abortReasons } from './session/result.ts'

/**
 * The abort message of a run whose session is gone, with the reason `internal-error`.
 *
 * @param sent - messages that this end has sent in the run before
 */
export function abandonMessage(runId: Uint8Array, role: Role, sent: number): Uint8Array {
  const reason: AbortReason = 'internal-error'
  return encodeFrame(runId, role, sent, 'abort', Uint8Array.of(abortReasons.indexOf(reason)))
}
