/** The dialog *Invite people*: one link to hand out, and below it all that live, with a way to make and to end them. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { InviteView, RoomClient, RoomSnapshot } from '../../client-gate.ts'
import { inviteWords } from '../../words/invite.ts'
import { givesWords, linkWords } from '../../words/membership.ts'
import { Dialog } from '../dialog.tsx'
import { Icon } from '../icon.tsx'
import { InviteLink } from '../invite.tsx'
import { Links } from './links.tsx'
import { NewLink } from './new-link.tsx'

interface Props {
  snapshot: RoomSnapshot
  client: RoomClient
  onClose(): void
}

export function InviteDialog({ snapshot, client, onClose }: Props): JSX.Element {
  const { kind, invitePath, agreement } = snapshot
  const [chosen, choose] = useState<InviteView['id']>()
  const closed = kind === 'closed'
  const invites = closed ? (agreement?.invites ?? []) : []
  const shown =
    invites.find(({ id }) => id === chosen) ?? invites.find(({ path }) => path === invitePath) ?? invites.at(0)
  const mayLead = agreement?.may.admit === true
  const excluded = closed && agreement !== undefined && !mayLead

  return (
    <Dialog title={inviteWords.title} onClose={onClose}>
      {agreement?.locked && (
        <div class="hint warning">
          <Icon name="lock" />
          <p>{linkWords.locked}</p>
        </div>
      )}
      {excluded ? (
        <p>{linkWords.notYou(agreement.owner?.name)}</p>
      ) : (
        <InviteLink
          kind={kind}
          invitePath={shown?.path ?? invitePath}
          {...(shown !== undefined && { gives: givesWords(shown, Date.now()) })}
          first
        />
      )}
      {mayLead && (
        <>
          <Links invites={invites} shown={shown?.id} client={client} onChoose={choose} />
          <NewLink client={client} onMade={() => choose(client.snapshot.agreement?.invites.at(-1)?.id)} />
        </>
      )}
      <div class="actions">
        <button type="button" class="button" autofocus={excluded} onClick={onClose}>
          {inviteWords.close}
        </button>
      </div>
    </Dialog>
  )
}
