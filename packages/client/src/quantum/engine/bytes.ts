/** Bytes on their way in and out of an engine. */
import { authenticationKeyBytes, runIdBytes } from '@qsec/qkd'
import type { BeginRun } from '../../ports.ts'

/** The bytes with a buffer of their own, which can be transferred without taking anybody else's bytes along. */
export function whole(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes
  const alone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
  return alone ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice()
}

/** Throws where a run cannot begin. The key has been handed over all the same, and is erased. */
export function checkBegin({ runId, authenticationKey }: BeginRun, closed: boolean): void {
  const wrong =
    runId.length !== runIdBytes
      ? new RangeError(`quantum engine: a run id of ${runId.length} bytes`)
      : authenticationKey.length !== authenticationKeyBytes
        ? new RangeError(`quantum engine: an authentication key of ${authenticationKey.length} bytes`)
        : closed && new Error('quantum engine: it is closed')
  if (!wrong) return
  authenticationKey.fill(0)
  throw wrong
}
