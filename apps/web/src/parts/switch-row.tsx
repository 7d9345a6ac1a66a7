/** A switch beside its name and what it does. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

interface Props {
  words: string
  help: string
  on: boolean
  onSwitch(on: boolean): void
  /** While it is on, something is worse than usual. */
  warns?: boolean
  /** What was asked for is under way. */
  busy?: boolean
}

export function SwitchRow({ words, help, on, onSwitch, warns = false, busy = false }: Props): JSX.Element {
  const helpId = useId()
  return (
    <div class="switch-row">
      <div>
        <span aria-hidden="true">{words}</span>
        <p class="panel-help" id={helpId}>
          {help}
        </p>
      </div>
      <button
        type="button"
        role="switch"
        class={warns ? 'switch warns' : 'switch'}
        aria-checked={on}
        aria-label={words}
        aria-describedby={helpId}
        aria-busy={busy}
        onClick={() => onSwitch(!on)}
      />
    </div>
  )
}
