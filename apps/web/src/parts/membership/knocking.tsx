/** The page of whoever knocked: the code to read to somebody inside, and the way back. */
import type { JSX } from 'preact'
import type { RoomClient, RoomSnapshot } from '../../client-gate.ts'
import { askingWords } from '../../words/asking.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { Mark } from '../mark.tsx'
import { Connection } from '../room-header.tsx'
import { useAsk } from '../use-ask.ts'

interface Props extends Pick<RoomSnapshot, 'connection'> {
  code: string
  client: RoomClient
  onHome(): void
}

export function Knocking({ code, connection, client, onHome }: Props): JSX.Element {
  const ask = useAsk()

  /** Takes the request back, so that nobody is asked about somebody who has gone, and a link that comes later counts. */
  async function stop(): Promise<void> {
    if (await ask.put(() => client.leave())) onHome()
  }

  return (
    <main class="notice" aria-live="polite">
      <Mark moving />
      <h1>{askingWords.title}</h1>
      <p>{askingWords.help}</p>
      <OwnCode words={askingWords.code} code={code} />
      <p>{askingWords.compare}</p>
      <Refusal ask={ask} />
      <div class="actions">
        <Connection connection={connection} />
        <AskButton ask={ask} onPress={() => void stop()}>
          {askingWords.stop}
        </AskButton>
      </div>
    </main>
  )
}

export function OwnCode({ words, code }: { words: string; code: string }): JSX.Element {
  return (
    <p class="own-code">
      <span>{words}</span> <code>{code}</code>
    </p>
  )
}
