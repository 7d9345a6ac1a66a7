/** Beside the conversation: the people always where there is room for them, everything else with *Room details*. */
import type { JSX } from 'preact'
import type { PersonView, RoomClient, RoomSnapshot } from '../client-gate.ts'
import type { Namer } from '../words/people.ts'
import { roomWords } from '../words/room.ts'
import { Details } from './fetched.ts'
import { Icon } from './icon.tsx'
import { People } from './people.tsx'

interface Props {
  snapshot: RoomSnapshot
  client: RoomClient
  nameOf: Namer
  details: boolean
  onPerson(person: PersonView): void
  onVerify(): void
  onLeave(): void
  onCloseRoom(): void
  onCommands(): void
  onBack(): void
}

export function SidePanels({
  snapshot,
  client,
  nameOf,
  details,
  onPerson,
  onVerify,
  onLeave,
  onCloseRoom,
  onCommands,
  onBack,
}: Props): JSX.Element {
  return (
    <aside class="side" id="side" aria-label={roomWords.side}>
      {details && (
        <button type="button" class="button back-to-messages" onClick={onBack}>
          <Icon name="back" />
          {roomWords.backToMessages}
        </button>
      )}
      {details && (
        <button type="button" class="button for-narrow all-commands" onClick={onCommands}>
          <Icon name="command" />
          {roomWords.commands}
        </button>
      )}
      <People snapshot={snapshot} client={client} nameOf={nameOf} onPerson={onPerson} onVerify={onVerify} />
      {details && (
        <Details snapshot={snapshot} client={client} nameOf={nameOf} onLeave={onLeave} onCloseRoom={onCloseRoom} />
      )}
    </aside>
  )
}
