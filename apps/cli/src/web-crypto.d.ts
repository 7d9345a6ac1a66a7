/** Names of Web Crypto types that @qsec/client uses and that Node's own types know under another name. */
import type { webcrypto } from 'node:crypto'

declare global {
  type CryptoKey = webcrypto.CryptoKey
  type BufferSource = webcrypto.BufferSource
}
