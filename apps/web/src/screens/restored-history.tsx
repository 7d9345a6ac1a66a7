/** What was said in a room, out of a backup: to be read, and clearly not the room itself. */
import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { shortAddress } from '../address.ts'
import type { History, HistoryItem, Keeper, Kept } from '../keeper.ts'
import { reasonOf } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import { earlierWords } from '../words/earlier.ts'
import { historyWords } from '../words/history.ts'
import { namingWords } from '../words/people.ts'
import { fullTime, isoTime } from '../words/time.ts'

interface Props {
  keeper: Keeper
  which: Kept
  onBack(): void
}

export function RestoredHistory({ keeper, which, onBack }: Props): JSX.Element {
  const [history, setHistory] = useState<History>()
  const [failure, setFailure] = useState('')
  useEffect(() => {
    keeper.history(which).then(setHistory, (error: unknown) => setFailure(`${deviceWords.failed} ${reasonOf(error)}`))
  }, [keeper, which])
  return (
    <main class="device">
      <h1>{shortAddress(which.room)}</h1>
      <p>{deviceWords.historyHelp}</p>
      <div class="actions">
        <button type="button" class="button" autofocus onClick={onBack}>
          {deviceWords.back}
        </button>
      </div>
      {failure !== '' && (
        <p class="form-failure" role="alert">
          {failure}
        </p>
      )}
      {history && <HistoryItems history={history} />}
    </main>
  )
}

export function HistoryItems({ history }: { history: History }): JSX.Element {
  const around = useMemo(() => aroundOf(history), [history])
  return (
    <ol class="restored">
      {history.items.map((item, i) => (
        <li key={`${item.atMs} ${i}`} class={item.type}>
          <Entry item={item} around={around} />
        </li>
      ))}
    </ol>
  )
}

type Said = Extract<HistoryItem, { type: 'message' }>

interface Around {
  nameOf(device: string): string
  /** Messages by author's device and id. */
  said: ReadonlyMap<string, Said>
}

function aroundOf({ people, items }: History): Around {
  const names = new Map(people.map(({ device, name, shortId }) => [device, name || namingWords.someone(shortId)]))
  return {
    nameOf: (device) => names.get(device) ?? namingWords.somebody,
    said: new Map(items.flatMap((item) => (item.type === 'message' ? [[keyOf(item), item] as const] : []))),
  }
}

const keyOf = ({ from, id }: { from: string; id: string }): string => `${from}/${id}`

function Entry({ item, around }: { item: HistoryItem; around: Around }): JSX.Element {
  const time = <time datetime={isoTime(item.atMs)}>{fullTime(item.atMs)}</time>
  switch (item.type) {
    case 'message':
      return (
        <>
          <strong dir="auto">{around.nameOf(item.from)}</strong> {time}
          <Message said={item} around={around} />
        </>
      )
    case 'quoted':
      return (
        <>
          <span class="quote-author">
            <bdi>{item.name || namingWords.somebody}</bdi> ({earlierWords.says}{' '}
            <bdi>{around.nameOf(item.sharedBy)}</bdi>). {earlierWords.unchecked}
          </span>{' '}
          {time}
          <p dir="auto">{item.text}</p>
        </>
      )
    case 'event':
      return (
        <>
          {time}
          <p dir="auto">{item.words}</p>
        </>
      )
  }
}

/** As it stood when the backup was made: what it answers, how it read last, or that it was taken back, and who reacted. */
function Message({ said, around }: { said: Said; around: Around }): JSX.Element {
  const { from, text, editedMs, deleted, privatelyWith, lifetimeS, replyTo, reactions = [] } = said
  const other = privatelyWith === undefined ? undefined : around.nameOf(privatelyWith)
  return (
    <>
      {editedMs !== undefined && !deleted && (
        <span class="note" title={fullTime(editedMs)}>
          {historyWords.edited}
        </span>
      )}
      {other !== undefined && (
        <p class="note">{from === privatelyWith ? historyWords.privateFrom(other) : historyWords.privateWith(other)}</p>
      )}
      {lifetimeS !== undefined && <p class="note">{historyWords.disappears(lifetimeS)}</p>}
      {replyTo && !deleted && <Answered to={replyTo} around={around} />}
      {deleted ? <p class="note">{historyWords.deleted}</p> : <p dir="auto">{text}</p>}
      {reactions.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets
        <ul role="list" class="restored-reactions" aria-label={historyWords.reactions}>
          {reactions.map((one) => (
            <li key={one.from}>
              {one.signs.join(' ')} <bdi>{around.nameOf(one.from)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Answered({ to, around }: { to: NonNullable<Said['replyTo']>; around: Around }): JSX.Element {
  const quoted = around.said.get(keyOf(to))
  const words = quoted?.deleted ? historyWords.deleted : (quoted?.text ?? historyWords.notHere)
  return (
    <blockquote dir="auto">
      <bdi>{around.nameOf(to.from)}</bdi>: {words}
    </blockquote>
  )
}
