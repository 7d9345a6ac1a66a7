/** The live links of a room: which of them the dialog shows, and the way to end one. */
import type { JSX } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { InviteView, RoomClient } from '../../client-gate.ts'
import { expiryWords, kindOfLink, linkWords, usesWords } from '../../words/membership.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { useAsk } from '../use-ask.ts'

interface Props {
  invites: readonly InviteView[]
  shown: InviteView['id'] | undefined
  client: RoomClient
  onChoose(id: InviteView['id']): void
}

export function Links({ invites, shown, client, onChoose }: Props): JSX.Element {
  const nowMs = Date.now()
  return (
    <fieldset class="live-links">
      <legend>{linkWords.title}</legend>
      {invites.map((invite) => (
        <LinkRow
          key={invite.id}
          invite={invite}
          nowMs={nowMs}
          shown={invite.id === shown}
          client={client}
          onChoose={() => onChoose(invite.id)}
        />
      ))}
    </fieldset>
  )
}

interface RowProps {
  invite: InviteView
  nowMs: number
  shown: boolean
  client: RoomClient
  onChoose(): void
}

function LinkRow({ invite, nowMs, shown, client, onChoose }: RowProps): JSX.Element {
  const [asking, setAsking] = useState(false)
  const ask = useAsk()
  const keep = useRef<HTMLButtonElement>(null)
  const end = useRef<HTMLButtonElement>(null)
  const kind = kindOfLink(invite)
  const facts = `${expiryWords(invite.expiresMs, nowMs)} · ${usesWords(invite.usesLeft)}`
  const wasAsking = useRef(false)

  // The pressed button goes away: the focus moves on to the one that undoes it, and back.
  useLayoutEffect(() => {
    if (asking) keep.current?.focus()
    else if (wasAsking.current) end.current?.focus()
    wasAsking.current = asking
  }, [asking])

  return (
    <div class={shown ? 'live-link shown' : 'live-link'}>
      <label class="choice">
        <input type="radio" name="live-link" checked={shown} onChange={onChoose} />
        <span>
          <span class="live-link-kind">{kind}</span>
          <span class="live-link-facts">{facts}</span>
        </span>
      </label>
      {asking ? (
        <div class="live-link-end">
          <p>{linkWords.endAsk}</p>
          <div class="actions">
            <button type="button" class="button small" ref={keep} onClick={() => setAsking(false)}>
              {linkWords.keep}
            </button>
            <AskButton
              ask={ask}
              look="button small danger"
              onPress={() => void ask.put(() => client.revokeInvite(invite.id))}
            >
              {linkWords.endYes}
            </AskButton>
          </div>
          <Refusal ask={ask} />
        </div>
      ) : (
        <button
          type="button"
          class="button small"
          ref={end}
          aria-label={`${linkWords.end}: ${kind}, ${facts}`}
          onClick={() => setAsking(true)}
        >
          {linkWords.end}
        </button>
      )}
    </div>
  )
}
