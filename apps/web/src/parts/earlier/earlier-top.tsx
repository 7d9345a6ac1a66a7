/** Above a newcomer's first message: that earlier ones are missing, how to ask for them, and what members shared. */
import type { JSX } from 'preact'
import type { EarlierView, PersonView, RoomClient } from '../../client-gate.ts'
import { earlierWords } from '../../words/earlier.ts'
import type { Namer } from '../../words/people.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'
import { CountForm } from './count-form.tsx'
import { QuoteBlock } from './quote-block.tsx'

interface Props {
  earlier: EarlierView
  people: readonly PersonView[]
  nameOf: Namer
  client: RoomClient
  /** In an ended room nothing can be asked for. */
  mayAsk: boolean
}

export function EarlierTop({ earlier, people, nameOf, client, mayAsk }: Props): JSX.Element | null {
  const { cameLater, blocks } = earlier
  if (!cameLater && blocks.length === 0) return null
  // Inside the log, which is read aloud as it grows: this is not, since a line of the log has told of it.
  return (
    <div class="earlier-top" aria-live="off">
      {cameLater && <Missing earlier={earlier} client={client} mayAsk={mayAsk} alone={people.length <= 1} />}
      {blocks.map((block) => (
        <QuoteBlock key={block.key} block={block} people={people} nameOf={nameOf} client={client} />
      ))}
    </div>
  )
}

type MissingProps = Pick<Props, 'earlier' | 'client' | 'mayAsk'> & { alone: boolean }

function Missing({ earlier, client, mayAsk, alone }: MissingProps): JSX.Element | null {
  const { ask, askAgainMs, blocks } = earlier
  const coming = blocks.some(({ state }) => state === 'coming')
  const open = ask !== undefined && !ask.over
  const form = mayAsk && !open && !coming && !alone && askAgainMs === undefined
  const waits = mayAsk && !open && !coming && !alone && askAgainMs !== undefined
  const bare = blocks.length === 0
  if (!bare && !form && !waits && !(mayAsk && ask)) return null
  return (
    <section class="earlier-missing" aria-label={earlierWords.title}>
      {bare && (
        <p>
          <strong>{earlierWords.missing}</strong> {form && earlierWords.missingHelp}
        </p>
      )}
      <div role="status">
        {mayAsk && open && <p>{earlierWords.asked(ask.count)}</p>}
        {mayAsk && ask?.over && <p>{earlierWords.askOver}</p>}
        {mayAsk && alone && <p>{earlierWords.alone}</p>}
        {waits && <p>{earlierWords.wait}</p>}
      </div>
      {mayAsk && open && <TakeBack client={client} />}
      {form && <CountForm words={earlierWords.ask} onAsk={(count) => client.askForEarlier(count)} />}
    </section>
  )
}

function TakeBack({ client }: { client: RoomClient }): JSX.Element {
  const ask = useAsk()
  return (
    <>
      <AskButton ask={ask} look="button small" onPress={() => void ask.put(() => client.endEarlierAsk())}>
        {earlierWords.takeBack}
      </AskButton>
      <Refusal ask={ask} />
    </>
  )
}
