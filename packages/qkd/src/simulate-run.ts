/** Both ends of a run in one process, for the command line, the lab and tests. */
import { authenticationKeyBytes } from './authentication.ts'
import { type SecureRandom, secureBytes, secureRandom, seededRandom } from './random.ts'
import { type AliceOptions, startAlice, startBob } from './run.ts'
import { runIdBytes } from './session/messages.ts'
import { type JoinedRun, joinEnds, type LineOptions } from './two-ends.ts'

export interface SimulateOptions extends Omit<AliceOptions, 'runId' | 'authenticationKey' | 'random'>, LineOptions {
  /** A number replays a run exactly; its key is then known to whoever knows the number, and is for looking at only. */
  chance: { seed: number } | { random: SecureRandom }
}

/** Runs until both ends are done. If messages were lost, the ends that still wait are cancelled. */
export function simulateRun(options: SimulateOptions): JoinedRun {
  const { chance, onMessage, onProgress, ...given } = options
  const { amplifier } = given
  const common = 'seed' in chance ? replayedRandom(chance.seed, 'common') : chance.random
  const runId = secureBytes(common, runIdBytes)
  const authenticationKey = secureBytes(common, authenticationKeyBytes)
  const randomOf = (end: string): SecureRandom => ('seed' in chance ? replayedRandom(chance.seed, end) : chance.random)
  const ends = {
    alice: startAlice({ ...given, runId, authenticationKey, random: randomOf('alice') }),
    bob: startBob({ runId, authenticationKey, random: randomOf('bob'), amplifier, accepts: () => true }),
  }
  authenticationKey.fill(0)
  return joinEnds(ends, { onMessage, onProgress })
}

/** The only place where repeatable numbers stand in for secrets: a run that is replayed for the eye. */
export function replayedRandom(seed: number, end: string): SecureRandom {
  const random = seededRandom(seed, `replay ${end}`)
  return secureRandom((byteLength) => {
    const bytes = new Uint8Array(byteLength)
    // Six bytes of each number.
    for (let i = 0; i < byteLength; i += 6) {
      let left = random() * 2 ** 48
      for (let j = i; j < Math.min(byteLength, i + 6); j++) {
        bytes[j] = left
        left /= 256
      }
    }
    return bytes
  })
}
