/** The platform's secure generator, as pages and workers have it. */
import type { SecureRandom } from './ports.ts'

export const platformRandom: SecureRandom = (byteLength) => {
  const bytes = new Uint8Array(byteLength)
  // The API gives at most 65,536 bytes a call.
  for (let at = 0; at < byteLength; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}
