/** One table of the server: what it is for and how long it is kept; opened, its rows as the database has them. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { RoomClient, ServerRows, ServerTables } from '../../client-gate.ts'
import { serverWords, tableHelp, tableTitle, withheldWords } from '../../words/server.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'

interface Props {
  table: ServerTables['tables'][number]
  keeps: ServerTables['keeps']
  client: RoomClient
}

type Value = ServerRows['rows'][number][number]
type Row = readonly (readonly [column: string, value: string])[]

export function Table({ table, keeps, client }: Props): JSX.Element {
  const ask = useAsk(serverWords.noRows)
  const [rows, setRows] = useState<readonly Row[]>()
  const [next, setNext] = useState<ServerRows['next']>()

  const fetchRows = (): Promise<boolean> =>
    ask.put(async () => {
      const page = await client.serverRows(table.table, next)
      const come = page.rows.map((row) => row.map((value, i) => [page.columns[i]!, valueWords(value)] as const))
      setRows((before = []) => [...before, ...come])
      setNext(page.next)
    })

  function opened(isOpen: boolean): void {
    if (isOpen && rows === undefined && table.rows > table.withheld) void fetchRows()
  }

  return (
    <li>
      <details onToggle={({ currentTarget }) => opened(currentTarget.open)}>
        <summary>{tableTitle(table)}</summary>
        {tableHelp(table.table, keeps).map((sentence) => (
          <p key={sentence} class="panel-help">
            {sentence}
          </p>
        ))}
        {table.sealedBytes !== undefined && table.sealedBytes > 0 && (
          <p class="panel-help">{serverWords.sealed(table.sealedBytes)}</p>
        )}
        {table.withheld > 0 && <p class="panel-help">{withheldWords(table)}</p>}
        {table.rows === 0 && <p class="panel-help">{serverWords.empty}</p>}
        {rows && (
          <ol class="raw-rows" dir="ltr" aria-label={tableTitle(table)}>
            {rows.map((row, index) => (
              <RawRow key={index} row={row} />
            ))}
          </ol>
        )}
        <Refusal ask={ask} />
        {rows && next && (
          <AskButton ask={ask} look="button small" onPress={() => void fetchRows()}>
            {serverWords.moreRows}
          </AskButton>
        )}
      </details>
    </li>
  )
}

function RawRow({ row }: { row: Row }): JSX.Element {
  return (
    <li>
      {row.map(([column, value]) => (
        <span key={column}>
          <b>{column}</b> <bdi>{value}</bdi>
        </span>
      ))}
    </li>
  )
}

function valueWords(value: Value): string {
  if (value === null) return serverWords.nothing
  if (typeof value !== 'object') return String(value)
  return 'bytes' in value ? serverWords.bytes(value.bytes) : serverWords.cut(value.start, value.length)
}
