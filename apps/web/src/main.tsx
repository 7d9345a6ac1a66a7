/** The page's own start: takes the client's gate and draws. */
import { realGate } from './client-gate.ts'
import { watchSoon } from './kept/soon.ts'
import { start } from './start.tsx'
import './trusted-types.ts'

// A stylesheet that is not the one of this build counts as missing. Then the text that stands in the page stays.
const styles = document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')
if ([...styles].every(({ sheet }) => sheet !== null)) watchSoon(start(realGate()).screen)
