/** Who may speak on a connection: both ends prove that they have the shared key, and tell where they are in the run. */
import type { Socket } from 'node:net'
import { encodeGreeting, type Greeting, parseGreeting, proofBytes, proofHolds, proofOf } from './greeting.ts'
import type { WireRecord } from './records.ts'
import { writeRecord } from './records.ts'

/** What a handshake needs of the host it speaks for. */
export interface Greeter {
  readonly key: Uint8Array
  /** What this end would say now; of a listening end the run is the one that it is in, or the one it is asked for. */
  greeting(askedFor?: string): Omit<Greeting, 'nonce'>
  /** Whether the run that the other end names is one this end can be in. */
  knows(run: string): boolean
}

export type HandshakeState =
  | { state: 'going-on' }
  /** The other end has the key. Everything after this record belongs to the run. */
  | { state: 'proven'; theirs: Greeting }
  | { state: 'refused'; reason: 'other-key' | 'no-greeting' | 'busy' }

export interface Handshake {
  hear(record: WireRecord): HandshakeState
}

export function greetAsConnecting(socket: Socket, host: Greeter): Handshake {
  const ours = encodeGreeting(host.greeting())
  writeRecord(socket, 'hello', ours)
  return {
    hear({ type, content }) {
      if (type !== 'helloBack' || content.length < proofBytes) return { state: 'refused', reason: 'no-greeting' }
      const said = content.subarray(proofBytes)
      if (!proofHolds(content.subarray(0, proofBytes), proofOf(host.key, 'listening', ours, said))) {
        return { state: 'refused', reason: 'other-key' }
      }
      const theirs = parseGreeting(said)
      if (!theirs) return { state: 'refused', reason: 'no-greeting' }
      if (!host.knows(theirs.run)) return { state: 'refused', reason: 'busy' }
      writeRecord(socket, 'proof', proofOf(host.key, 'connecting', ours, said))
      return { state: 'proven', theirs }
    },
  }
}

export function greetAsListening(socket: Socket, host: Greeter): Handshake {
  let heard: { theirs: Greeting; expected: Uint8Array } | undefined
  return {
    hear({ type, content }) {
      if (heard) {
        const proven = type === 'proof' && proofHolds(content, heard.expected)
        return proven ? { state: 'proven', theirs: heard.theirs } : { state: 'refused', reason: 'other-key' }
      }
      const theirs = type === 'hello' ? parseGreeting(content) : undefined
      if (!theirs) return { state: 'refused', reason: 'no-greeting' }
      if (!host.knows(theirs.run)) return { state: 'refused', reason: 'busy' }
      const ours = encodeGreeting(host.greeting(theirs.run))
      const proof = proofOf(host.key, 'listening', content, ours)
      writeRecord(socket, 'helloBack', Buffer.concat([proof, ours]))
      heard = { theirs, expected: proofOf(host.key, 'connecting', content, ours) }
      return { state: 'going-on' }
    },
  }
}
