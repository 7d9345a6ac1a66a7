/** Says that something is missing which the server had lost, and that the others are asked for it. */
import type { JSX } from 'preact'
import type { RoomClient, RoomSnapshot } from '../client-gate.ts'
import { catchUpWords } from '../words/room.ts'
import { AskButton } from './ask-button.tsx'
import { useAsk } from './use-ask.ts'

interface Props {
  client: RoomClient
  catchUp: NonNullable<RoomSnapshot['catchUp']>
}

export function CatchUp({ client, catchUp: { waiting, certain } }: Props): JSX.Element {
  const ask = useAsk()
  return (
    <div class="connection-bar reconnecting" aria-live="polite">
      <p>{!certain ? catchUpWords.making : waiting ? catchUpWords.waiting : catchUpWords.asking}</p>
      {waiting && certain && (
        <AskButton ask={ask} look="button small" onPress={() => void ask.put(() => client.goOnWithout())}>
          {catchUpWords.skip}
        </AskButton>
      )}
      {ask.refusal !== '' && <p role="alert">{ask.refusal}</p>}
    </div>
  )
}
