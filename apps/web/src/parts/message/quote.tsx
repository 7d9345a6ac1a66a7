/** What a message quotes, as it reads now: one line that leads there. */
import type { JSX } from 'preact'
import type { QuoteView } from '../../client-gate.ts'
import { messageWords, quoteWords } from '../../words/messages.ts'
import type { Namer } from '../../words/people.ts'

interface Props {
  quote: QuoteView
  nameOf: Namer
  onJump(key: string): void
}

export function Quote({ quote: { key, message, gone }, nameOf, onJump }: Props): JSX.Element {
  if (!message) return <p class="reply-quote gone">{gone ? messageWords.quotedVanished : messageWords.quotedGone}</p>
  const name = nameOf(message.author)
  const words = quoteWords(message)
  return (
    <button
      type="button"
      class="reply-quote"
      style={{ '--hue': String(message.author.hue) }}
      onClick={() => onJump(key)}
    >
      <span class="unseen">{messageWords.quoted}</span>
      <bdi class="quote-name">{name}</bdi>
      <span class="quote-text" dir="auto">
        {words}
      </span>
    </button>
  )
}
