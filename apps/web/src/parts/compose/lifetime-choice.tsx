/** How long the message lives that is being written: never longer than the room lets it. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { lifetimes } from '../../lifetimes.ts'
import { durationWords, lifetimeWords } from '../../words/lifetime.ts'
import { Icon } from '../icon.tsx'

interface Props {
  /** Absent: as in the room. */
  chosen: number | undefined
  room: number | undefined
  onChoose(lifetimeS: number | undefined): void
}

export function LifetimeChoice({ chosen, room, onChoose }: Props): JSX.Element {
  const id = useId()
  const offered = offeredIn(room)
  const value = chosen !== undefined && offered.includes(chosen) ? chosen : undefined
  return (
    <span class={value === undefined && room === undefined ? 'living' : 'living on'}>
      <label for={id}>
        <Icon name="timer" />
        <span>{lifetimeWords.label}</span>
      </label>
      <select
        id={id}
        value={value === undefined ? '' : String(value)}
        onChange={({ currentTarget }) => onChoose(currentTarget.value === '' ? undefined : Number(currentTarget.value))}
      >
        <option value="">{room === undefined ? lifetimeWords.never : lifetimeWords.byRoom(durationWords(room))}</option>
        {offered.map((seconds) => (
          <option key={seconds} value={String(seconds)}>
            {lifetimeWords.after(durationWords(seconds))}
          </option>
        ))}
      </select>
    </span>
  )
}

/** Those that are shorter than what holds in the room anyway. */
export function offeredIn(room: number | undefined): readonly number[] {
  return room === undefined ? lifetimes : lifetimes.filter((seconds) => seconds < room)
}
