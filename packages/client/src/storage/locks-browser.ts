/** Locks between the tabs of one origin, by the Web Locks API. The browser frees those of a tab that dies. */
import { type Clock, type Locks, StorageError } from '../ports.ts'

export interface BrowserLocksOptions {
  clock: Clock
  /** Called when another script of this origin took a lock away: whoever held it has to stop at once. */
  onStolen?(name: string): void
}

export function createBrowserLocks(options: BrowserLocksOptions): Locks {
  return { acquire: (name, waitMs) => acquire(name, waitMs, options) }
}

function acquire(name: string, waitMs: number, options: BrowserLocksOptions): Promise<(() => void) | undefined> {
  // Without them two tabs could seal with one state. All browsers have them, but not on plain http.
  if (!navigator.locks) {
    return Promise.reject(
      new StorageError('failed', 'storage: no Web Locks here: open this page by https or localhost'),
    )
  }
  return new Promise((resolve, reject) => {
    const patience = new AbortController()
    let cancel: (() => void) | undefined
    let granted = false
    const held = (lock: Lock | null): Promise<void> | undefined => {
      cancel?.()
      if (!lock) {
        resolve(undefined)
        return undefined
      }
      granted = true
      return new Promise((release) => resolve(() => release()))
    }
    // The API takes no signal together with `ifAvailable`.
    const request = waitMs > 0 ? { signal: patience.signal } : { ifAvailable: true }
    if (waitMs > 0) cancel = options.clock.after(waitMs, () => patience.abort())
    navigator.locks.request(`qsec:${name}`, { mode: 'exclusive', ...request }, held).catch((cause: unknown) => {
      cancel?.()
      if (granted) options.onStolen?.(name)
      else if (patience.signal.aborted) resolve(undefined)
      else reject(new StorageError('failed', 'storage: the browser refuses its locks to this page', { cause }))
    })
  })
}
