/** The lines that the relay wrote down about this room, as they come. */
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { RoomLogLine } from '../client-gate.ts'
import { roomWords } from '../words/room.ts'
import { fullTime, isoTime, preciseTime } from '../words/time.ts'

export function RoomLog({ lines }: { lines: readonly RoomLogLine[] }): JSX.Element {
  const log = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  useLayoutEffect(() => {
    if (following.current && log.current !== null) log.current.scrollTop = log.current.scrollHeight
  }, [lines])
  return (
    <section class="panel" aria-labelledby="room-log-title">
      <h2 id="room-log-title">{roomWords.roomLog}</h2>
      <p class="panel-help">{roomWords.roomLogHelp}</p>
      <div
        class="room-log"
        role="log"
        aria-label={roomWords.roomLog}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keyboard
        tabIndex={0}
        ref={log}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          following.current = scrollHeight - scrollTop - clientHeight < 30
        }}
      >
        {lines.length === 0 && <p>{roomWords.roomLogEmpty}</p>}
        {lines.map((line) => (
          <LogLine key={line.id} line={line} />
        ))}
      </div>
    </section>
  )
}

function LogLine({ line }: { line: RoomLogLine }): JSX.Element {
  const tagged = /^(\[[A-Z0-9_]+\])(.*)$/s.exec(line.message)
  return (
    <p>
      <time dateTime={isoTime(line.created_at)} title={fullTime(line.created_at)}>
        {preciseTime(line.created_at)}
      </time>{' '}
      {tagged === null ? line.message : <b>{tagged[1]}</b>}
      {tagged?.[2]}
    </p>
  )
}
