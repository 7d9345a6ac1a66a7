/** Above the messages: what this person asked of the room while there is no connection, and a way to take it back. */
import type { JSX } from 'preact'
import type { RoomClient, WishView } from '../../client-gate.ts'
import { wishNames, wishWords } from '../../words/wishes.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'

interface Props {
  wishes: readonly WishView[]
  client: RoomClient
}

export function WaitingWishes({ wishes, client }: Props): JSX.Element {
  // With a connection they are a matter of seconds, and the pressed button says that they are under way.
  const waiting = wishes.filter(({ waitsFor }) => waitsFor === 'connection')
  // It stands there while it is empty: a screen reader hears what is put into it later.
  return (
    <div aria-live="polite">
      {waiting.length > 0 && (
        <section class="knocks" aria-label={wishWords.title}>
          {waiting.map((wish) => (
            <Waiting key={wish.id} wish={wish} client={client} />
          ))}
          <p class="knock-help">{wishWords.help}</p>
        </section>
      )}
    </div>
  )
}

function Waiting({ wish, client }: { wish: WishView; client: RoomClient }): JSX.Element {
  const ask = useAsk()
  const words = wishNames[wish.kind]
  return (
    <div class="knock">
      <p>{wishWords.waits(words)}</p>
      {wish.mayCancel ? (
        <AskButton
          ask={ask}
          look="button small"
          label={wishWords.cancelLabel(words)}
          onPress={() => void ask.put(() => client.cancelWish(wish.id))}
        >
          {wishWords.cancel}
        </AskButton>
      ) : (
        <p>{wishWords.onItsWay}</p>
      )}
      <Refusal ask={ask} />
    </div>
  )
}
