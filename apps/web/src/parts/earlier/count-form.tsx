/** How many earlier messages, and the button that asks for them or offers them. */
import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { EarlierCount } from '../../client-gate.ts'
import { earlierChoices, earlierWords } from '../../words/earlier.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'

interface Props {
  words: string
  onAsk(count: EarlierCount): Promise<void>
  /** It has come about. */
  onDone?(): void
}

export function CountForm({ words, onAsk, onDone }: Props): JSX.Element {
  const [count, setCount] = useState<EarlierCount>(50)
  const ask = useAsk()
  const id = useId()

  async function put(): Promise<void> {
    if (await ask.put(() => onAsk(count))) onDone?.()
  }

  return (
    <>
      <div class="earlier-form">
        <label for={id} class="unseen">
          {earlierWords.count}
        </label>
        <select
          id={id}
          value={String(count)}
          onChange={({ currentTarget }) => {
            const chosen = earlierChoices.find((one) => String(one) === currentTarget.value)
            if (chosen !== undefined) setCount(chosen)
          }}
        >
          {earlierChoices.map((one) => (
            <option key={one} value={String(one)}>
              {earlierWords.choice(one)}
            </option>
          ))}
        </select>
        <AskButton ask={ask} look="button small" onPress={() => void put()}>
          {words}
        </AskButton>
      </div>
      <Refusal ask={ask} />
    </>
  )
}
