/** Whether this device is called while the page is closed, with who learns what by it, before it is switched on. */
import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { pushWords } from '../../words/push.ts'
import { SwitchRow } from '../switch-row.tsx'

interface Props {
  on: boolean
  busy: boolean
  /** Only mentions are wanted, which the server cannot tell from the rest. */
  forMentions: boolean
  onSwitch(on: boolean): void
}

export function PushSwitch({ on, busy, forMentions, onSwitch }: Props): JSX.Element {
  const learns = useId()
  return (
    <>
      <SwitchRow words={pushWords.on} help={pushWords.help} on={on} busy={busy} onSwitch={onSwitch} />
      <p class="panel-help push-learns" id={learns}>
        {pushWords.learns}
      </p>
      <ul class="panel-help push-learns" aria-labelledby={learns}>
        <li>{pushWords.service}</li>
        <li>{pushWords.server}</li>
        <li>{pushWords.nobody}</li>
      </ul>
      {forMentions && <p class="panel-help">{pushWords.mentions}</p>}
    </>
  )
}
