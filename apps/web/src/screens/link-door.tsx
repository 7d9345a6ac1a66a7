/** Before a device link is taken, which happens once: what it does, and a yes. And why one led nowhere. */
import type { JSX } from 'preact'
import type { Ticket } from '../journey.ts'
import { Notice } from '../parts/notice.tsx'
import { roomName } from '../room-name.ts'
import { doorWords } from '../words/door.ts'
import { type LinkFailure, linkedWords, linkFailureWords } from '../words/linked.ts'

interface Props {
  ticket: Ticket
  onLink(): void
  onHome(): void
}

/** Nobody is made somebody else's device by opening an address alone. */
export function LinkDoor({ ticket: { address }, onLink, onHome }: Props): JSX.Element {
  return (
    <Notice title={linkedWords.title} help={linkedWords.help(roomName(address))}>
      <button type="button" class="button primary" autofocus onClick={onLink}>
        {linkedWords.yes}
      </button>
      <button type="button" class="button" onClick={onHome}>
        {linkedWords.no}
      </button>
    </Notice>
  )
}

export function LinkFailed({
  reason,
  onLink,
  onHome,
}: {
  reason: LinkFailure
  onLink(): void
  onHome(): void
}): JSX.Element {
  const { title, help, again } = linkFailureWords(reason)
  return (
    <Notice tone="warning" title={title} help={help}>
      {again && (
        <button type="button" class="button primary" onClick={onLink}>
          {doorWords.again}
        </button>
      )}
      <button type="button" class={again ? 'button' : 'button primary'} onClick={onHome}>
        {doorWords.home}
      </button>
    </Notice>
  )
}
