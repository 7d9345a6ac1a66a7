/** Bob's half of distillation, from compared bits to the key: he corrects his bits to Alice's. */
import { toeplitzSeedBytes } from '../amplification/amplifier.ts'
import { equalBytes } from '../authentication.ts'
import { bytesOfWords, unpackBits } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { verificationBits, verificationHashes } from '../verification.ts'
import { type Incoming, message, mustHold, type Outgoing, type Path, Refusal, type RunContext } from './path.ts'
import { cutOf, differences, framesOf, joinFrames, type RawKey } from './raw-key.ts'
import { askerOf } from './reconcilers.ts'
import * as steps from './steps.ts'

/** @param said - goes out before the first parities are awaited */
export function* askKey(context: RunContext, raw: RawKey, said: Outgoing[] = []): Path {
  const { random, secrets } = context
  const { n } = raw
  const cut = cutOf(raw)

  // Reconciliation: we ask until no parity differs.
  const before = framesOf(raw, cut).map((frame) => secrets.keep(frame))
  const top = yield { phase: 'estimation', send: said, expect: ['topParities'], draws: steps.pointBytes }
  const permutationSeed = top.body.bytes(steps.permutationSeedBytes).slice()
  const asker = secrets.keep(askerOf(raw, cut, before, permutationSeed))
  mustHold(asker.hearTop(top.body.rest()), 'reconciliation-failed')
  for (let round = 0, question = asker.ask(); question; question = asker.ask(), round++) {
    if (round >= steps.maxRounds || asker.leakedBits > n) throw new Refusal('reconciliation-failed')
    const heard: Incoming = yield {
      phase: 'reconciliation',
      send: [message('ask', question)],
      expect: ['parities'],
      draws: steps.pointBytes,
    }
    mustHold(asker.hear(heard.body.rest()), 'reconciliation-failed')
  }
  const frames = asker.frames
  const parities = asker.leakedBits
  const errors = differences(raw, frames, cut)
  const packed = frames.map((frame) => secrets.keep(bytesOfWords(frame, cut.frameBits)))
  asker.wipe()
  for (const spent of [...before, ...frames, raw.words]) spent.fill(0)

  // Verification, at a point drawn only now.
  const point = secureBytes(random, steps.pointBytes)
  const body = new ByteWriter()
  for (const count of errors) body.u32(count)
  body.u32(parities).bytes(point).bytes(verificationHashes(packed, point))
  const reconciled = message('reconciled', body)
  if (raw.keyBits({ leakedBits: parities, hashBits: verificationBits * cut.count, keyErrors: errors }) <= 0) {
    steps.recordVerification(context, raw, cut, new Uint8Array(cut.count).fill(1), parities, errors)
    throw new Refusal('no-secret-key-left', [reconciled])
  }
  const amplify = yield { phase: 'amplification', send: [reconciled], expect: ['amplify'] }
  const kept = unpackBits(amplify.body.bytes((cut.count + 7) >> 3), cut.count)
  mustHold(kept?.includes(1) ?? false)
  const verified = steps.recordVerification(context, raw, cut, kept!, parities, errors)

  // Amplification.
  const keyBits = amplify.body.u32()
  const ourKeyBits = raw.keyBits(verified)
  // Logarithms may differ in the last digit between engines, which can move the length by one byte.
  mustHold(keyBits % 8 === 0 && keyBits > 0 && Math.abs(keyBits - ourKeyBits) <= 8, 'parameters-refused')
  const input = joinFrames(packed, kept!, n, cut)
  secrets.keep(input.packed)
  const seed = amplify.body.bytes(toeplitzSeedBytes(input.bits, steps.distilledBits(keyBits)))
  mustHold(amplify.body.finish())
  const distilled = steps.distil(context, input, seed, keyBits)
  for (const spent of [...packed, input.packed]) spent.fill(0)
  const proof = yield {
    phase: 'amplification',
    send: [message('confirm', distilled.proofOfBob)],
    expect: ['confirmed'],
  }
  mustHold(equalBytes(proof.body.rest(), distilled.proofOfAlice), 'confirmation-failed')
  steps.recordKey(context, verified, n, keyBits)
  return { send: [], key: distilled.key.slice(), epsilon: raw.epsilon }
}
