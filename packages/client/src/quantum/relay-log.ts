/** Lines about quantum keys for the relay's log of the room: steps and numbers, nothing of a key. */
import type { QuantumHost } from './host.ts'

type Step =
  | 'BB84_INIT'
  | 'BB84_SIFTING_COMPLETE'
  | 'ROOMKEY_GENERATED'
  | 'ROOMKEY_ENCRYPTED'
  | 'ROOMKEY_DECRYPTED'
  | 'KEY_DESTROYED'

/** Nobody waits for it: a line that is lost is missing in the log alone. */
export function logStep({ transport, identity }: QuantumHost, tag: Step, values: object = {}): void {
  void transport.request('bb84_meta', { room: identity.room, tag, ...values })
}
