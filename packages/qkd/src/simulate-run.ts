/** Both ends of a run in one process, for the command line, the lab and tests. */
import { authenticationKeyBytes } from './authentication.ts'
import { type SecureRandom, secureBytes, secureRandom, seededRandom } from './random.ts'
import { type AliceOptions, startAlice, startBob } from './run.ts'
import { describeMessage, type MessageDescription, runIdBytes } from './session/messages.ts'
import type { Session, SessionProgress, SessionResult } from './session/result.ts'

export interface SimulateOptions extends Omit<AliceOptions, 'runId' | 'authenticationKey' | 'random'> {
  /** A number replays a run exactly; its key is then known to whoever knows the number, and is for looking at only. */
  chance: { seed: number } | { random: SecureRandom }
  /** Called with every message; what it returns arrives instead: nothing, the same, or any others. */
  onMessage?: (message: Uint8Array, description: MessageDescription | undefined) => readonly Uint8Array[]
  onProgress?: (of: 'alice' | 'bob', progress: SessionProgress) => void
}

export interface SimulatedRun {
  alice: SessionResult
  bob: SessionResult
  /** Times the direction turned from Bob to Alice, as a relay would feel them. */
  roundTrips: number
  messages: MessageDescription[]
}

/** Runs until both ends are done. If messages were lost, the ends that still wait are cancelled. */
export function simulateRun(options: SimulateOptions): SimulatedRun {
  const { chance, onMessage, onProgress, ...given } = options
  const { amplifier } = given
  const common = 'seed' in chance ? replayedRandom(chance.seed, 'common') : chance.random
  const runId = secureBytes(common, runIdBytes)
  const authenticationKey = secureBytes(common, authenticationKeyBytes)
  const randomOf = (end: string): SecureRandom => ('seed' in chance ? replayedRandom(chance.seed, end) : chance.random)
  const ends: Record<'alice' | 'bob', Session> = {
    alice: startAlice({ ...given, runId, authenticationKey, random: randomOf('alice') }),
    bob: startBob({ runId, authenticationKey, random: randomOf('bob'), amplifier, accepts: () => true }),
  }
  const results: { alice?: SessionResult; bob?: SessionResult } = {}
  const messages: MessageDescription[] = []
  const queue: { to: 'alice' | 'bob'; message: Uint8Array }[] = []
  let roundTrips = 0
  let lastFrom: 'alice' | 'bob' = 'alice'

  const take = (from: 'alice' | 'bob', step: ReturnType<Session['handle']>): void => {
    if (step.progress) onProgress?.(from, step.progress)
    if (step.done) results[from] = step.done
    for (const message of step.send) {
      const description = describeMessage(message)
      if (description) messages.push(description)
      if (from === 'bob' && lastFrom === 'alice') roundTrips++
      lastFrom = from
      const to = from === 'alice' ? 'bob' : 'alice'
      for (const arriving of onMessage?.(message, description) ?? [message]) queue.push({ to, message: arriving })
    }
  }

  take('alice', ends.alice.first)
  take('bob', ends.bob.first)
  for (let next = queue.shift(); next; next = queue.shift()) take(next.to, ends[next.to].handle(next.message))
  for (const end of ['alice', 'bob'] as const) if (!results[end]) take(end, ends[end].cancel())
  return { alice: results.alice!, bob: results.bob!, roundTrips, messages }
}

/** The only place where repeatable numbers stand in for secrets: a run that is replayed for the eye. */
function replayedRandom(seed: number, end: string): SecureRandom {
  const random = seededRandom(seed, `replay ${end}`)
  return secureRandom((byteLength) => Uint8Array.from({ length: byteLength }, () => random() * 256))
}
