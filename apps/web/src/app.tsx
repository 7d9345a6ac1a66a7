/** One screen at a time, under the bar of problems and within the last safety net. */
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { DeviceContext } from './device-context.ts'
import type { Journey, Screen } from './journey.ts'
import { language } from './language/language.ts'
import { unreadCount } from './notify/unread-count.ts'
import { ErrorBoundary } from './parts/error-boundary.tsx'
import { lazy } from './parts/lazy.tsx'
import { ProblemBar } from './parts/problem-bar.tsx'
import { roomName, titleOnScreen } from './room-name.ts'
import { Door } from './screens/door.tsx'
import { Home } from './screens/home.tsx'
import { LinkDoor, LinkFailed } from './screens/link-door.tsx'
import { Failed, NeedsLink, Nowhere, Working } from './screens/notices.tsx'
import { Room } from './screens/room.tsx'
import { SuccessorContext } from './successor-context.ts'
import { doorWords, pageTitle, titleWith } from './words/door.ts'
import { homeWords } from './words/home.ts'
import { linkedWords } from './words/linked.ts'

const meanwhile = (): JSX.Element => <Working words={doorWords.stored} />
const Locked = lazy(async () => (await import('./screens/locked.tsx')).Locked, { meanwhile })
const Device = lazy(async () => (await import('./screens/device.tsx')).Device, { meanwhile })

export function App({ journey }: { journey: Journey }): JSX.Element {
  const screen = journey.screen.value
  const title = titleOf(screen)
  useEffect(() => {
    return unreadCount.subscribe((count) => {
      document.title = titleWith(count, title)
    })
  }, [title])
  const device = useMemo(() => ({ keeper: journey.keeper, open: () => journey.device() }), [journey])
  const onward = useMemo(() => ({ close: journey.closeRoom, follow: journey.follow }), [journey])
  return (
    <ErrorBoundary key={language.value}>
      <ProblemBar />
      <DeviceContext.Provider value={device}>
        <SuccessorContext.Provider value={onward}>
          <ScreenOf journey={journey} screen={screen} />
        </SuccessorContext.Provider>
      </DeviceContext.Provider>
    </ErrorBoundary>
  )
}

function ScreenOf({ journey, screen }: { journey: Journey; screen: Screen }): JSX.Element {
  switch (screen.at) {
    case 'home':
      return <Home journey={journey} />
    case 'locked':
      return <Locked keeper={journey.keeper} onOpen={screen.onOpen} />
    case 'device':
      return <Device keeper={journey.keeper} onHome={journey.home} />
    case 'nowhere':
      return <Nowhere onHome={journey.home} />
    case 'looking':
      return <Working words={doorWords.looking} />
    case 'needs-link':
      return <NeedsLink onAsk={() => journey.ask(screen.ticket)} onHome={journey.home} />
    case 'door':
      return <Door ticket={screen.ticket} onEnter={journey.enter} onHome={journey.home} />
    case 'link':
      return <LinkDoor ticket={screen.ticket} onLink={() => journey.link(screen.ticket)} onHome={journey.home} />
    case 'linking':
      return <Working words={linkedWords.taking} />
    case 'link-failed':
      return <LinkFailed reason={screen.reason} onLink={() => journey.link(screen.ticket)} onHome={journey.home} />
    case 'entering':
      return <Working words={doorWords.entering} />
    case 'failed':
      return <Failed reason={screen.reason} onAgain={() => journey.again(screen.ticket)} onHome={journey.home} />
    case 'room':
      return (
        <Room
          key={screen.ticket.address}
          client={screen.client}
          onAgain={() => journey.again(screen.ticket)}
          onToken={(token) => journey.makeWith(token, screen.ticket)}
          onHome={journey.home}
        />
      )
  }
}

function titleOf(screen: Screen): string {
  if (!('ticket' in screen)) return pageTitle(screen.at === 'device' ? homeWords.device : undefined)
  return pageTitle(roomName(screen.ticket.address, titleOnScreen.value))
}
