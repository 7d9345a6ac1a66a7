/** What one member shared from before this device came in: a quotation, and drawn as nothing else is. */
import type { JSX } from 'preact'
import type { EarlierBlockView, PersonView, QuotedView, RoomClient } from '../../client-gate.ts'
import { earlierWords } from '../../words/earlier.ts'
import { isYou, listPeople, type Namer, namingWords } from '../../words/people.ts'
import { clockTime, dayName, dayWords, fullTime, isoTime } from '../../words/time.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'

interface Props {
  block: EarlierBlockView
  people: readonly PersonView[]
  nameOf: Namer
  client: RoomClient
}

export function QuoteBlock({ block, people, nameOf, client }: Props): JSX.Element {
  const { key, sharedBy, state, total, taken, sharedBefore, messages } = block
  const ask = useAsk()
  const sharer = nameOf(sharedBy)
  const nowMs = Date.now()
  return (
    <section class="quoted" aria-label={`${earlierWords.sharedBy} ${sharer}`}>
      <p class="quoted-head">
        <strong>
          {earlierWords.sharedBy} <bdi>{sharer}</bdi>
          {isYou(sharedBy) ? earlierWords.asYouHave : earlierWords.asTheyHave(sharer)}
        </strong>{' '}
        {earlierWords.unchecked}
      </p>
      {state === 'coming' && (
        <div class="earlier-progress">
          <progress max={total} value={taken} aria-label={earlierWords.coming(taken, total)} />
          <span>{earlierWords.coming(taken, total)}</span>
        </div>
      )}
      {state === 'stopped' && <p>{earlierWords.stopped(taken, total)}</p>}
      {sharedBefore > 0 && <p>{earlierWords.sharedBefore(sharedBefore)}</p>}
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets */}
      <ol role="list" class="quotes">
        {messages.map((quoted) => (
          <Quote key={quoted.key} quoted={quoted} sharer={sharer} people={people} nameOf={nameOf} nowMs={nowMs} />
        ))}
      </ol>
      <div class="quoted-foot">
        {state === 'coming' ? (
          <AskButton ask={ask} look="button small" onPress={() => void ask.put(() => client.stopTakingEarlier(key))}>
            {earlierWords.stop}
          </AskButton>
        ) : (
          <AskButton ask={ask} look="button small" onPress={() => void ask.put(() => client.removeEarlier(key))}>
            {earlierWords.remove}
          </AskButton>
        )}
        <Refusal ask={ask} />
      </div>
    </section>
  )
}

interface QuoteProps extends Pick<Props, 'people' | 'nameOf'> {
  quoted: QuotedView
  sharer: string
  nowMs: number
}

function Quote({ quoted, sharer, people, nameOf, nowMs }: QuoteProps): JSX.Element {
  const { name, person, text, atMs, doubtfulTime, alsoBy } = quoted
  const author = name === '' ? namingWords.someone(person.slice(0, 6) || '?') : name
  // Under the name of somebody who is here it would be taken for theirs.
  const namesake = people.some((one) => one.name === name && one.person !== '' && one.person !== person)
  const known = people.some((one) => one.name === name && one.person === person)
  return (
    <li class="quote">
      <p class="quote-author">
        <bdi>{author}</bdi> ({earlierWords.says} <bdi>{sharer}</bdi>)
        {namesake && !known && person !== '' && <span class="tag">{earlierWords.otherKeys(name)}</span>}
      </p>
      <blockquote class="text" dir="auto">
        {text}
      </blockquote>
      <p class="when">
        <time dateTime={isoTime(atMs)} title={fullTime(atMs)}>
          {dayWords.at(dayName(atMs, nowMs), clockTime(atMs))}
        </time>
        {doubtfulTime && <span class="odd-time">{earlierWords.oddTime}</span>}
        {alsoBy.length > 0 && <span>{earlierWords.alsoBy(listPeople(alsoBy, nameOf))}</span>}
      </p>
    </li>
  )
}
