/** Bytes on their way in and out of an engine. */
import { authenticationKeyBytes, runIdBytes } from '@qsec/qkd'
import type { BeginRun } from '../../ports.ts'

/** The bytes with a buffer of their own, which can be transferred without taking anybody else's bytes along. */
export function whole(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes
  const alone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
  return alone ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice()
}

export function checkBegin({ runId, authenticationKey }: BeginRun, closed: boolean): void {
  if (closed) throw new Error('quantum engine: it is closed')
  if (runId.length !== runIdBytes) throw new RangeError(`quantum engine: a run id of ${runId.length} bytes`)
  if (authenticationKey.length !== authenticationKeyBytes) {
    throw new RangeError(`quantum engine: an authentication key of ${authenticationKey.length} bytes`)
  }
}
