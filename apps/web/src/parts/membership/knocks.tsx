/** Above the messages: who asks to come in, for those who may say yes. */
import type { JSX } from 'preact'
import type { KnockView, RoomClient } from '../../client-gate.ts'
import { knockWords } from '../../words/asking.ts'
import { RequestCard, RequestList } from '../request-list.tsx'

interface Props {
  knocks: readonly KnockView[]
  client: RoomClient
}

export function Knocks({ knocks, client }: Props): JSX.Element {
  return (
    <RequestList
      title={knockWords.title}
      help={knockWords.compare}
      more={knockWords.more}
      cards={(onDone) =>
        knocks.map((knock) => <Knock key={knock.device} knock={knock} client={client} onDone={onDone} />)
      }
    />
  )
}

function asksWords({ own, byLink }: KnockView): string {
  if (own) return knockWords.asksOwn
  return byLink ? knockWords.asksByLink : knockWords.asks
}

function Knock({ knock, client, onDone }: { knock: KnockView; client: RoomClient; onDone(): void }): JSX.Element {
  const { code, device, own } = knock
  const { letIn, turnAway } = knockWords
  return (
    <RequestCard
      onDone={onDone}
      choices={[
        { words: letIn, label: `${letIn} ${code}`, primary: !own, put: () => client.letIn(device) },
        { words: turnAway, label: `${turnAway} ${code}`, put: () => client.turnAway(device) },
      ]}
    >
      <p>
        {asksWords(knock)} — {knockWords.code} <code>{code}</code>
      </p>
      {own && <p class="knock-help">{knockWords.ownHelp}</p>}
    </RequestCard>
  )
}
