/** The room from within: header, messages, composer, and the panels at the side. */
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { MessageView, PersonView, RoomClient, RoomSnapshot } from '../client-gate.ts'
import { Cleared, fetchCommandsAhead, Palette, runSlash } from '../commands/fetched.ts'
import type { RoomView } from '../commands/list.ts'
import { shortcutOf } from '../commands/shortcuts.ts'
import { DeviceContext } from '../device-context.ts'
import { DayDialog, fetchFindingAhead, SearchDialog } from '../find/fetched.ts'
import { useCallBack } from '../notify/use-call-back.ts'
import { Alerts } from '../parts/alerts.tsx'
import { CatchUp } from '../parts/catch-up.tsx'
import { isComposing } from '../parts/compose/typing.ts'
import { Composer } from '../parts/composer.tsx'
import { EarlierRequests } from '../parts/earlier/requests.tsx'
import {
  CloseRoom,
  EarlierTop,
  ExportDialog,
  fetchAhead,
  InviteDialog,
  KeysDialog,
  LeaveDialog,
  PersonSheet,
  VerifyDialog,
} from '../parts/fetched.ts'
import { Gallery } from '../parts/fetched-files.ts'
import {
  EmojiDialog,
  fetchMessagesAhead,
  MessageDetails,
  ReactionsDialog,
  RemoveMessage,
  TouchHint,
} from '../parts/fetched-messages.ts'
import { FilesContext } from '../parts/files/context.ts'
import { useHeldFiles } from '../parts/files/picked.ts'
import { EmptyRoom } from '../parts/invite.tsx'
import { Ended } from '../parts/membership/ended.tsx'
import { Knocks } from '../parts/membership/knocks.tsx'
import { Successor } from '../parts/membership/successor.tsx'
import { WaitingWishes } from '../parts/membership/waiting-wishes.tsx'
import { isSaid } from '../parts/message/actions.ts'
import { isTouchHintDue, putAwayTouchHint } from '../parts/message/touch-hint-due.ts'
import { RoomHeader } from '../parts/room-header.tsx'
import { SidePanels } from '../parts/side-panels.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { type Compose, useMessages } from '../parts/use-messages.ts'
import { useNarrow } from '../parts/use-narrow.ts'
import { attempt } from '../problems.ts'
import { roomName } from '../room-name.ts'
import { phaseWords } from '../words/door.ts'
import { messageWords } from '../words/messages.ts'
import { byPerson, listPeople, type Namer, namerOf } from '../words/people.ts'
import { problemWords } from '../words/problems.ts'
import { holdWords } from '../words/quantum.ts'
import { connectionHelp } from '../words/room.ts'
import { trustWords } from '../words/trust.ts'

interface Props {
  client: RoomClient
  snapshot: RoomSnapshot
}

/** What is not on the page at first is fetched once the room had this time to open. */
const aheadMs = 3_000

type Device = PersonView['device']
type Picture = { key: string; id: string }
type Dialog =
  | 'invite'
  | 'leave'
  | 'close'
  | 'keys'
  | 'palette'
  | 'export'
  | 'search'
  | { person: Device }
  | { verify: Device | undefined }
  | { dayOf: number }
  | { picture: Picture }

export function Conversation({ client, snapshot }: Props): JSX.Element {
  const [details, setDetails] = useState(false)
  const [dialog, setDialog] = useState<Dialog>()
  const narrow = useNarrow()
  const detailsButton = useRef<HTMLButtonElement>(null)
  const { address, kind, people, timeline, earlier, invitePath, agreement } = snapshot
  const removed = snapshot.phase.at === 'removed'
  const ended = removed || snapshot.phase.at === 'ended'
  const inside = snapshot.phase.at === 'member'
  const nameOf = useMemo(() => namerOf(people), [people])
  const canWrite = maySpeak(snapshot) && snapshot.trust.blockedBy.length === 0
  /** Keys of what was taken off this screen's view; what came before it is not shown either. */
  const [cleared, setCleared] = useState<ReadonlySet<string>>()
  const shown = useMemo(
    () => (cleared ? timeline.filter(({ key }) => !cleared.has(key)) : timeline),
    [timeline, cleared],
  )
  // What is looked for on purpose is shown again.
  const { actions, asked, endAsk, compose, wanted, goTo } = useMessages(client, canWrite, timeline, () =>
    setCleared(undefined),
  )
  useCallBack(client, goTo)
  const [query, setQuery] = useState('')
  const openDay = useCallback((dayOf: number) => setDialog({ dayOf }), [])
  const device = useContext(DeviceContext)
  const openDevice = device?.open
  const files = useSignal(snapshot.files)
  useLayoutEffect(() => {
    files.value = snapshot.files
  }, [snapshot.files])
  const around = useMemo(
    () => ({ client, files, enlarge: (key: string, id: string) => setDialog({ picture: { key, id } }) }),
    [client],
  )
  // Drawn again with the messages or the people only: a key exchange changes the snapshot many times a second.
  const messages = useMemo(
    () => (
      <Timeline
        items={shown}
        earlierItems={cleared ? 0 : snapshot.earlierItems}
        nameOf={nameOf}
        actions={actions}
        wanted={wanted}
        seen={snapshot.reading.seen}
        readers={snapshot.reading.readers}
        onSeen={(key) => attempt(client.see(key), '')}
        onEarlier={() => client.showEarlier()}
        onLatest={() => attempt(client.showLatest(), '')}
        onDay={openDay}
        above={
          cleared ? (
            <Cleared onShow={() => setCleared(undefined)} />
          ) : (
            (earlier.cameLater || earlier.blocks.length > 0) && (
              <EarlierTop earlier={earlier} people={people} nameOf={nameOf} client={client} mayAsk={inside} />
            )
          )
        }
      />
    ),
    [client, shown, cleared, snapshot.earlierItems, nameOf, earlier, inside, actions, wanted, readersOf(snapshot)],
  )
  const empty = !ended && byPerson(people).length <= 1 && !timeline.some((item) => item.kind === 'message')
  const covered = details && narrow && !ended

  function verify(device?: Device): void {
    setDialog({ verify: device })
  }

  const chosen = typeof dialog === 'object' ? dialog : undefined
  const sheet = chosen && 'person' in chosen ? people.find(({ device }) => device === chosen.person) : undefined

  function editLast(): void {
    // Not what is drawn: the newest may have come since.
    const last = client.snapshot.timeline.findLast(isOwn)
    if (last?.kind === 'message') compose.edit(last)
  }

  function closeDetails(): void {
    setDetails(false)
    detailsButton.current?.focus()
  }

  const view: RoomView = {
    openSearch: (words) => {
      if (words) setQuery(words)
      setDialog('search')
    },
    openDay: () => openDay(Date.now()),
    openInvite: () => setDialog('invite'),
    openVerify: verify,
    openPerson: (person) => setDialog({ person }),
    openKeys: () => setDialog('keys'),
    openLeave: () => setDialog('leave'),
    openCloseRoom: () => setDialog('close'),
    openDevice,
    details: { on: details, switch: () => setDetails(!details) },
    openExport: openDevice && (() => setDialog('export')),
    editLast,
    cleared: {
      on: cleared !== undefined,
      switch: () => setCleared(cleared ? undefined : new Set(timeline.map(({ key }) => key))),
    },
    latest: () => attempt(goTo('end'), ''),
  }

  useEffect(() => {
    const timer = setTimeout(() => {
      fetchMessagesAhead()
      fetchFindingAhead()
      fetchCommandsAhead()
      fetchAhead()
    }, aheadMs)
    return () => clearTimeout(timer)
  }, [])

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const asked = shortcutOf(event)
      if (asked === undefined) return
      event.preventDefault()
      setDialog(asked)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])

  useEffect(() => {
    if (!details || dialog !== undefined) return
    const onKey = (event: KeyboardEvent): void => {
      // A dialog that a panel has opened takes the key first.
      if (event.key !== 'Escape' || isComposing(event) || document.querySelector('dialog[open]')) return
      closeDetails()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [details, dialog])

  return (
    <div class={`room${details && !ended ? ' with-details' : ''}${ended ? ' ended' : ''}`}>
      <RoomHeader
        title={roomName(address, snapshot.title)}
        snapshot={snapshot}
        details={details}
        detailsButton={detailsButton}
        onSearch={() => setDialog('search')}
        onCommands={() => setDialog('palette')}
        onInvite={() => setDialog('invite')}
        onDetails={() => setDetails(!details)}
      />
      <Alerts client={client} snapshot={snapshot} nameOf={nameOf} onVerify={verify} />
      <main class="conversation" inert={covered}>
        <Successor snapshot={snapshot} nameOf={nameOf} />
        <Knocks knocks={agreement?.knocks ?? []} client={client} />
        {inside && <EarlierRequests earlier={earlier} client={client} nameOf={nameOf} />}
        <WaitingWishes wishes={snapshot.wishes ?? []} client={client} />
        {empty && dialog !== 'invite' && <EmptyRoom kind={kind} invitePath={invitePath} />}
        <FilesContext.Provider value={around}>{messages}</FilesContext.Provider>
        {ended ? (
          <Ended removed={removed} timeline={timeline} nameOf={nameOf} client={client} />
        ) : (
          <Bottom client={client} snapshot={snapshot} nameOf={nameOf} compose={compose} view={view} />
        )}
      </main>
      {!ended && (
        <SidePanels
          snapshot={snapshot}
          client={client}
          nameOf={nameOf}
          details={details}
          onPerson={({ device }) => setDialog({ person: device })}
          onVerify={() => verify()}
          onLeave={() => setDialog('leave')}
          onCloseRoom={() => setDialog('close')}
          onCommands={() => setDialog('palette')}
          onBack={closeDetails}
        />
      )}
      {asked?.what === 'react' && (
        <EmojiDialog
          onPick={(sign) => {
            endAsk()
            actions?.react(asked.message, sign, true)
          }}
          onClose={endAsk}
        />
      )}
      {asked?.what === 'reactions' && <ReactionsDialog message={asked.message} nameOf={nameOf} onClose={endAsk} />}
      {asked?.what === 'details' && <MessageDetails message={asked.message} items={timeline} onClose={endAsk} />}
      {asked?.what === 'remove' && (
        <RemoveMessage
          isPrivate={asked.message.privately !== undefined}
          work={() => client.deleteMessage(asked.message.key)}
          onClose={endAsk}
        />
      )}
      {dialog === 'invite' && !ended && (
        <InviteDialog snapshot={snapshot} client={client} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'keys' && <KeysDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'palette' && (
        <Palette snapshot={snapshot} client={client} nameOf={nameOf} view={view} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'search' && (
        <SearchDialog
          client={client}
          nameOf={nameOf}
          first={query}
          quoted={earlier.blocks.length > 0}
          onQuery={setQuery}
          onPick={goTo}
          onClose={() => setDialog(undefined)}
        />
      )}
      {chosen && 'dayOf' in chosen && (
        <DayDialog client={client} atMs={chosen.dayOf} onPick={goTo} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'export' && device && (
        <ExportDialog
          keeper={device.keeper}
          which={{ room: address, device: snapshot.self.device, restored: false }}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'close' && (
        <CloseRoom snapshot={snapshot} client={client} nameOf={nameOf} onClose={() => setDialog(undefined)} />
      )}
      {sheet && (
        <PersonSheet
          person={sheet}
          client={client}
          onClose={() => setDialog(undefined)}
          onVerify={() => verify(sheet.device)}
          onAccept={() => attempt(client.acceptKeys(sheet.device), problemWords.noVerify)}
        />
      )}
      {chosen && 'picture' in chosen && (
        <Gallery
          client={client}
          timeline={timeline}
          files={snapshot.files}
          at={chosen.picture}
          onClose={() => setDialog(undefined)}
        />
      )}
      {chosen && 'verify' in chosen && (
        <VerifyDialog
          client={client}
          snapshot={snapshot}
          device={chosen.verify}
          onPerson={verify}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'leave' && !ended && (
        <LeaveDialog
          client={client}
          alone={people.length <= 1}
          others={snapshot.devices.length > 1}
          onClose={() => setDialog(undefined)}
        />
      )}
    </div>
  )
}

interface BottomProps extends Props {
  nameOf: Namer
  compose: Compose
  view: RoomView
}

/** The composer, or why there is none now; above it, what a lost connection means. */
function Bottom({ client, snapshot, nameOf, compose, view }: BottomProps): JSX.Element {
  const { phase, connection, address } = snapshot
  const { hold } = snapshot.quantum
  const help = connectionHelp(connection)
  const speaks = maySpeak(snapshot)
  const blocked = snapshot.trust.blockedBy.length > 0
  useHeldFiles(address)
  return (
    <div class="bottom">
      {help !== undefined && <p class={`connection-bar ${connection}`}>{help}</p>}
      {phase.at === 'member' && snapshot.catchUp && <CatchUp client={client} catchUp={snapshot.catchUp} />}
      {phase.at === 'member' && hold && (
        <p class="connection-bar held" role="status">
          {holdWords(hold, namerOf(snapshot.people))}
        </p>
      )}
      {speaks && blocked && (
        <div class="no-composer">
          <strong>{trustWords.blocked(nameOf(snapshot.trust.blockedBy[0]!))}</strong>
          <p>{trustWords.blockedHelp}</p>
        </div>
      )}
      {phase.at === 'member' && isTouchHintDue(snapshot.timeline) && <TouchHint onRead={putAwayTouchHint} />}
      <Typing people={snapshot.reading.typing} nameOf={nameOf} />
      {speaks && !blocked && (
        <Composer
          room={address}
          people={snapshot.people}
          nameOf={nameOf}
          drafts={snapshot.reading.drafts ?? []}
          draft={snapshot.reading.draft}
          roomLifetimeS={snapshot.agreement?.lifetimeS}
          wantsQuantum={snapshot.agreement?.quantum === 'required'}
          onDraft={(draft) => attempt(client.keepDraft(draft), messageWords.noDraft)}
          onTyped={() => client.typed()}
          replyTo={compose.replyTo}
          editing={compose.editing}
          files={snapshot.files}
          onSend={(text, more) => client.send(text, more)}
          onAttach={(chosen, more) =>
            client.attach(
              chosen.map(({ source }) => source),
              more,
            )
          }
          onCommand={(typed) => runSlash(typed, snapshot, client, view)}
          onTell={(device, text, more) => client.tell(device, text, more)}
          onEdit={(key, text, mentions) => client.edit(key, text, mentions)}
          onNoReply={compose.noReply}
          onNoEdit={compose.noEdit}
          onEditLast={view.editLast}
        />
      )}
      {phase.at === 'rejoining' && (
        <div class="no-composer" aria-live="polite">
          <strong>{phase.anyoneHere ? phaseWords.rejoining : phaseWords.rejoiningAlone}</strong>
          <p>{phase.anyoneHere ? phaseWords.rejoiningHelp : phaseWords.rejoiningAloneHelp}</p>
        </div>
      )}
      {phase.at === 'connecting' && !speaks && (
        <div class="no-composer" aria-live="polite">
          <strong>{phaseWords.connecting}</strong>
        </div>
      )}
    </div>
  )
}

/** What is written is kept and goes out: also before the server was reached, where this device was in the room before. */
function maySpeak({ phase }: RoomSnapshot): boolean {
  return phase.at === 'member' || (phase.at === 'connecting' && phase.inside === true)
}

function isOwn(item: RoomSnapshot['timeline'][number]): item is MessageView {
  return item.kind === 'message' && item.own && isSaid(item)
}

/** Whether anything in them has changed: the list itself is another one each time. */
function readersOf({ reading }: RoomSnapshot): string {
  return reading.readers.map(({ person, key }) => `${person.device} ${key}`).join(' ')
}

/** Not read out: it comes and goes. */
function Typing({ people, nameOf }: { people: readonly PersonView[]; nameOf: Namer }): JSX.Element | null {
  if (people.length === 0) return null
  return <p class="typing">{messageWords.typing(listPeople(people, nameOf), people.length > 1)}</p>
}
