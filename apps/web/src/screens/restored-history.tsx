/** What was said in a room, out of a backup: to be read, and clearly not the room itself. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { shortAddress } from '../address.ts'
import type { History, Keeper, Kept } from '../keeper.ts'
import { reasonOf } from '../problems.ts'
import { deviceWords } from '../words/device.ts'
import { earlierWords } from '../words/earlier.ts'
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
  const names = new Map(history?.people.map(({ device, name, shortId }) => [device, name || `Someone (${shortId})`]))
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
      {history && (
        <ol class="restored">
          {history.items.map((item, i) => (
            <li key={`${item.atMs} ${i}`} class={item.type}>
              {item.type === 'message' && <strong dir="auto">{names.get(item.from) ?? namingWords.somebody}</strong>}
              {item.type === 'quoted' && (
                <span class="quote-author">
                  <bdi>{item.name || namingWords.somebody}</bdi> ({earlierWords.says}{' '}
                  <bdi>{names.get(item.sharedBy) ?? namingWords.somebody}</bdi>). {earlierWords.unchecked}
                </span>
              )}{' '}
              <time datetime={isoTime(item.atMs)}>{fullTime(item.atMs)}</time>
              <p dir="auto">{item.type === 'event' ? item.words : item.text}</p>
            </li>
          ))}
        </ol>
      )}
    </main>
  )
}
