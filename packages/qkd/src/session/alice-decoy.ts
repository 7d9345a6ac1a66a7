/** Alice's estimation with decoy states: all bits of the test basis are compared, intensity by intensity. */
import { isPacked, packBits } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { compareTest, packIntensities, splitByBasis, testBytes } from './decoy-test.ts'
import type { RunParameters } from './parameters.ts'
import { message, mustHold, type Path, type RunContext } from './path.ts'
import * as steps from './steps.ts'
import { tellKey, tellKeyDraws } from './tell-key.ts'

/** Of each click whose bases agree, one byte each. */
export interface SiftedLight {
  /** Secret. */
  sifted: Uint8Array
  /** 0 is the key basis. */
  bases: Uint8Array
  light: Uint8Array
}

export function* tellDecoyKey(
  context: RunContext,
  parameters: RunParameters,
  agree: Uint8Array,
  { sifted, bases, light }: SiftedLight,
): Path {
  const { secrets } = context
  const answer = message('sifted', new ByteWriter().bytes(packBits(agree)).bytes(packIntensities(light)))
  steps.recordSifting(context, agree.length, sifted.length, [answer])
  const theirs = yield { phase: 'sifting', send: [answer], expect: ['testOfBob'], draws: tellKeyDraws }

  // What is said here never enters the key.
  const split = splitByBasis(sifted, bases, light)
  secrets.keep(split.key.bits)
  sifted.fill(0)
  const theirTest = theirs.body.bytes(testBytes(split))
  mustHold(theirs.body.finish() && isPacked(theirTest, split.test.bits.length))
  const said = message('testOfAlice', packBits(split.test.bits))
  const raw = compareTest(context, parameters, split, theirTest, [said])
  return yield* tellKey(context, raw, [said])
}
