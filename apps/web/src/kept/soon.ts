/** When this browser begins to keep the page: not for a passer-by, and not before more urgent things are done. */
import type { ReadonlySignal } from '@preact/signals'
import type { Screen } from '../journey.ts'

const laterMs = 4_000

/** For who enters a room, or has a kept page already. What the start page leaves in a browser is nothing. */
export function watchSoon(screen: ReadonlySignal<Screen>): void {
  let watching = false
  screen.subscribe(({ at }) => {
    if (watching || (at !== 'room' && !navigator.serviceWorker?.controller)) return
    watching = true
    // The way into a room has the connection and the processor to itself.
    window.setTimeout(() => {
      import('./watch.ts').then(({ watch }) => watch(document)).catch(sayNothingKept)
    }, laterMs)
  })
}

/** The page works without; *About* says that nothing is kept. */
function sayNothingKept(error: unknown): void {
  console.warn('the page is not kept in this browser', error)
}
