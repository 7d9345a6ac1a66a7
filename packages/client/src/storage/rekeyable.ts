/** A storage that can take all its entries anew in one step, together with the box that holds what opens them. */
import type { Storage } from '../ports.ts'
import type { Entry } from './sealed.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface RekeyableStorage extends Storage {
  /** The key box with the data key, where a passphrase protects this storage. */
  vault(): Promise<Bytes | undefined>
  /** From here on every other connection to this storage is refused, whatever it was about to write. */
  fence(): Promise<void>
  /** Replaces every entry and the vault, or nothing. */
  replaceAll(entries: readonly Entry[], vault: Bytes | undefined): Promise<void>
}
