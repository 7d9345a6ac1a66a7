/** What the server says that it has stored about the room: in plain words with counts, and as raw rows where wanted. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { RoomClient, ServerTables } from '../../client-gate.ts'
import { memoryWords, serverWords } from '../../words/server.ts'
import { isoTime, preciseTime } from '../../words/time.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { Confirm } from '../confirm.tsx'
import { useAsk } from '../use-ask.ts'
import { Table } from './table.tsx'

interface Props {
  client: RoomClient
  /** This person owns the room. */
  owner: boolean
}

interface Fetched {
  told: ServerTables
  /** By this device's clock. */
  atMs: number
}

export function ServerPanel({ client, owner }: Props): JSX.Element {
  const ask = useAsk(serverWords.failed)
  const [fetched, setFetched] = useState<Fetched>()
  const [deleting, setDeleting] = useState(false)

  const fetchTables = (): Promise<boolean> =>
    ask.put(async () => {
      const told = await client.serverTables()
      setFetched({ told, atMs: Date.now() })
    })

  useEffect(() => {
    void fetchTables()
  }, [client])

  return (
    <section class="panel server" aria-labelledby="server-title">
      <h2 id="server-title">{serverWords.title}</h2>
      <p class="panel-help">{serverWords.intro}</p>
      <p class="panel-help" aria-live="polite">
        {ask.busy && serverWords.fetching}
        {!ask.busy && fetched && (
          <time dateTime={isoTime(fetched.atMs)}>{serverWords.fetched(preciseTime(fetched.atMs))}</time>
        )}
      </p>
      <Refusal ask={ask} />
      <AskButton ask={ask} look="button small" onPress={() => void fetchTables()}>
        {serverWords.refresh}
      </AskButton>
      {fetched && <Told {...fetched} client={client} />}
      {owner && fetched?.told.owner && (
        <>
          <p class="panel-help">{serverWords.deleteHelp}</p>
          <button type="button" class="button danger wide" onClick={() => setDeleting(true)}>
            {serverWords.deleteLog}
          </button>
        </>
      )}
      {deleting && (
        <Confirm
          title={serverWords.deleteTitle}
          help={serverWords.deleteWhat}
          yes={serverWords.deleteYes}
          no={serverWords.deleteNo}
          failed={serverWords.deleteFailed}
          work={async () => void (await client.deleteServerLog())}
          onDone={() => void fetchTables()}
          onClose={() => setDeleting(false)}
        />
      )}
    </section>
  )
}

function Told({ told, atMs, client }: Fetched & Pick<Props, 'client'>): JSX.Element {
  return (
    <>
      <h3>{serverWords.stored}</h3>
      <ul class="tables" aria-label={serverWords.stored}>
        {told.tables.map((table) => (
          // What was fetched before is of another moment.
          <Table key={`${table.table} ${atMs}`} table={table} keeps={told.keeps} client={client} />
        ))}
      </ul>
      {told.others.length > 0 && <p class="panel-help">{serverWords.others(told.others)}</p>}
      <h3>{serverWords.memory}</h3>
      <p class="panel-help">{serverWords.memoryHelp}</p>
      <Sentences of={memoryWords(told.memory)} />
      <h3>{serverWords.sees}</h3>
      <Sentences of={serverWords.seen} />
      <p class="panel-help">{serverWords.seenHelp}</p>
    </>
  )
}

function Sentences({ of }: { of: readonly string[] }): JSX.Element {
  return (
    <ul class="sentences">
      {of.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}
