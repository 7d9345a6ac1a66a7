/** Which code this is, whether anybody has signed it, whether it is still the same, and under which licences. */
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Dialog } from '../parts/dialog.tsx'
import { knownRelay } from '../relay.ts'
import { aboutWords, changeSentences, faultSentences } from '../words/kept.ts'
import { dateAndTime } from '../words/time.ts'
import { type Facts, facts } from './facts.ts'
import { keeping, look, startKeeping, stopKeeping } from './keeping.ts'
import { changeOf } from './kept.ts'

/** Put in by the build. */
declare const __QSEC_VERSION__: string

export function AboutDialog({ onClose }: { onClose(): void }): JSX.Element {
  const [served, setServed] = useState<Facts>()
  const state = keeping.value
  useEffect(() => {
    void startKeeping()
  }, [])
  // Without a kept copy the page itself asks what the server says of it.
  useEffect(() => {
    if (state.at === 'impossible' || state.at === 'failed') void facts().then(setServed)
  }, [state.at])
  const known = state.at === 'kept' ? state.kept.current : served
  return (
    <Dialog title={aboutWords.title} onClose={onClose}>
      <dl class="about">
        {known === undefined ? (
          <Line name={aboutWords.version}>{__QSEC_VERSION__}</Line>
        ) : (
          <>
            <Line name={aboutWords.version}>{known.version}</Line>
            <Line name={aboutWords.hash}>
              <code class="kept-code">{inFours(known.hash)}</code>
            </Line>
            <Line name={aboutWords.signed}>
              {aboutWords.signedWords(known.signature)}
              {known.signature.signed && <code class="kept-code">{inFours(known.signature.fingerprint)}</code>}
            </Line>
          </>
        )}
        <Line name={aboutWords.relay}>{knownRelay.value ?? location.origin}</Line>
      </dl>
      <h3>{aboutWords.keptTitle}</h3>
      <Standing />
      <p>{aboutWords.limits}</p>
      <p>
        <code class="kept-code">{aboutWords.verify(location.origin)}</code>
      </p>
      <h3>{aboutWords.sourceTitle}</h3>
      <p>{aboutWords.source}</p>
      <Notices />
      <div class="actions">
        <button type="button" class="button primary" autofocus onClick={onClose}>
          {aboutWords.close}
        </button>
      </div>
    </Dialog>
  )
}

function Line({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Standing(): JSX.Element {
  const [looking, setLooking] = useState(false)
  const [stopped, setStopped] = useState(false)
  const state = keeping.value
  if (stopped) return <p role="status">{aboutWords.stopped}</p>
  if (state.at !== 'kept') return <p role="status">{aboutWords.keeping[state.at]}</p>
  const { kept } = state
  const change = changeOf(kept)
  const found = faultSentences(kept) ?? (change ? changeSentences(change) : [aboutWords.same])
  return (
    <>
      <p>{aboutWords.keeping[navigator.serviceWorker.controller ? 'kept' : 'kept-not-running']}</p>
      <div role="status">
        {(kept.fault?.type === 'unreachable' ? [aboutWords.unreachable] : found).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {kept.lookedAtMs !== undefined && <p>{aboutWords.looked(dateAndTime(kept.lookedAtMs))}</p>}
      </div>
      <div class="actions">
        <button
          type="button"
          class="button"
          aria-busy={looking}
          onClick={() => {
            setLooking(true)
            void look(true).then(() => setLooking(false))
          }}
        >
          {aboutWords.lookNow}
        </button>
        <button type="button" class="button" onClick={() => void stopKeeping().then(() => setStopped(true))}>
          {aboutWords.stop}
        </button>
      </div>
    </>
  )
}

/** The file is long: it is fetched when somebody opens it. */
function Notices(): JSX.Element {
  const [text, setText] = useState<string>()
  async function load(): Promise<void> {
    const response = await fetch('/third-party-notices.txt').catch(() => undefined)
    setText(response?.ok ? await response.text() : aboutWords.noticesFailed)
  }
  return (
    <details class="notices" onToggle={(event) => void (event.currentTarget.open && text === undefined && load())}>
      <summary>{aboutWords.notices}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </details>
  )
}

function inFours(hash: string): string {
  return hash.match(/.{1,4}/g)?.join(' ') ?? ''
}
