/** Above the messages: who asks this person for earlier ones, who offers some, and what this person is giving. */
import type { ComponentChildren, JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { EarlierView, PersonView, RoomClient } from '../../client-gate.ts'
import { earlierWords } from '../../words/earlier.ts'
import type { Namer } from '../../words/people.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'

/** So many stand on the page at a time; many askers must not push the conversation away. */
const shownAtOnce = 2

interface Props {
  earlier: EarlierView
  client: RoomClient
  nameOf: Namer
}

export function EarlierRequests({ earlier, client, nameOf }: Props): JSX.Element {
  const list = useRef<HTMLDivElement>(null)
  const [all, setAll] = useState(false)
  const cards = cardsOf(earlier, client, nameOf, moveOn)
  const shown = all ? cards : cards.slice(0, shownAtOnce)
  const more = cards.length - shown.length

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
        <section class="knocks" aria-label={earlierWords.requests}>
          {shown}
          {more > 0 && (
            <button type="button" class="button small" onClick={() => setAll(true)}>
              {earlierWords.more(more)}
            </button>
          )}
        </section>
      )}
    </div>
  )
}

function cardsOf(earlier: EarlierView, client: RoomClient, nameOf: Namer, onDone: () => void): JSX.Element[] {
  const { offers, asks, giving } = earlier
  const answer = (one: PersonView, yes: boolean) => () => client.answerEarlier(one.device, yes)
  return [
    ...offers.map(({ from, count }) => (
      <Card
        key={`offer ${from.device}`}
        words={earlierWords.offers(nameOf(from), count)}
        help={earlierWords.offersHelp}
        yes={{ words: earlierWords.accept, put: answer(from, true) }}
        no={{ words: earlierWords.notNow, put: answer(from, false) }}
        onDone={onDone}
      />
    )),
    ...asks.map(({ from, count, have }) => (
      <Card
        key={`ask ${from.device}`}
        words={earlierWords.asks(nameOf(from), count)}
        help={have < count ? `${earlierWords.asksHave(have)} ${earlierWords.asksHelp}` : earlierWords.asksHelp}
        yes={{ words: earlierWords.give, put: answer(from, true) }}
        no={{ words: earlierWords.notNow, put: answer(from, false) }}
        onDone={onDone}
      />
    )),
    ...giving.map(({ to, state, count, taken }) => (
      <Card
        key={`giving ${to.device}`}
        words={
          state === 'offered' ? earlierWords.offered(nameOf(to), count) : earlierWords.giving(nameOf(to), taken, count)
        }
        no={{
          words: state === 'offered' ? earlierWords.takeBack : earlierWords.stop,
          put: () => client.stopGivingEarlier(to.device),
        }}
        onDone={onDone}
      >
        {/* How far it is stands in the words; said aloud with every step it would drown the conversation. */}
        {state === 'giving' && <progress max={count} value={taken} aria-hidden="true" />}
      </Card>
    )),
  ]
}

interface Choice {
  words: string
  put(): Promise<void>
}

interface CardProps {
  words: string
  help?: string
  yes?: Choice
  no: Choice
  onDone(): void
  children?: ComponentChildren
}

function Card({ words, help, yes, no, onDone, children }: CardProps): JSX.Element {
  const ask = useAsk()

  async function put(work: () => Promise<void>): Promise<void> {
    if (await ask.put(work)) onDone()
  }

  return (
    <div class="knock">
      <p>{words}</p>
      {children}
      {help !== undefined && <p class="knock-help">{help}</p>}
      <div class="actions">
        {yes && (
          <AskButton
            ask={ask}
            look="button small primary"
            label={`${yes.words}: ${words}`}
            onPress={() => void put(yes.put)}
          >
            {yes.words}
          </AskButton>
        )}
        <AskButton ask={ask} look="button small" label={`${no.words}: ${words}`} onPress={() => void put(no.put)}>
          {no.words}
        </AskButton>
      </div>
      <Refusal ask={ask} />
    </div>
  )
}
