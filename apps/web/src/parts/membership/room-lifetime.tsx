/** How long the room's messages live, for those who may change it. */
import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { RoomClient } from '../../client-gate.ts'
import { lifetimes } from '../../lifetimes.ts'
import { durationWords, lifetimeWords } from '../../words/lifetime.ts'
import { Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'

export function RoomLifetime({
  lifetimeS,
  client,
}: {
  lifetimeS: number | undefined
  client: RoomClient
}): JSX.Element {
  const ask = useAsk()
  const id = useId()
  const [wanted, want] = useState(lifetimeS)
  const shown = ask.busy ? wanted : lifetimeS
  // What a program has set may be none of those offered.
  const choices =
    shown === undefined || lifetimes.includes(shown) ? lifetimes : [...lifetimes, shown].sort((a, b) => a - b)

  function choose(value: string): void {
    if (ask.busy) return
    const next = value === '' ? undefined : Number(value)
    want(next)
    void ask.put(() => client.changeRoom({ lifetimeS: next }))
  }

  return (
    <div class="field">
      <label for={id} class="field-label">
        {lifetimeWords.room}
      </label>
      <select
        id={id}
        value={shown === undefined ? '' : String(shown)}
        aria-describedby={`${id}-help`}
        aria-busy={ask.busy}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <option value="">{lifetimeWords.roomOff}</option>
        {choices.map((seconds) => (
          <option key={seconds} value={String(seconds)}>
            {lifetimeWords.after(durationWords(seconds))}
          </option>
        ))}
      </select>
      <p class="panel-help" id={`${id}-help`}>
        {lifetimeWords.roomHelp}
      </p>
      <Refusal ask={ask} />
    </div>
  )
}
