/** Says above everything else that the server has another version, and asks before it is taken. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { reasonOf, report } from '../problems.ts'
import { changeSentences, faultSentences, isAlarming, keptWords } from '../words/kept.ts'
import { keeping, take, takenElsewhere } from './keeping.ts'
import { changeOf, type Kept } from './kept.ts'

export function ChangeBar(): JSX.Element | null {
  const [dismissed, setDismissed] = useState<string>()
  const state = keeping.value
  const said = state.at === 'kept' ? sayingOf(state.kept, takenElsewhere.value) : undefined
  return (
    <section class="kept-bars" aria-label={keptWords.region} aria-live="polite">
      {said !== undefined && said.key !== dismissed && <Bar said={said} onDismiss={() => setDismissed(said.key)} />}
    </section>
  )
}

interface Saying {
  /** What is dismissed stays so until something else is to be said. */
  key: string
  title?: string
  sentences: readonly string[]
  alarming: boolean
  hash?: string
  /** The version that can be taken. */
  offer?: string
  reload?: true
}

function sayingOf(kept: Kept, elsewhere: boolean): Saying | undefined {
  if (elsewhere) return { key: 'taken', sentences: [keptWords.taken], alarming: false, reload: true }
  const fault = faultSentences(kept)
  if (fault !== undefined) return { key: fault.join(), sentences: fault, alarming: true }
  const change = changeOf(kept)
  if (change === undefined || kept.offered === undefined) return undefined
  const { id, version, hash } = kept.offered
  return {
    key: id,
    title: keptWords.offered(version),
    sentences: changeSentences(change),
    alarming: isAlarming(change),
    hash,
    offer: id,
  }
}

function Bar({ said, onDismiss }: { said: Saying; onDismiss(): void }): JSX.Element {
  const [busy, setBusy] = useState(false)

  function accept(id: string): void {
    setBusy(true)
    take(id).catch((error: unknown) => {
      setBusy(false)
      report(`${keptWords.takeFailed} ${reasonOf(error)}`.trim())
    })
  }

  const { offer } = said
  return (
    <div class={said.alarming ? 'kept-bar alarming' : 'kept-bar'}>
      <Icon name={said.alarming ? 'warning' : 'device'} />
      <div>
        {said.title !== undefined && <strong>{said.title}</strong>}
        {said.sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {said.hash !== undefined && (
          <p>
            {keptWords.hash} <code class="kept-code">{said.hash}</code>
          </p>
        )}
        <div class="actions">
          {offer !== undefined && (
            <button type="button" class="button" aria-busy={busy} onClick={() => accept(offer)}>
              {keptWords.take}
            </button>
          )}
          {said.reload && (
            <button type="button" class="button" onClick={() => location.reload()}>
              {keptWords.reload}
            </button>
          )}
          <button type="button" class="button" onClick={onDismiss}>
            {offer === undefined ? keptWords.dismiss : keptWords.later}
          </button>
        </div>
      </div>
    </div>
  )
}
