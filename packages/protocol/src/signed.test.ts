import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes, utf8 } from './bytes.ts'
import { type CommitRefusal, commitNackSignedBytes } from './commit-nack.ts'
import type { PairId, RoomAddress } from './ids.ts'
import { joinSignedBytes, type LoginChallenge, loginSignedBytes, nonceBytes } from './login.ts'

const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte)
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const ascii = fc.string({ unit: fc.constantFrom(...'ab:.0'), maxLength: 6 })
const challenges: fc.Arbitrary<LoginChallenge> = fc.record({ host: ascii, nonce: bytes32, socketId: ascii })
const challenge: LoginChallenge = { host: 'relay.example', nonce: fill(nonceBytes, 6), socketId: 'abc' }
const room = 'lobby' as RoomAddress
const text = (value: unknown) =>
  JSON.stringify(value, (_, inner: unknown) => (inner instanceof Uint8Array ? [...inner] : inner))

/** Whatever differs in what is said differs in what is signed. */
function injective<T>(said: fc.Arbitrary<T>, sign: (value: T) => Uint8Array): void {
  // Small alphabets make neighbours that only lengths keep apart, such as "a", "bc" and "ab", "c".
  fc.assert(fc.property(said, said, (a, b) => equalBytes(sign(a), sign(b)) === (text(a) === text(b))))
}

describe('signed bytes', () => {
  it('[PR19] each purpose begins with a label of its own', () => {
    const refusal: CommitRefusal = { room, epoch: 1, seq: 2, hash: fill(32, 1), reason: 'bad-path' }
    const all = [
      ['qsec-relay-auth-v1\0', loginSignedBytes(challenge, fill(32, 1), 5)],
      ['qsec-relay-join-v1\0', joinSignedBytes(challenge, room, fill(32, 1))],
      ['qsec-commit-nack-v1\0', commitNackSignedBytes(refusal)],
    ] as const
    for (const [label, bytes] of all) expect(bytes.subarray(0, label.length)).toEqual(utf8(label))
  })

  it('[PR20] two logins that differ anywhere sign different bytes', () => {
    injective(fc.tuple(challenges, bytes32, fc.nat()), ([said, key, expiresMs]) =>
      loginSignedBytes(said, key, expiresMs),
    )
  })

  it('[PR20] so do two join proofs and two refusals of a commit', () => {
    injective(fc.tuple(challenges, ascii, bytes32), ([said, where, credential]) =>
      joinSignedBytes(said, where as RoomAddress, credential),
    )
    const pairs = fc.option(fc.constantFrom('a', 'b') as fc.Arbitrary<PairId>, { nil: undefined })
    const refusals = fc
      .record({
        room: ascii,
        pair: pairs,
        epoch: fc.nat({ max: 2 }),
        seq: fc.nat({ max: 2 }),
        hash: bytes32,
        reason: ascii,
      })
      .map(({ room: where, pair, ...rest }) => ({ room: where as RoomAddress, ...rest, ...(pair ? { pair } : {}) }))
    injective(refusals, commitNackSignedBytes)
  })

  it('[PR21] a challenge of another length is not signed', () => {
    for (const length of [0, 31, 33, 64]) {
      const odd = { ...challenge, nonce: fill(length, 6) }
      expect(() => loginSignedBytes(odd, fill(32, 1), 5)).toThrow(RangeError)
      expect(() => joinSignedBytes(odd, room, fill(32, 1))).toThrow(RangeError)
    }
  })
})
