/** Locks within one process: for tests, and for Node, where a storage belongs to one process anyway. */
import type { Clock, Locks } from '../ports.ts'

/** Whoever is to be kept apart has to share the returned object. */
export function createMemoryLocks(clock: Clock): Locks {
  /** For each held name, whoever waits for it, first come first. */
  const held = new Map<string, (() => void)[]>()

  function releaser(name: string): () => void {
    let released = false
    return () => {
      if (released) return
      released = true
      const next = held.get(name)!.shift()
      if (next) next()
      else held.delete(name)
    }
  }

  return {
    async acquire(name: string, waitMs: number): Promise<(() => void) | undefined> {
      const waiting = held.get(name)
      if (!waiting) {
        held.set(name, [])
        return releaser(name)
      }
      if (waitMs <= 0) return undefined
      return await new Promise((resolve) => {
        const grant = () => {
          cancel()
          resolve(releaser(name))
        }
        const cancel = clock.after(waitMs, () => {
          waiting.splice(waiting.indexOf(grant), 1)
          resolve(undefined)
        })
        waiting.push(grant)
      })
    },
  }
}
