/** A worker of one task: stretches a passphrase, answers with the 32 bytes, or with null where that failed. */
import { argon2id } from '@noble/hashes/argon2.js'
import type { StretchOrder } from './stretch-worker.ts'

/** What a worker's global scope has, spelled without the types of workers, which do not go with those of pages. */
interface Scope {
  onmessage: ((event: { data: StretchOrder }) => void) | null
  postMessage(answer: Uint8Array | null): void
}
const scope = globalThis as unknown as Scope

scope.onmessage = ({ data: { secret, salt, cost } }) => {
  try {
    scope.postMessage(argon2id(secret, salt, { m: cost.memoryKiB, t: cost.passes, p: cost.lanes, dkLen: 32 }))
  } catch {
    scope.postMessage(null) // most likely no memory; the page says so
  } finally {
    secret.fill(0)
  }
}
