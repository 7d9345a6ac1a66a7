/** One message: who, what, when, and for an own one how far it came. */
import type { JSX } from 'preact'
import type { MessageView } from '../client-gate.ts'
import type { Namer } from '../words/people.ts'
import { problemOf, roomWords, stateWords } from '../words/room.ts'
import { clockTime, fullTime, isoTime } from '../words/time.ts'
import { standingTag } from '../words/trust.ts'
import { Avatar } from './avatar.tsx'
import { Icon, type IconName } from './icon.tsx'

interface Props {
  message: MessageView
  nameOf: Namer
  startsRun: boolean
  endsRun: boolean
  onRetry(key: string): void
  onDelete(key: string): void
}

export function Message({ message, nameOf, startsRun, endsRun, onRetry, onDelete }: Props): JSX.Element {
  const { author } = message
  const look = ['message', author.self && 'own', startsRun && 'starts-run', endsRun && 'ends-run']
    .filter(Boolean)
    .join(' ')
  return (
    <article class={look}>
      {!author.self && startsRun && <Avatar person={author} />}
      <div class={message.state === 'not-sent' ? 'bubble failed' : 'bubble'}>
        {/* Said with every message, drawn only where a run begins and the author is somebody else. */}
        <p class={startsRun && !author.self ? 'author' : 'author unseen'} style={{ '--hue': String(author.hue) }}>
          <bdi>{nameOf(author)}</bdi>
          <Vouched person={author} />
        </p>
        <div class="said">
          <p class="text" dir="auto">
            {message.text}
          </p>
          <p class="when">
            <time dateTime={isoTime(message.atMs)} title={fullTime(message.atMs)}>
              {clockTime(message.atMs)}
            </time>
            {message.doubtfulTime && (
              <span class="odd-time" title={roomWords.oddTimeHelp}>
                {roomWords.oddTime}
              </span>
            )}
            <State message={message} />
          </p>
        </div>
      </div>
      {message.state === 'not-sent' && (
        <div class="rescue">
          {message.problem !== undefined && <p>{problemOf(message.problem)}</p>}
          <button type="button" class="button small" onClick={() => onRetry(message.key)}>
            {roomWords.retry}
          </button>
          <button type="button" class="button small danger" onClick={() => onDelete(message.key)}>
            {roomWords.delete}
          </button>
        </div>
      )}
    </article>
  )
}

/** At the author only what a reader acts on: whose keys are verified, and whose have changed. */
function Vouched({ person }: { person: MessageView['author'] }): JSX.Element | null {
  const { trust } = person.standing
  if (trust !== 'verified' && trust !== 'changed') return null
  return (
    <span class={`vouched ${trust}`}>
      <Icon name={trust === 'verified' ? 'shield' : 'warning'} />
      <span class="unseen">{standingTag(person.standing)}</span>
    </span>
  )
}

const icons: Record<Exclude<MessageView['state'], 'received'>, IconName> = {
  held: 'clock',
  sending: 'clock',
  sent: 'tick',
  delivered: 'ticks',
  'not-sent': 'warning',
}

function State({ message }: { message: MessageView }): JSX.Element | null {
  const { state, deliveredTo, meantFor } = message
  const words = stateWords(state)
  if (state === 'received' || words === undefined) return null
  return (
    <span class={`state ${state}`} title={meantFor > 0 ? roomWords.delivered(deliveredTo, meantFor) : undefined}>
      <span>{words}</span>
      <Icon name={icons[state]} />
    </span>
  )
}
