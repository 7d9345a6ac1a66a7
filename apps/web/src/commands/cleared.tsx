/** Stands above the messages where the view was cleared: what that means, and the way back. */
import type { JSX } from 'preact'
import { clearedWords } from '../words/commands.ts'

export function Cleared({ onShow }: { onShow(): void }): JSX.Element {
  return (
    <div class="cleared">
      <p>
        <strong>{clearedWords.title}</strong> {clearedWords.help}
      </p>
      <button type="button" class="button small" onClick={onShow}>
        {clearedWords.show}
      </button>
    </div>
  )
}
