/** The room's name and kind, the connection, what protects it, and the two buttons. */
import type { JSX, Ref } from 'preact'
import type { RoomSnapshot } from '../client-gate.ts'
import { useFullscreen } from '../commands/fullscreen.ts'
import { labelNames } from '../words/quantum.ts'
import { connectionWords, roomWords } from '../words/room.ts'
import { Icon } from './icon.tsx'

interface Props {
  title: string
  snapshot: RoomSnapshot
  details: boolean
  detailsButton: Ref<HTMLButtonElement>
  onSearch(): void
  onCommands(): void
  onInvite(): void
  onDetails(): void
}

export function RoomHeader(props: Props): JSX.Element {
  const { title, snapshot, details, detailsButton, onSearch, onCommands, onInvite, onDetails } = props
  const fullscreen = useFullscreen()
  const { kind, connection, epoch, quantum, phase, agreement } = snapshot
  const ended = phase.at === 'ended' || phase.at === 'removed'
  return (
    <header class="room-header">
      <div class="room-title">
        <h1 title={roomWords.kindHelp(kind)}>
          <Icon name={kind === 'closed' ? 'lock' : 'open'} />
          <span class="room-name">{title}</span>
        </h1>
        <p class="room-facts">
          <span class="room-kind">{roomWords.kind(kind, agreement?.locked)}</span>
          {ended ? (
            <span>{phase.at === 'removed' ? roomWords.removed : roomWords.ended}</span>
          ) : (
            <>
              <Connection connection={connection} />
              <span class="chip" title={roomWords.epochTitle(epoch)}>
                {labelNames[quantum.label]}
              </span>
            </>
          )}
        </p>
      </div>
      <button type="button" class="button header-button bare" title={roomWords.search} onClick={onSearch}>
        <Icon name="search" />
        <span>{roomWords.search}</span>
      </button>
      <button
        type="button"
        class="button header-button bare for-medium"
        title={roomWords.commands}
        onClick={onCommands}
      >
        <Icon name="command" />
        <span>{roomWords.commands}</span>
      </button>
      {fullscreen && (
        <button
          type="button"
          class="button header-button bare for-wide"
          title={fullscreen.on ? roomWords.endFullscreen : roomWords.fullscreen}
          onClick={fullscreen.switch}
        >
          <Icon name={fullscreen.on ? 'shrink' : 'grow'} />
          <span>{fullscreen.on ? roomWords.endFullscreen : roomWords.fullscreen}</span>
        </button>
      )}
      {!ended && (
        <button type="button" class="button header-button" onClick={onInvite}>
          <Icon name="invite" />
          <span>{roomWords.invite}</span>
        </button>
      )}
      {!ended && (
        <button
          type="button"
          class="button header-button"
          aria-expanded={details}
          aria-controls="side"
          ref={detailsButton}
          onClick={onDetails}
        >
          <Icon name="panel" />
          <span>{roomWords.details}</span>
        </button>
      )}
    </header>
  )
}

export function Connection({ connection }: Pick<RoomSnapshot, 'connection'>): JSX.Element {
  const words = connectionWords(connection)
  return (
    <span class={`connection ${connection}`} role="status" aria-label={words}>
      <span>{words}</span>
    </span>
  )
}
