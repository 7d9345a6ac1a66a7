/** Above the text: whom it is for, everyone or one person alone, and what else is chosen for it. */
import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'
import { privateWords } from '../../words/private.ts'
import { Icon } from '../icon.tsx'
import type { Addressee } from './begun.ts'

/** Somebody who can be chosen. `gone`: not in the room any more, and something is begun for them. */
export interface Option {
  person: string
  name: string
  gone: boolean
}

interface Props {
  to: Addressee
  options: readonly Option[]
  /** Element that says who can read the text, and why it is not sent. */
  noteId: string
  /** Why nothing can be said to that person now. */
  blocked: string | undefined
  onChoose(to: Addressee): void
  children?: ComponentChildren
}

export function Addressing({ to, options, noteId, blocked, onChoose, children }: Props): JSX.Element {
  const chosen = options.find(({ person }) => person === to)
  return (
    <div class={chosen ? 'addressing private' : 'addressing'}>
      {options.length > 0 && <Whom options={options} chosen={chosen} onChoose={onChoose} />}
      {children}
      <p
        id={noteId}
        role={blocked === undefined ? undefined : 'alert'}
        class={blocked === undefined ? 'note' : 'note blocked'}
      >
        {chosen && (
          <>
            <Icon name={blocked === undefined ? 'lock' : 'warning'} />
            <span>{blocked ?? privateWords.writing(chosen.name)}</span>
          </>
        )}
      </p>
    </div>
  )
}

function Whom({
  options,
  chosen,
  onChoose,
}: Pick<Props, 'options' | 'onChoose'> & { chosen: Option | undefined }): JSX.Element {
  const id = useId()
  return (
    <span class="whom">
      <label for={id}>{privateWords.to}</label>
      <select
        id={id}
        // What is not there any more would leave it without a value.
        value={chosen?.person ?? ''}
        onChange={({ currentTarget }) => onChoose(currentTarget.value === '' ? undefined : currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !chosen) return
          event.stopPropagation()
          onChoose(undefined)
        }}
      >
        <option value="">{privateWords.everyone}</option>
        {options.map(({ person, name, gone }) => (
          <option key={person} value={person}>
            {gone ? privateWords.goneOption(name) : name}
          </option>
        ))}
      </select>
    </span>
  )
}
