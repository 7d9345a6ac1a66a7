/** An invite link: as a field, a copy button and a picture; in the dialog, or in a room where nobody is yet. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { RoomSnapshot } from '../client-gate.ts'
import { askReach, type Reach, reachNow } from '../reach.ts'
import { inviteWords } from '../words/invite.ts'
import { Icon } from './icon.tsx'
import { Marked } from './marked.tsx'
import { QrCode } from './qr-code.tsx'

interface Props {
  kind: RoomSnapshot['kind']
  invitePath: string | undefined
}

/** Stands in the middle of a room while this person is alone in it. */
export function EmptyRoom(invite: Props): JSX.Element {
  return (
    <section class="empty-room" aria-labelledby="empty-title">
      <div class="card">
        <h2 id="empty-title">{inviteWords.waiting}</h2>
        <p>{inviteWords.waitingHelp}</p>
        <InviteLink {...invite} />
      </div>
    </section>
  )
}

/**
 * @param gives - what whoever gets it can do; by default that of a room's first link
 * @param label - what the field is called
 * @param first - whether the copy button takes the focus when this appears
 */
export function InviteLink({
  kind,
  invitePath,
  gives = inviteWords.gives(kind),
  label = inviteWords.link,
  first = false,
}: Props & { gives?: string; label?: string; first?: boolean }): JSX.Element {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const reach = useReach()
  useEffect(() => setCopied('no'), [invitePath])
  if (invitePath === undefined) return <p>{inviteWords.none}</p>
  const link = (reach.origin ?? location.origin) + invitePath

  async function copy(): Promise<void> {
    setCopied((await copyText(link)) ? 'yes' : 'failed')
    field.current?.select()
  }

  return (
    <>
      {reach.origin === undefined && (
        <div class="hint warning">
          <Icon name="warning" />
          <p>
            <strong>{inviteWords.localhostOnly}</strong> <Marked words={inviteWords.localhostHelp} />
          </p>
        </div>
      )}
      <div class="invite">
        <div class="invite-link">
          <input
            ref={field}
            type="text"
            readOnly
            value={link}
            aria-label={label}
            onFocus={(event) => event.currentTarget.select()}
          />
          <button type="button" class="button primary" autofocus={first} onClick={() => void copy()}>
            <Icon name={copied === 'yes' ? 'tick' : 'copy'} />
            {inviteWords.copy}
          </button>
          <p class="copied" aria-live="polite">
            {copied === 'yes' && inviteWords.copied}
            {copied === 'failed' && inviteWords.notCopied}
          </p>
          <p>{gives}</p>
          {kind === 'closed' && <p>{inviteWords.keep}</p>}
        </div>
        <QrCode text={link} />
      </div>
      {reach.guide !== undefined && (
        <p class="invite-first">
          {inviteWords.guide} <strong>{reach.guide}</strong>
        </p>
      )}
    </>
  )
}

/** Whether the text is on the clipboard now. Browsers refuse without a secure context or a person's leave. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false // said to the person, who finds the link selected
  }
}

function useReach(): Reach {
  const [reach, setReach] = useState(reachNow)
  useEffect(() => {
    let wanted = true
    void askReach().then((told) => wanted && setReach(told))
    return () => {
      wanted = false
    }
  }, [])
  return reach
}
