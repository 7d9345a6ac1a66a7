/** Draws the application over a gate into the page. */
import { render } from 'preact'
import { App } from './app.tsx'
import type { Gate } from './client-gate.ts'
import { letPageGo } from './hold-page.ts'
import { browserBar, type Journey, makeJourney } from './journey.ts'
import { startLanguage } from './language/language.ts'
import { followOtherTabs } from './other-tabs.ts'
import { watchForProblems } from './problems.ts'
import { askReachAhead } from './reach.ts'
import { followWindowHeight } from './window-height.ts'
import './styles/index.css'

export function start(gate: Gate): Journey {
  watchForProblems(window)
  followWindowHeight(window)
  followOtherTabs(window)
  askReachAhead()
  // Out of the back-forward cache a page may come with a device that another tab has used meanwhile.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    letPageGo()
    window.location.reload()
  })
  const journey = makeJourney(gate, browserBar(window))
  journey.start()
  const place = document.getElementById('app')!
  void startLanguage().then(() => {
    place.replaceChildren() // the text for when the page does not start
    render(<App journey={journey} />, place)
  })
  return journey
}
