/** *Close this room*: whom to invite to a closed one, how far that has come, and the way there. */
import type { JSX } from 'preact'
import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ClosingOutcome, PersonView, RoomClient, RoomSnapshot } from '../../client-gate.ts'
import { SuccessorContext } from '../../successor-context.ts'
import { type Namer, peopleWords } from '../../words/people.ts'
import { closeWords, invitedAtMost, type Progress, progressWords, successorWords } from '../../words/successor.ts'
import { AskButton, Refusal } from '../ask-button.tsx'
import { Dialog } from '../dialog.tsx'
import { StandingTag } from '../standing.tsx'
import { useAsk } from '../use-ask.ts'

interface Props {
  snapshot: RoomSnapshot
  client: RoomClient
  nameOf: Namer
  onClose(): void
}

type Device = PersonView['device']

export function CloseRoom({ snapshot, client, nameOf, onClose }: Props): JSX.Element | null {
  const access = useContext(SuccessorContext)
  const ask = useAsk()
  // Once the room has ended nobody stands in the snapshot any more.
  const [met, setMet] = useState<readonly PersonView[]>([])
  const others = [...snapshot.people.filter(({ self }) => !self), ...met].filter(
    (one, i, all) => all.findIndex(({ device }) => device === one.device) === i,
  )
  const [ticked, setTicked] = useState<ReadonlySet<Device>>(new Set())
  const [ends, setEnds] = useState(true)
  const [complaint, setComplaint] = useState('')
  const [outcome, setOutcome] = useState<ClosingOutcome>()
  const { successor } = snapshot
  const own = successor?.by.self ? successor : undefined
  const ended = snapshot.phase.at === 'ended'
  const done = outcome !== undefined && outcome.failed.length === 0
  const enter = useRef<HTMLButtonElement>(null)

  useLayoutEffect(() => {
    if (done) enter.current?.focus()
  }, [done])

  if (!access) return null

  function progressOf(device: Device): Progress {
    const state = own?.invited.find(({ person }) => person.device === device)?.state
    const refused = outcome?.failed.some((one) => one.device === device)
    return refused ? 'refused' : (state ?? 'waiting')
  }
  const isInvited = (device: Device): boolean => ['handed', 'taken'].includes(progressOf(device))
  const keep = others.map(({ device }) => device).filter((device) => ticked.has(device) || isInvited(device))

  function tick(device: Device, on: boolean): void {
    const next = new Set(ticked)
    if (on) next.add(device)
    else next.delete(device)
    setTicked(next)
    setComplaint('')
  }

  async function go(): Promise<void> {
    const fresh = keep.filter((device) => !isInvited(device))
    if (keep.length === 0) return setComplaint(closeWords.nobody)
    if (fresh.length > invitedAtMost) return setComplaint(closeWords.tooMany)
    setComplaint('')
    setMet(others)
    setOutcome(undefined)
    await ask.put(async () => setOutcome(await access!.close(client, { keep, end: ends })))
  }

  const started = ask.busy || outcome !== undefined
  return (
    <Dialog title={closeWords.title} light={false} onClose={onClose}>
      {!started && closeWords.help.map((sentence) => <p key={sentence}>{sentence}</p>)}
      {others.length === 0 ? (
        <p>{closeWords.nobodyHere}</p>
      ) : (
        <fieldset class="invitees">
          <legend>{closeWords.who}</legend>
          {others.map((person) => (
            <Invitee
              key={person.device}
              person={person}
              name={nameOf(person)}
              progress={own || started ? progressOf(person.device) : undefined}
              reason={outcome?.failed.find(({ device }) => device === person.device)?.reason}
              on={ticked.has(person.device) || isInvited(person.device)}
              fixed={ask.busy || done || isInvited(person.device)}
              onTick={(on) => tick(person.device, on)}
            />
          ))}
        </fieldset>
      )}
      {!done && !ended && (
        <label class="choice">
          <input
            type="checkbox"
            checked={ends}
            disabled={ask.busy}
            aria-describedby="end-open-help"
            onChange={(event) => setEnds(event.currentTarget.checked)}
          />
          <span>
            {closeWords.end}
            <span class="panel-help" id="end-open-help">
              {closeWords.endHelp}
            </span>
          </span>
        </label>
      )}
      <p class="field-error" role="alert">
        {complaint}
      </p>
      <p role="status">{statusOf(ask.busy, outcome)}</p>
      <Refusal ask={ask} />
      <div class="actions">
        {done ? null : (
          <>
            <button type="button" class="button" autofocus onClick={onClose}>
              {started ? closeWords.later : closeWords.cancel}
            </button>
            <AskButton ask={ask} look="button danger" onPress={() => void go()}>
              {outcome || ask.refusal !== '' ? closeWords.goOn : closeWords.go}
            </AskButton>
          </>
        )}
        {outcome && !done && !ended && (
          <AskButton ask={ask} look="button danger" onPress={() => void ask.put(() => endAnyway())}>
            {closeWords.endAnyway}
          </AskButton>
        )}
        {outcome && own && (
          <button
            type="button"
            class="button primary"
            ref={enter}
            onClick={() => access.follow(own.path, snapshot.self.name)}
          >
            {successorWords.enter}
          </button>
        )}
      </div>
    </Dialog>
  )

  async function endAnyway(): Promise<void> {
    await client.endRoom()
    setOutcome({ failed: [], ended: true })
  }
}

function statusOf(busy: boolean, outcome: ClosingOutcome | undefined): string {
  if (busy) return closeWords.working
  if (outcome === undefined) return ''
  if (outcome.failed.length > 0) return closeWords.failed
  return `${closeWords.done} ${outcome.ended ? closeWords.ended : closeWords.notEnded}`
}

interface InviteeProps {
  person: PersonView
  name: string
  /** Undefined before anything was done. */
  progress: Progress | undefined
  reason: string | undefined
  on: boolean
  fixed: boolean
  onTick(on: boolean): void
}

function Invitee({ person, name, progress, reason, on, fixed, onTick }: InviteeProps): JSX.Element {
  const words =
    progress === undefined || (!on && progress === 'waiting') ? undefined : progressWords(progress, person.present)
  return (
    <label class="choice">
      <input type="checkbox" checked={on} disabled={fixed} onChange={(event) => onTick(event.currentTarget.checked)} />
      <span class="invitee">
        <bdi>{name}</bdi>
        <span class="invitee-facts">
          <StandingTag person={person} />
          <span>{words ?? (person.present ? peopleWords.present : peopleWords.away)}</span>
          {reason !== undefined && <span class="field-error">{reason}</span>}
        </span>
      </span>
    </label>
  )
}
