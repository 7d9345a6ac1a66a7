/** The page's own start: takes the client's gate and draws. */
import { realGate } from './client-gate.ts'
import { start } from './start.tsx'
import './trusted-types.ts'

// A stylesheet that is not the one of this build counts as missing. Then the text that stands in the page stays.
const styles = document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')
if ([...styles].every(({ sheet }) => sheet !== null)) {
  start(realGate())
  // Later, so that the way into a room has the connection and the processor to itself.
  window.setTimeout(() => {
    import('./kept/watch.ts').then(({ watch }) => watch(document)).catch(sayNothingKept)
  }, 4_000)
}

/** The page works without; *About* says that nothing is kept. */
function sayNothingKept(error: unknown): void {
  console.warn('the page is not kept in this browser', error)
}
