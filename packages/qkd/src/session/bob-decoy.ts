/** Bob's estimation with decoy states: all bits of the test basis are compared, intensity by intensity. */
import { isPacked, packBits } from '../bits.ts'
import type { ByteReader } from '../bytes.ts'
import type { SiftedLight } from './alice-decoy.ts'
import { askKey } from './ask-key.ts'
import { compareTest, packedIntensityBytes, splitByBasis, testBytes, unpackIntensities } from './decoy-test.ts'
import type { RunParameters } from './parameters.ts'
import { message, mustHold, type Path, type RunContext } from './path.ts'
import * as steps from './steps.ts'

/** @param answer - what is left to read of Alice's answer to the clicks */
export function* askDecoyKey(
  context: RunContext,
  parameters: RunParameters,
  clickCount: number,
  { sifted, bases }: Omit<SiftedLight, 'light'>,
  answer: ByteReader,
): Path {
  const { secrets } = context
  const intensities = parameters.decoy?.intensities.length ?? 0
  const light = unpackIntensities(answer.bytes(packedIntensityBytes(sifted.length)), sifted.length, intensities)
  mustHold(answer.finish() && light !== undefined)
  steps.recordSifting(context, clickCount, sifted.length)

  // What is said here never enters the key.
  const split = splitByBasis(sifted, bases, light)
  secrets.keep(split.key.bits)
  sifted.fill(0)
  const said = message('testOfBob', packBits(split.test.bits))
  const theirs = yield { phase: 'estimation', send: [said], expect: ['testOfAlice'] }
  const theirTest = theirs.body.bytes(testBytes(split))
  mustHold(theirs.body.finish() && isPacked(theirTest, split.test.bits.length))
  const raw = compareTest(context, parameters, split, theirTest)
  return yield* askKey(context, raw)
}
