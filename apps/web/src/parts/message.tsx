/** One message: who, what, when, what it quotes, how people reacted, and for an own one how far it came. */
import { actionIn } from '@qsec/client/commands'
import type { JSX } from 'preact'
import type { MessageView } from '../client-gate.ts'
import { wantsMarkup } from '../markup/wants.ts'
import { messageWords } from '../words/messages.ts'
import type { Namer } from '../words/people.ts'
import { privateWords } from '../words/private.ts'
import { problemOf, roomWords, stateWords } from '../words/room.ts'
import { clockTime, fullTime, isoTime } from '../words/time.ts'
import { standingTag } from '../words/trust.ts'
import { Avatar } from './avatar.tsx'
import { Lifetime, Rich, Tools } from './fetched-messages.ts'
import { Icon, type IconName } from './icon.tsx'
import { isSaid, type MessageActions } from './message/actions.ts'
import { Plain } from './message/plain.tsx'
import { Quote } from './message/quote.tsx'
import { Reactions } from './message/reactions.tsx'

interface Props {
  message: MessageView
  nameOf: Namer
  startsRun: boolean
  endsRun: boolean
  /** Absent where nothing can be done with it. */
  actions?: MessageActions | undefined
  /** The pointer is on it, or the focus, or a long press was made. */
  active?: boolean
  /** How far it came is said in words, too. */
  newest?: boolean
}

export function Message({
  message,
  nameOf,
  startsRun,
  endsRun,
  actions,
  active = false,
  newest = false,
}: Props): JSX.Element {
  const { author, own, reply } = message
  const mine = author.self || own
  const look = [
    'message',
    mine && 'own',
    startsRun && 'starts-run',
    endsRun && 'ends-run',
    message.privately && 'private',
    message.mentionsYou && 'mentions-you',
    newest && 'newest',
    active && 'active',
  ]
  return (
    <article class={look.filter(Boolean).join(' ')} data-key={message.key} tabIndex={-1}>
      {!mine && startsRun && <Avatar person={author} />}
      <div class={message.state === 'not-sent' ? 'bubble failed' : 'bubble'}>
        {/* Said with every message, drawn only where a run begins and the author is somebody else. */}
        <p class={startsRun && !mine ? 'author' : 'author unseen'} style={{ '--hue': String(author.hue) }}>
          <bdi>{nameOf(author)}</bdi>
          <Vouched person={author} />
        </p>
        {message.privately && (
          <p class="only">
            <Icon name="lock" />
            <span>{privateWords.only(nameOf(message.privately))}</span>
          </p>
        )}
        {reply && !message.deleted && <Quote quote={reply} nameOf={nameOf} onJump={(key) => actions?.jump(key)} />}
        <div class="said">
          <Words message={message} nameOf={nameOf} />
          <p class="when">
            {message.lifetime && <Lifetime lifetime={message.lifetime} own={author.self} />}
            {message.editedMs !== undefined && (
              <span title={messageWords.editedAt(fullTime(message.editedMs))}>{messageWords.edited}</span>
            )}
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
      <Reactions message={message} nameOf={nameOf} actions={actions} />
      {active && actions && isSaid(message) && <Tools message={message} nameOf={nameOf} actions={actions} />}
      {(message.state === 'not-sent' || message.change === 'not-sent') && (
        <Rescue message={message} actions={actions} />
      )}
    </article>
  )
}

function Words({ message, nameOf }: Pick<Props, 'message' | 'nameOf'>): JSX.Element {
  const { text, deleted, mentions } = message
  const action = actionIn(text)
  if (action !== undefined && !deleted) {
    return <Plain text={action} mentions={mentions} does={nameOf(message.author)} />
  }
  if (deleted) return <p class="text gone">{messageWords.deleted}</p>
  if (wantsMarkup(text)) return <Rich text={text} mentions={mentions} />
  return <Plain text={text} mentions={mentions} />
}

/** What did not go out, or a change that did not: why, and what can be done. */
function Rescue({ message, actions }: Pick<Props, 'message' | 'actions'>): JSX.Element {
  const { key, state, problem } = message
  return (
    <div class="rescue">
      <p>
        {state !== 'not-sent' && `${messageWords.changeFailed}. `}
        {problem !== undefined && problemOf(problem)}
      </p>
      <button type="button" class="button small" onClick={() => actions?.retry(key)}>
        {roomWords.retry}
      </button>
      {state === 'not-sent' && (
        <button type="button" class="button small danger" onClick={() => actions?.discard(key)}>
          {roomWords.delete}
        </button>
      )}
    </div>
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
  const { state, change, deliveredTo, meantFor } = message
  if (change === 'sending' && state !== 'not-sent') {
    return (
      <span class="state sending">
        <span>{messageWords.changing}</span>
        <Icon name="clock" />
      </span>
    )
  }
  const words = stateWords(state)
  if (state === 'received' || words === undefined) return null
  return (
    <span class={`state ${state}`} title={meantFor > 0 ? roomWords.delivered(deliveredTo, meantFor) : undefined}>
      <span>{words}</span>
      <Icon name={icons[state]} />
    </span>
  )
}
