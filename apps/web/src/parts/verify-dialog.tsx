/** Verifying a person: pictures on a call, a code side by side, a number where neither works; and the room's code. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { ComparisonView, PersonView, RoomClient, RoomSnapshot, VerifiedHow } from '../client-gate.ts'
import { attempt } from '../problems.ts'
import { byPerson, isYou } from '../words/people.ts'
import { problemWords } from '../words/problems.ts'
import { trustWords } from '../words/trust.ts'
import { verifyWords } from '../words/verify.ts'
import { CompareCode } from './compare-code.tsx'
import { ComparePictures } from './compare-pictures.tsx'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'
import { StandingTag } from './standing.tsx'

interface Props {
  client: RoomClient
  snapshot: RoomSnapshot
  /** Nobody: the person chooses, or compares the room code alone. */
  device: PersonView['device'] | undefined
  onPerson(device: PersonView['device'] | undefined): void
  onClose(): void
}

export function VerifyDialog({ client, snapshot, device, onPerson, onClose }: Props): JSX.Element {
  const [outcome, setOutcome] = useState<boolean>()
  const person = snapshot.people.find((one) => one.device === device)
  const comparison = snapshot.trust.comparison?.with.device === device ? snapshot.trust.comparison : undefined
  const seen = comparison?.state.at === 'answered' ? comparison.state.matched : outcome

  function close(): void {
    if (snapshot.trust.comparison && comparison) attempt(client.endComparison(), problemWords.noVerify)
    onClose()
  }
  function confirm(how: VerifiedHow, matched: boolean): void {
    attempt(client.confirm(device!, how, matched), problemWords.noVerify)
    setOutcome(matched)
  }
  function again(): void {
    setOutcome(undefined)
    if (comparison) attempt(client.endComparison(), problemWords.noVerify)
  }

  return (
    <Dialog title={trustWords.verify} onClose={close} light={false}>
      {person === undefined && <Choose snapshot={snapshot} onPerson={onPerson} />}
      {person !== undefined && seen === undefined && (
        <Methods client={client} person={person} comparison={comparison} onConfirm={confirm} onChecked={setOutcome} />
      )}
      {person !== undefined && seen !== undefined && (
        <Outcome person={person} matched={seen} comparison={comparison} onAgain={again} />
      )}
      <RoomCode snapshot={snapshot} />
      <div class="actions">
        <button type="button" class="button" onClick={close}>
          {verifyWords.close}
        </button>
      </div>
    </Dialog>
  )
}

function Choose({ snapshot, onPerson }: Pick<Props, 'snapshot' | 'onPerson'>): JSX.Element {
  const others = byPerson(snapshot.people).flatMap(({ person }) => (isYou(person) ? [] : [person]))
  return (
    <section class="verify-part" aria-labelledby="verify-whom">
      <h3 id="verify-whom">{verifyWords.whom}</h3>
      {others.length === 0 && <p class="panel-help">{verifyWords.nobody}</p>}
      <div class="choose">
        {others.map((person) => (
          <button key={person.device} type="button" class="button" onClick={() => onPerson(person.device)}>
            <bdi>{person.name || person.shortId}</bdi> <StandingTag person={person} />
          </button>
        ))}
      </div>
    </section>
  )
}

interface MethodProps {
  client: RoomClient
  person: PersonView
  comparison: ComparisonView | undefined
  onConfirm(how: VerifiedHow, matched: boolean): void
  onChecked(matched: boolean): void
}

function Methods({ client, person, comparison, onConfirm, onChecked }: MethodProps): JSX.Element {
  return (
    <>
      <div class="verify-whom">
        <p class="preview-title">
          <bdi>{person.name || person.shortId}</bdi> <StandingTag person={person} />
        </p>
        <p class="panel-help">{verifyWords.how(person.name || person.shortId)}</p>
      </div>
      <ComparePictures client={client} device={person.device} comparison={comparison} />
      {(comparison === undefined || comparison.state.at === 'over') && (
        <CompareCode client={client} device={person.device} onConfirm={onConfirm} onChecked={onChecked} />
      )}
    </>
  )
}

interface OutcomeProps {
  person: PersonView
  matched: boolean
  comparison: ComparisonView | undefined
  onAgain(): void
}

function Outcome({ person, matched, comparison, onAgain }: OutcomeProps): JSX.Element {
  const name = person.name || person.shortId
  const theySay = comparison?.theySay
  const doubt = theySay === false
  return (
    <div class={matched && !doubt ? 'outcome good' : 'outcome warning'}>
      <p role={matched && !doubt ? 'status' : 'alert'}>
        <Icon name={matched && !doubt ? 'shield' : 'warning'} />{' '}
        {matched ? verifyWords.verifiedNow(name) : verifyWords.mismatch}
      </p>
      {theySay !== undefined && <p>{theySay ? verifyWords.theySaySame(name) : verifyWords.theySayOther(name)}</p>}
      {matched ? (
        <>
          <p>{verifyWords.verifiedHelp}</p>
          <p>{verifyWords.elsewhere}</p>
        </>
      ) : (
        <>
          <ol class="what-to-do">
            {verifyWords.mismatchDo.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <button type="button" class="button" onClick={onAgain}>
            {verifyWords.back}
          </button>
        </>
      )}
    </div>
  )
}

/** The code as it was when the dialog opened: people read it out slowly, and the room goes on meanwhile. */
function RoomCode({ snapshot }: { snapshot: RoomSnapshot }): JSX.Element {
  const [frozen] = useState(snapshot.trust.roomCode)
  const moved = frozen !== undefined && snapshot.epoch !== frozen.epoch
  return (
    <section class="verify-part" aria-labelledby="room-code">
      <h3 id="room-code">{verifyWords.roomCode}</h3>
      {frozen === undefined ? (
        <p class="panel-help">{verifyWords.roomCodeNone}</p>
      ) : (
        <>
          <p class="panel-help">{verifyWords.roomCodeOf(frozen.epoch)}</p>
          <p class="digits">{frozen.digits}</p>
          <p class="panel-help">{verifyWords.roomCodeHelp}</p>
          <p class="panel-help" role="status">
            {moved && verifyWords.roomMoved(snapshot.epoch)}
          </p>
        </>
      )}
    </section>
  )
}
