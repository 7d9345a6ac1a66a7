/** One of a few, each with its words in full. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

interface Props<V extends string> {
  legend: string
  value: V
  choices: readonly { value: V; words: string }[]
  onChoose(value: V): void
  help?: string
  busy?: boolean
}

export function Choice<V extends string>({ legend, value, choices, onChoose, help, busy }: Props<V>): JSX.Element {
  const name = useId()
  return (
    <fieldset class="choices" aria-describedby={help === undefined ? undefined : `${name}-help`} aria-busy={busy}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label class="choice" key={choice.value}>
          <input type="radio" name={name} checked={choice.value === value} onChange={() => onChoose(choice.value)} />
          <span>{choice.words}</span>
        </label>
      ))}
      {help !== undefined && (
        <p class="panel-help" id={`${name}-help`}>
          {help}
        </p>
      )}
    </fieldset>
  )
}
