/** The quantum links of the room: what protects it now, how the last run went, each link, and the two controls. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { LinkView, QuantumView } from '../client-gate.ts'
import type { Namer } from '../words/people.ts'
import { provenanceWords } from '../words/provenance.ts'
import {
  abortWords,
  labelNames,
  labelWords,
  linkStateWords,
  percent,
  placeWords,
  quantumWords,
  stageWords,
} from '../words/quantum.ts'
import { BitsChart } from './bits-chart.tsx'
import { QberMeter } from './qber-meter.tsx'
import { SwitchRow } from './switch-row.tsx'

interface Props {
  quantum: QuantumView
  nameOf: Namer
  alone: boolean
  onSwitch(on: boolean): void
  onRun(): void
  onHistory(): void
}

export function QuantumPanel({ quantum, nameOf, alone, onSwitch, onRun, onHistory }: Props): JSX.Element {
  return (
    <section class="panel quantum" aria-labelledby="quantum-title">
      <h2 id="quantum-title">{quantumWords.title}</h2>
      <p class="panel-help">
        {quantumWords.intro} <strong>{quantumWords.honest}</strong>
      </p>
      <div class="epoch">
        <h3>{quantumWords.epochTitle}</h3>
        <p class="chip">{labelNames[quantum.label]}</p>
        <p>{labelWords(quantum)}</p>
        <button type="button" class="button small" onClick={onHistory}>
          {provenanceWords.open}
        </button>
      </div>
      <QberMeter quantum={quantum} />
      <Outcome quantum={quantum} />
      <button type="button" class="button primary wide" onClick={onRun}>
        {quantumWords.run}
      </button>
      {alone && <p class="panel-help">{quantumWords.alone}</p>}
      <Eavesdropper quantum={quantum} nameOf={nameOf} onSwitch={onSwitch} />
      <h3>{quantumWords.links}</h3>
      {quantum.links.length === 0 && <p class="panel-help">{quantumWords.noLinks}</p>}
      <ul class="links" aria-label={quantumWords.links}>
        {quantum.links.map((link) => (
          <LinkRow key={keyOf(link)} link={link} nameOf={nameOf} />
        ))}
      </ul>
      <Stages links={quantum.links} nameOf={nameOf} />
    </section>
  )
}

/** How the last run ended; while another is under way, that. */
function Outcome({ quantum }: { quantum: QuantumView }): JSX.Element {
  if (quantum.running) {
    return (
      <p class="outcome running" aria-live="polite">
        {quantumWords.running}
      </p>
    )
  }
  if (quantum.outcome === undefined) return <p class="outcome" aria-live="polite" />
  switch (quantum.outcome) {
    case 'completed':
      return (
        <p class="outcome good" role="status">
          {quantumWords.completed}
        </p>
      )
    case 'eavesdropper':
      return (
        <div class="outcome warning">
          <p role="alert">{quantumWords.eavesdropper}</p>
          <p>{quantumWords.eavesdropperHelp}</p>
        </div>
      )
    case 'failed':
      return (
        <div class="outcome warning">
          <p role="alert">{quantumWords.failed}</p>
          <p>{quantumWords.failedHelp}</p>
        </div>
      )
  }
}

function Eavesdropper({ quantum, nameOf, onSwitch }: Pick<Props, 'quantum' | 'nameOf' | 'onSwitch'>): JSX.Element {
  const { on, by } = quantum.eavesdropper
  const who = quantumWords.eveBy(on, by && (by.self ? quantumWords.byYou : nameOf(by)))
  return (
    <SwitchRow words={quantumWords.eve} help={`${who} ${quantumWords.eveHelp}`} on={on} onSwitch={onSwitch} warns />
  )
}

function LinkRow({ link, nameOf }: { link: LinkView; nameOf: Namer }): JSX.Element {
  const { state, stage, progress, qber, qberInterval, reason, keyBits } = link
  const ends = endsOf(link, nameOf)
  return (
    <li class={`link ${state}`}>
      <p class="link-ends">
        <bdi>{ends}</bdi>
        <span class="link-state">
          {linkStateWords(state)}
          {state === 'running' && stage !== undefined && `: ${stageWords(stage)}`}
        </span>
      </p>
      {state === 'running' && (
        <progress
          aria-label={quantumWords.progressOf(ends)}
          max={1}
          {...(progress !== undefined && { value: progress })}
        />
      )}
      {state === 'aborted' && reason !== undefined && <p class="link-reason">{abortWords(reason)}</p>}
      <p class="link-numbers">
        {qber !== undefined && (
          <span title={qberInterval && quantumWords.interval(...qberInterval)}>
            {quantumWords.qber} {percent(qber)}
            {qberInterval && ` (${quantumWords.interval(...qberInterval)})`}
          </span>
        )}
        <span>{quantumWords.keyBits(keyBits)}</span>
      </p>
    </li>
  )
}

/** The chart of one link; own links first, and a choice where several have run. */
function Stages({ links, nameOf }: { links: readonly LinkView[]; nameOf: Namer }): JSX.Element {
  const [chosen, choose] = useState<string>()
  const ran = links.filter((link) => link.stages.length > 0).sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)))
  const shown = ran.find((link) => keyOf(link) === chosen) ?? ran[0]
  return (
    <>
      <h3>{quantumWords.stagesTitle}</h3>
      {ran.length > 1 && (
        <select
          aria-label={quantumWords.linkShown}
          value={shown && keyOf(shown)}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {ran.map((link) => (
            <option key={keyOf(link)} value={keyOf(link)}>
              {endsOf(link, nameOf)}
            </option>
          ))}
        </select>
      )}
      {shown === undefined ? (
        <p class="panel-help">{quantumWords.noStages}</p>
      ) : (
        <BitsChart stages={shown.stages} link={endsOf(shown, nameOf)} />
      )}
      {shown?.place && <p class="panel-help">{placeWords(shown.place)}</p>}
    </>
  )
}

function endsOf({ ends: [a, b] }: LinkView, nameOf: Namer): string {
  return quantumWords.ends(a.self ? quantumWords.you : nameOf(a), b.self ? quantumWords.you : nameOf(b))
}

function keyOf({ ends: [a, b] }: LinkView): string {
  return `${a.device} ${b.device}`
}

function isOwn({ ends: [a, b] }: LinkView): boolean {
  return a.self || b.self
}
