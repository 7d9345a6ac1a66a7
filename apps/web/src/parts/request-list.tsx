/** Above the messages: what others ask of this person, a few at a time, each with its answers. */
import type { ComponentChildren, JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { AskButton, Refusal } from './ask-button.tsx'
import { useAsk } from './use-ask.ts'

/** So many stand on the page at a time; a flood of them must not push the conversation away. */
const shownAtOnce = 2

interface ListProps {
  title: string
  /** The cards; each calls `onDone` once it is answered. */
  cards(onDone: () => void): JSX.Element[]
  /** What the button says that shows the others. */
  more(count: number): string
  /** Stands under the cards. */
  help?: string
}

export function RequestList({ title, cards: draw, more, help }: ListProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null)
  const [all, setAll] = useState(false)
  const cards = draw(moveOn)
  const shown = all ? cards : cards.slice(0, shownAtOnce)
  const hidden = cards.length - shown.length

  /** The pressed button is gone with its card: on to the next one, or to the messages. */
  function moveOn(): void {
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return
      const next = list.current?.querySelector('button') ?? document.querySelector<HTMLElement>('[role="log"]')
      next?.focus()
    })
  }

  // It stands there while it is empty: a screen reader hears what is put into it later.
  return (
    <div aria-live="polite" ref={list}>
      {cards.length > 0 && (
        <section class="knocks" aria-label={title}>
          {shown}
          {help !== undefined && <p class="knock-help">{help}</p>}
          {hidden > 0 && (
            <button type="button" class="button small" onClick={() => setAll(true)}>
              {more(hidden)}
            </button>
          )}
        </section>
      )}
    </div>
  )
}

export interface Choice {
  words: string
  /** What a screen reader hears: of several cards, which one this is about. */
  label: string
  primary?: boolean
  put(): Promise<void>
}

interface CardProps {
  choices: readonly Choice[]
  onDone(): void
  children: ComponentChildren
}

export function RequestCard({ choices, onDone, children }: CardProps): JSX.Element {
  const ask = useAsk()

  async function press({ put }: Choice): Promise<void> {
    if (await ask.put(put)) onDone()
  }

  return (
    <div class="knock">
      {children}
      <div class="actions">
        {choices.map((choice) => (
          <AskButton
            key={choice.words}
            ask={ask}
            look={choice.primary ? 'button small primary' : 'button small'}
            label={choice.label}
            onPress={() => void press(choice)}
          >
            {choice.words}
          </AskButton>
        ))}
      </div>
      <Refusal ask={ask} />
    </div>
  )
}
