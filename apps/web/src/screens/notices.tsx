/** The pages that only say something: wrong address, missing link, work under way, failure. */
import type { JSX } from 'preact'
import { Mark } from '../parts/mark.tsx'
import { Notice } from '../parts/notice.tsx'
import { askingWords } from '../words/asking.ts'
import { doorWords } from '../words/door.ts'

interface Homeward {
  onHome(): void
}

export function Working({ words }: { words: string }): JSX.Element {
  return (
    <main class="notice" aria-busy="true">
      <Mark moving />
      <p role="status">{words}</p>
    </main>
  )
}

export function Nowhere({ onHome }: Homeward): JSX.Element {
  return (
    <Notice title={doorWords.nowhere} help={doorWords.nowhereHelp}>
      <button type="button" class="button primary" onClick={onHome}>
        {doorWords.home}
      </button>
    </Notice>
  )
}

export function NeedsLink({ onAsk, onHome }: Homeward & { onAsk(): void }): JSX.Element {
  return (
    <Notice title={doorWords.needsLink} help={doorWords.needsLinkHelp} detail={doorWords.needsLinkDo}>
      <button type="button" class="button primary" onClick={onAsk}>
        {askingWords.ask}
      </button>
      <button type="button" class="button" onClick={onHome}>
        {doorWords.home}
      </button>
    </Notice>
  )
}

export function Failed({ reason, onAgain, onHome }: Homeward & { reason: string; onAgain(): void }): JSX.Element {
  return (
    <Notice tone="warning" title={doorWords.failed} help={reason}>
      <button type="button" class="button primary" onClick={onAgain}>
        {doorWords.again}
      </button>
      <button type="button" class="button" onClick={onHome}>
        {doorWords.home}
      </button>
    </Notice>
  )
}
