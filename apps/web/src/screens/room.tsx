/** A room, in whatever phase it stands: follows the client's snapshot and shows the page that fits. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { kindOf } from '../address.ts'
import type { Phase, RoomClient, RoomSnapshot } from '../client-gate.ts'
import { NotSent } from '../parts/fetched.ts'
import { lazy } from '../parts/lazy.tsx'
import { EraseRoom } from '../parts/membership/ended.tsx'
import { Knocking, OwnCode } from '../parts/membership/knocking.tsx'
import { Notice } from '../parts/notice.tsx'
import { Connection } from '../parts/room-header.tsx'
import { titleOnScreen } from '../room-name.ts'
import { askingWords } from '../words/asking.ts'
import { doorWords, phaseWords, refusalWords } from '../words/door.ts'
import { otherFaultWords } from '../words/faults.ts'
import { linkedWords } from '../words/linked.ts'
import { Conversation } from './conversation.tsx'

const NeedsToken = lazy(async () => (await import('./needs-token.tsx')).NeedsToken, {
  meanwhile: ({ onHome }) => (
    <Notice {...refusalWords('needs-token', 'closed')} tone="warning">
      <HomeButton words={doorWords.home} onHome={onHome} />
    </Notice>
  ),
})

interface Props {
  client: RoomClient
  onAgain(): void
  onToken(token: string): void
  onHome(): void
}

export function Room({ client, onAgain, onToken, onHome }: Props): JSX.Element {
  const snapshot = useSnapshot(client)
  const { phase, title } = snapshot
  useEffect(() => {
    titleOnScreen.value = title
    return () => (titleOnScreen.value = undefined)
  }, [title])
  switch (phase.at) {
    case 'connecting':
      // What is stored here can be read before the server answers.
      if (phase.inside || snapshot.timeline.length > 0) return <Conversation client={client} snapshot={snapshot} />
      return <Connecting connection={snapshot.connection} onHome={onHome} />
    case 'waiting': {
      const words = waitingWords(phase)
      return (
        <Notice tone="working" title={words.title} help={words.help}>
          {kindOf(snapshot.address) === 'closed' && <OwnCode words={askingWords.codeIfAsked} code={snapshot.code} />}
          <Connection connection={snapshot.connection} />
          <HomeButton words={phaseWords.stopWaiting} onHome={onHome} />
        </Notice>
      )
    }
    case 'knocking':
      return <Knocking code={phase.code} connection={snapshot.connection} client={client} onHome={onHome} />
    case 'member':
    case 'rejoining':
    case 'ended':
      return <Conversation client={client} snapshot={snapshot} />
    case 'left':
      return (
        <Notice title={phaseWords.left} help={phaseWords.leftHelp}>
          <HomeButton words={doorWords.home} onHome={onHome} main />
        </Notice>
      )
    case 'removed':
      if (!phase.byOwn) return <Conversation client={client} snapshot={snapshot} />
      return (
        <Notice title={linkedWords.removed} help={linkedWords.removedHelp}>
          <HomeButton words={doorWords.home} onHome={onHome} main />
        </Notice>
      )
    case 'refused': {
      if (phase.code === 'needs-token')
        return <NeedsToken detail={otherFaultWords(phase.message)} onToken={onToken} onHome={onHome} />
      const words = refusalWords(phase.code, kindOf(snapshot.address))
      return (
        <Notice
          tone="warning"
          title={words.title}
          help={words.help}
          detail={phase.message && otherFaultWords(phase.message)}
          more={phase.code === 'no-access' && <NotSent timeline={snapshot.timeline} />}
        >
          {words.again && (
            <button type="button" class="button primary" onClick={onAgain}>
              {doorWords.again}
            </button>
          )}
          {phase.code === 'no-access' && snapshot.timeline.length > 0 && <EraseRoom client={client} />}
          <HomeButton words={doorWords.home} onHome={onHome} main={!words.again} />
        </Notice>
      )
    }
  }
}

function waitingWords({ anyoneHere, linked }: Extract<Phase, { at: 'waiting' }>): { title: string; help: string } {
  if (linked) {
    return anyoneHere
      ? { title: linkedWords.waiting, help: linkedWords.waitingHelp }
      : { title: linkedWords.waitingAlone, help: linkedWords.waitingAloneHelp }
  }
  return anyoneHere
    ? { title: phaseWords.waiting, help: phaseWords.waitingHelp }
    : { title: phaseWords.waitingAlone, help: phaseWords.waitingAloneHelp }
}

const patienceMs = 6_000

function Connecting({ connection, onHome }: Pick<RoomSnapshot, 'connection'> & { onHome(): void }): JSX.Element {
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Notice
      tone="working"
      title={phaseWords.connecting}
      help={long ? phaseWords.connectingLong : phaseWords.connectingHelp}
    >
      {connection !== 'connected' && <Connection connection={connection} />}
      {long && <HomeButton words={doorWords.home} onHome={onHome} />}
    </Notice>
  )
}

function HomeButton({ words, onHome, main = false }: { words: string; onHome(): void; main?: boolean }): JSX.Element {
  return (
    <button type="button" class={main ? 'button primary' : 'button'} onClick={onHome}>
      {words}
    </button>
  )
}

/** The newest snapshot; changes that come together are drawn once. */
function useSnapshot(client: RoomClient): RoomSnapshot {
  const [snapshot, setSnapshot] = useState(client.snapshot)
  useEffect(() => {
    const update = (): void => setSnapshot(client.snapshot)
    update()
    return client.subscribe(update)
  }, [client])
  return snapshot
}
