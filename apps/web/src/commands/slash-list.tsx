/** The commands that fit what is typed behind a slash. The keys stay in the text field, which points at the chosen one. */
import type { CommandName } from '@qsec/client/commands'
import type { JSX } from 'preact'
import { slashWords } from '../words/commands.ts'

interface Props {
  names: readonly CommandName[]
  choice: number
  onPick(name: CommandName): void
}

export function SlashList({ names, choice, onPick }: Props): JSX.Element {
  return (
    <div class="mentioning slashing">
      <div role="listbox" id="slashes" aria-label={slashWords.list}>
        {names.map((name, i) => (
          <div
            key={name}
            id={`slash-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === choice}
            // Before the text field loses the focus.
            onPointerDown={(event) => {
              event.preventDefault()
              onPick(name)
            }}
          >
            <code dir="ltr">/{name}</code> <span class="does">{slashWords.does[name]}</span>
          </div>
        ))}
      </div>
      <p class="unseen" role="status">
        {slashWords.count(names.length)}
      </p>
    </div>
  )
}
