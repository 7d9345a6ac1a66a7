/** Alice's half of distillation, from compared bits to the key: her bits are the reference. */
import { toeplitzSeedBytes } from '../amplification/amplifier.ts'
import { equalBytes } from '../authentication.ts'
import { bytesOfWords, packBits } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { equalFrames, verificationBits, verificationHashes } from '../verification.ts'
import { type Incoming, message, mustHold, type Outgoing, type Path, Refusal, type RunContext } from './path.ts'
import { cutOf, framesOf, joinFrames, type RawKey } from './raw-key.ts'
import { tellerOf } from './reconcilers.ts'
import * as steps from './steps.ts'

/** Chance that Alice draws when the half begins. */
export const tellKeyDraws: number = steps.permutationSeedBytes

/** @param said - goes out before the first parities */
export function* tellKey(context: RunContext, raw: RawKey, said: Outgoing[] = []): Path {
  const { random, secrets } = context
  const { n } = raw
  const cut = cutOf(raw)
  const frames = framesOf(raw, cut).map((frame) => secrets.keep(frame))
  raw.words.fill(0)

  // Reconciliation: Bob asks, we answer.
  const permutationSeed = secureBytes(random, steps.permutationSeedBytes)
  const teller = secrets.keep(tellerOf(raw, cut, frames, permutationSeed))
  const top = new ByteWriter().bytes(permutationSeed).bytes(teller.top())
  const turn = { phase: 'reconciliation', expect: ['ask', 'reconciled'], draws: toeplitzSeedBytes(n, n) } as const
  let next: Incoming = yield { ...turn, send: [...said, message('topParities', top)] }
  for (let round = 0; next.kind === 'ask'; round++) {
    const parities = teller.answer(next.body.rest())
    mustHold(parities !== undefined)
    if (round >= steps.maxRounds || teller.leakedBits > n) throw new Refusal('reconciliation-failed')
    next = yield { ...turn, send: [message('parities', parities)] }
  }
  const errors = Array.from({ length: raw.intensities }, () => next.body.u32())
  const parities = next.body.u32()
  const point = next.body.bytes(steps.pointBytes)
  const hashes = next.body.bytes((cut.count * verificationBits) / 8)
  mustHold(next.body.finish() && errors.reduce((sum, count) => sum + count, 0) <= n)
  // Both counted the same transcript, and its tag holds.
  mustHold(parities === teller.leakedBits, 'reconciliation-failed')
  teller.wipe()

  // Verification. A frame that differs is given up, and counts as said in full.
  const packed = frames.map((frame) => secrets.keep(bytesOfWords(frame, cut.frameBits)))
  const kept = equalFrames(verificationHashes(packed, point), hashes)
  mustHold(kept.includes(1), 'verification-failed')
  const verified = steps.recordVerification(context, raw, cut, kept, parities, errors)

  // Amplification, with a seed drawn only now.
  const keyBits = raw.keyBits(verified)
  if (keyBits <= 0) throw new Refusal('no-secret-key-left')
  const input = joinFrames(packed, kept, n, cut)
  secrets.keep(input.packed)
  const seed = secureBytes(random, toeplitzSeedBytes(input.bits, steps.distilledBits(keyBits)))
  const distilled = steps.distil(context, input, seed, keyBits)
  const amplify = new ByteWriter().bytes(packBits(kept)).u32(keyBits).bytes(seed)
  for (const spent of [...packed, ...frames, input.packed]) spent.fill(0)
  const proof = yield { phase: 'amplification', send: [message('amplify', amplify)], expect: ['confirm'] }
  mustHold(equalBytes(proof.body.rest(), distilled.proofOfBob), 'confirmation-failed')
  steps.recordKey(context, verified, n, keyBits)
  return {
    send: [message('confirmed', distilled.proofOfAlice)],
    key: distilled.key.slice(),
    epsilon: raw.epsilon,
  }
}
