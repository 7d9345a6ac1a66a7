/** Two ends of a run in one process, joined by a line that a caller may listen to or disturb. */
import { describeMessage, type MessageDescription, type Role } from './session/messages.ts'
import type { Session, SessionProgress, SessionResult, SessionStep } from './session/result.ts'

export interface LineOptions {
  /** Called with every message; what it returns arrives instead: nothing, the same, or any others. */
  onMessage?: ((message: Uint8Array, description: MessageDescription | undefined) => readonly Uint8Array[]) | undefined
  onProgress?: ((of: Role, progress: SessionProgress) => void) | undefined
}

export interface JoinedRun {
  alice: SessionResult
  bob: SessionResult
  /** Times the direction turned from Bob to Alice, as a relay would feel them. */
  roundTrips: number
  messages: MessageDescription[]
}

/** Runs until both ends are done. If messages were lost, the ends that still wait are cancelled. */
export function joinEnds(ends: Record<Role, Session>, { onMessage, onProgress }: LineOptions = {}): JoinedRun {
  const results: Partial<Record<Role, SessionResult>> = {}
  const messages: MessageDescription[] = []
  const queue: { to: Role; message: Uint8Array }[] = []
  let roundTrips = 0
  let lastFrom: Role = 'alice'

  const take = (from: Role, step: SessionStep): void => {
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
