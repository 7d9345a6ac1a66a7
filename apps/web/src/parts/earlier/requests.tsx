/** Above the messages: who asks this person for earlier ones, who offers some, and what this person is giving. */
import type { ComponentChildren, JSX } from 'preact'
import type { EarlierView, PersonView, RoomClient } from '../../client-gate.ts'
import { earlierWords } from '../../words/earlier.ts'
import type { Namer } from '../../words/people.ts'
import { RequestCard, RequestList } from '../request-list.tsx'

interface Props {
  earlier: EarlierView
  client: RoomClient
  nameOf: Namer
}

export function EarlierRequests({ earlier, client, nameOf }: Props): JSX.Element {
  return (
    <RequestList
      title={earlierWords.requests}
      more={earlierWords.more}
      cards={(onDone) => cardsOf(earlier, client, nameOf, onDone)}
    />
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
  const choices = [...(yes ? [{ ...yes, primary: true }] : []), no]
  return (
    <RequestCard onDone={onDone} choices={choices.map((choice) => ({ ...choice, label: `${choice.words}: ${words}` }))}>
      <p>{words}</p>
      {children}
      {help !== undefined && <p class="knock-help">{help}</p>}
    </RequestCard>
  )
}
