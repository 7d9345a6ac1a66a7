/** All commands of the room by name. The keys stay in the text field, which points at the chosen one. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { RoomClient, RoomSnapshot } from '../client-gate.ts'
import { isComposing } from '../parts/compose/typing.ts'
import { Dialog } from '../parts/dialog.tsx'
import { attempt } from '../problems.ts'
import { commandWords } from '../words/commands.ts'
import { keyName } from '../words/keys.ts'
import type { Namer } from '../words/people.ts'
import { useFullscreen } from './fullscreen.ts'
import { type Command, matching, type RoomView, roomCommands } from './list.ts'
import { keysOf } from './shortcuts.ts'

interface Props {
  snapshot: RoomSnapshot
  client: RoomClient
  nameOf: Namer
  view: RoomView
  onClose(): void
}

export function Palette({ snapshot, client, nameOf, view, onClose }: Props): JSX.Element {
  const [query, setQuery] = useState('')
  const [choice, setChoice] = useState(0)
  const fullscreen = useFullscreen()
  const list = useRef<HTMLDivElement>(null)
  const commands = matching(roomCommands(snapshot, client, view, fullscreen, nameOf), query)
  const chosen = Math.min(choice, commands.length - 1)

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen, query])

  /** Closed first: what the command opens takes the place of this list, and the focus returns to where it was. */
  function run(command: Command | undefined): void {
    if (!command) return
    onClose()
    const done = async (): Promise<unknown> => command.run()
    attempt(done(), commandWords.failed)
  }

  function onKey(event: KeyboardEvent): void {
    if (isComposing(event)) return
    const { key } = event
    const last = commands.length - 1
    if (key === 'Enter') run(commands[chosen])
    else if (key === 'ArrowDown') setChoice(chosen >= last ? 0 : chosen + 1)
    else if (key === 'ArrowUp') setChoice(chosen <= 0 ? last : chosen - 1)
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={commandWords.title} onClose={onClose}>
      <div class="finder">
        <input
          type="text"
          class="input"
          autofocus
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          role="combobox"
          aria-label={commandWords.field}
          aria-expanded={commands.length > 0}
          aria-controls="commands"
          aria-autocomplete="list"
          {...(chosen >= 0 ? { 'aria-activedescendant': `command-${commands[chosen]!.id}` } : {})}
          placeholder={commandWords.field}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value)
            setChoice(0)
          }}
          onKeyDown={onKey}
        />
        <p class="unseen" role="status">
          {query.trim() !== '' && commands.length > 0 && commandWords.count(commands.length)}
        </p>
        {commands.length === 0 && <p role="status">{commandWords.none}</p>}
        <div ref={list} id="commands" class="command-list" role="listbox" aria-label={commandWords.list}>
          {commands.map((command, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are in the text field, which points here
            <div
              key={command.id}
              id={`command-${command.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === chosen}
              onClick={() => run(command)}
            >
              <span>{command.name}</span>
              {command.shortcut && (
                <span class="keys" aria-hidden="true">
                  {keysOf(command.shortcut).map((key) => (
                    <kbd key={key}>{keyName(key)}</kbd>
                  ))}
                </span>
              )}
            </div>
          ))}
        </div>
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            {commandWords.close}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
