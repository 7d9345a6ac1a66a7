/** Brings another device of this person in: the link with its time, and what became of it. */
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RoomClient, RoomSnapshot } from '../../client-gate.ts'
import { linkDeviceWords } from '../../words/devices.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { Dialog } from '../dialog.tsx'
import { Icon } from '../icon.tsx'
import { InviteLink } from '../invite.tsx'
import { useAsk } from '../use-ask.ts'

interface Props {
  link: RoomSnapshot['deviceLink']
  client: RoomClient
  onClose(): void
}

export function LinkDialog({ link, client, onClose }: Props): JSX.Element {
  const ask = useAsk()
  const nowMs = useSeconds()
  const close = useRef<HTMLButtonElement>(null)
  const state = link?.state
  const over = state === 'over' || (link !== undefined && state !== 'in' && nowMs >= link.expiresMs)

  function make(): void {
    void ask.put(() => client.linkDevice())
  }
  useEffect(() => {
    if (state !== 'open' && state !== 'taken') make()
  }, [])
  // What had the focus went with the link: on to the one button that is left.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) close.current?.focus()
  }, [state, over])

  function end(): void {
    void client.endDeviceLink()
    onClose()
  }

  return (
    <Dialog title={linkDeviceWords.title} onClose={end} light={false}>
      {link?.state === 'open' && !over && (
        <>
          <p>{linkDeviceWords.help}</p>
          <div class="hint warning">
            <Icon name="warning" />
            <p>{linkDeviceWords.danger}</p>
          </div>
          <InviteLink
            kind="open"
            invitePath={link.path}
            label={linkDeviceWords.field}
            gives={linkDeviceWords.gives}
            first
          />
          <p class="link-time" role="timer">
            {linkDeviceWords.left(link.expiresMs - nowMs)}
          </p>
        </>
      )}
      <div class="link-state" role="status">
        {link === undefined && ask.busy && <p>{linkDeviceWords.making}</p>}
        {state === 'taken' && !over && (
          <>
            <strong>{linkDeviceWords.taken}</strong>
            <p>{linkDeviceWords.takenHelp}</p>
          </>
        )}
        {state === 'in' && !ask.busy && (
          <>
            <strong>{linkDeviceWords.in}</strong>
            <p>{linkDeviceWords.inHelp}</p>
          </>
        )}
        {over && (
          <>
            <strong>{linkDeviceWords.over}</strong>
            <p>{linkDeviceWords.overHelp}</p>
          </>
        )}
      </div>
      <Refusal ask={ask} />
      <div class="actions">
        {(over || (link === undefined && !ask.busy)) && (
          <AskButton ask={ask} look="button primary" onPress={make}>
            {linkDeviceWords.again}
          </AskButton>
        )}
        <button type="button" class={state === 'in' ? 'button primary' : 'button'} ref={close} onClick={end}>
          {state === 'in' || over ? linkDeviceWords.close : linkDeviceWords.cancel}
        </button>
      </div>
    </Dialog>
  )
}

/** The time now, once a second. */
function useSeconds(): number {
  const [nowMs, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
