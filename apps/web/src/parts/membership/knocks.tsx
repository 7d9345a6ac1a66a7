/** Above the messages: who asks to come in, for those who may say yes. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { KnockView, RoomClient } from '../../client-gate.ts'
import { knockWords } from '../../words/asking.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'

/** So many stand on the page at a time; a flood of them must not push the conversation away. */
const shownAtOnce = 2

interface Props {
  knocks: readonly KnockView[]
  client: RoomClient
}

export function Knocks({ knocks, client }: Props): JSX.Element {
  const list = useRef<HTMLDivElement>(null)
  const [all, setAll] = useState(false)
  const shown = all ? knocks : knocks.slice(0, shownAtOnce)
  const more = knocks.length - shown.length

  /** The pressed button is gone with its line: on to the next one, or to the messages. */
  function moveOn(): void {
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return
      const next = list.current?.querySelector('button') ?? document.querySelector<HTMLElement>('[role="log"]')
      next?.focus()
    })
  }

  // It stands there while it is empty: a screen reader hears what is put into it later.
  return (
    <div aria-live="polite" ref={list}>
      {shown.length > 0 && (
        <section class="knocks" aria-label={knockWords.title}>
          {shown.map((knock) => (
            <Knock key={knock.device} knock={knock} client={client} onDone={moveOn} />
          ))}
          <p class="knock-help">{knockWords.compare}</p>
          {more > 0 && (
            <button type="button" class="button small" onClick={() => setAll(true)}>
              {knockWords.more(more)}
            </button>
          )}
        </section>
      )}
    </div>
  )
}

function asksWords({ own, byLink }: KnockView): string {
  if (own) return knockWords.asksOwn
  return byLink ? knockWords.asksByLink : knockWords.asks
}

function Knock({ knock, client, onDone }: { knock: KnockView; client: RoomClient; onDone(): void }): JSX.Element {
  const ask = useAsk()

  async function put(work: () => Promise<void>): Promise<void> {
    if (await ask.put(work)) onDone()
  }

  return (
    <div class="knock">
      <p>
        {asksWords(knock)} — {knockWords.code} <code>{knock.code}</code>
      </p>
      {knock.own && <p class="knock-help">{knockWords.ownHelp}</p>}
      <div class="actions">
        <AskButton
          ask={ask}
          look={knock.own ? 'button small' : 'button small primary'}
          label={`${knockWords.letIn} ${knock.code}`}
          onPress={() => void put(() => client.letIn(knock.device))}
        >
          {knockWords.letIn}
        </AskButton>
        <AskButton
          ask={ask}
          look="button small"
          label={`${knockWords.turnAway} ${knock.code}`}
          onPress={() => void put(() => client.turnAway(knock.device))}
        >
          {knockWords.turnAway}
        </AskButton>
      </div>
      <Refusal ask={ask} />
    </div>
  )
}
