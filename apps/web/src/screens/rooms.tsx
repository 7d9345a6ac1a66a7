/** The rooms to go back to, on the start page of a browser that has been in one. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { isLocked, type RoomAddress } from '../client-gate.ts'
import type { Keeper, StoredRoom } from '../keeper.ts'
import { Icon } from '../parts/icon.tsx'
import { reasonOf } from '../problems.ts'
import { roomName } from '../room-name.ts'
import { formatOf, isolated } from '../words/locale.ts'
import { roomsWords } from '../words/rooms.ts'
import { clockTime, dayKey, dayName, isoTime } from '../words/time.ts'

interface Props {
  keeper: Keeper
  onOpen(address: RoomAddress): void
}

export function Rooms({ keeper, onOpen }: Props): JSX.Element | null {
  const [rooms, setRooms] = useState<readonly StoredRoom[]>()
  const [failure, setFailure] = useState('')
  useEffect(() => {
    keeper.rooms().then(setRooms, (error: unknown) => {
      if (!isLocked(error)) setFailure(`${roomsWords.failed} ${reasonOf(error)}`.trim())
    })
  }, [keeper])
  if (failure !== '') {
    return (
      <p class="form-failure" role="alert">
        {failure}
      </p>
    )
  }
  if (rooms === undefined || rooms.length === 0) return null
  return (
    <section class="card" aria-labelledby="rooms">
      <h2 id="rooms">{roomsWords.title}</h2>
      <ul class="rooms">
        {rooms.map((one) => (
          <li key={one.room}>
            {one.elsewhere ? (
              <div class="rooms-row">{wordsOf(one)}</div>
            ) : (
              <a
                class="rooms-row"
                href={`/room/${one.room}`}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
                  event.preventDefault()
                  onOpen(one.room)
                }}
              >
                {wordsOf(one)}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function wordsOf({ room, kind, title, people, newestMs, elsewhere }: StoredRoom): JSX.Element {
  const others = people.length === 0 ? roomsWords.alone : roomsWords.withPeople(namesOf(people))
  return (
    <>
      <Icon name={kind === 'open' ? 'open' : 'lock'} />
      <span class="rooms-words">
        <strong>{roomName(room, title)}</strong>
        <span>{elsewhere ? roomsWords.elsewhere : others}</span>
      </span>
      {newestMs !== undefined && <time dateTime={isoTime(newestMs)}>{timeOf(newestMs)}</time>}
    </>
  )
}

const and = formatOf(Intl.ListFormat, { type: 'conjunction' })
const shownAtMost = 3

function namesOf(people: readonly string[]): string {
  const shown = people.slice(0, people.length > shownAtMost + 1 ? shownAtMost : shownAtMost + 1).map(isolated)
  const others = people.length - shown.length
  return and().format([...shown, ...(others > 0 ? [roomsWords.others(others)] : [])])
}

function timeOf(atMs: number): string {
  const nowMs = Date.now()
  return dayKey(atMs) === dayKey(nowMs) ? clockTime(atMs) : dayName(atMs, nowMs)
}
