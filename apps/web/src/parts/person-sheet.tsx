/** One person: how they stand, by which keys they are known, and what can be done about it. */
import type { JSX } from 'preact'
import type { PersonView, RoomClient } from '../client-gate.ts'
import { grouped, trustWords } from '../words/trust.ts'
import { standingWords, verifyWords } from '../words/verify.ts'
import { Dialog } from './dialog.tsx'
import { EarlierOffer } from './earlier/offer.tsx'
import { StandingTag } from './standing.tsx'

interface Props {
  person: PersonView
  client: RoomClient
  onVerify(): void
  onAccept(): void
  onClose(): void
}

export function PersonSheet({ person, client, onVerify, onAccept, onClose }: Props): JSX.Element {
  const { standing, self } = person
  const changed = standing.trust === 'changed'
  return (
    <Dialog title={person.name || person.shortId} onClose={onClose}>
      <div class={changed ? 'standing-card warning' : 'standing-card'}>
        <StandingTag person={person} />
        <p>{standingWords(person)}</p>
        {standing.lookalike && <p>{verifyWords.lookalike}</p>}
      </div>
      {person.person !== '' && (
        <p class="fingerprint">
          {verifyWords.fingerprint} <code>{grouped(person.person)}</code>
        </p>
      )}
      {!self && standing.wasVerified !== true && <EarlierOffer person={person} client={client} />}
      <div class="actions">
        {!self && (
          <button type="button" class="button primary" autofocus onClick={onVerify}>
            {trustWords.verify}
          </button>
        )}
        {changed && (
          <button type="button" class="button" onClick={onAccept}>
            {trustWords.accept}
          </button>
        )}
        <button type="button" class="button" onClick={onClose}>
          {verifyWords.close}
        </button>
      </div>
    </Dialog>
  )
}
