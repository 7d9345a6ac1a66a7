/** The laboratory: BB84 over simulated photons, with an eavesdropper to switch on. It needs no secure context. */
import { type JSX, render } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { Mark } from '../parts/mark.tsx'
import { SwitchRow } from '../parts/switch-row.tsx'
import { wholeNumber } from '../words/locale.ts'
import './lab.css'
import { Outcome, Runs, Verdict, verdictLook } from './lab-outcome.tsx'
import type { LabResult } from './lab-run.ts'
import { labWords } from './lab-words.ts'
import { openLaboratory } from './lab-worker.ts'

const pulseChoices = [100_000, 400_000, 1_600_000] as const
const longestKm = 100
const runsKept = 12

function Lab(): JSX.Element {
  const laboratory = useMemo(openLaboratory, [])
  const [pulses, setPulses] = useState<number>(pulseChoices[1])
  const [distanceKm, setDistanceKm] = useState(20)
  const [eve, setEve] = useState(false)
  const [share, setShare] = useState(1)
  const [state, setState] = useState<'idle' | 'running' | 'broken'>('idle')
  const [results, setResults] = useState<readonly LabResult[]>([])
  const [latest] = results

  function run(): void {
    if (state === 'running') return
    setState('running')
    laboratory.run({ pulses, distanceKm, eveShare: eve ? share : 0 }).then(
      (result) => {
        setResults((before) => [result, ...before].slice(0, runsKept))
        setState('idle')
      },
      () => setState('broken'),
    )
  }

  return (
    <main class="plain lab">
      <header>
        <h1>
          <Mark moving={state === 'running'} /> {labWords.title} <span class="tag">{labWords.simulated}</span>
        </h1>
        <p>{labWords.intro}</p>
        <p class="soft">{labWords.honest}</p>
      </header>

      <section class="card" aria-labelledby="line-title">
        <h2 id="line-title">{labWords.line}</h2>
        <label class="field">
          <span class="field-label">{labWords.pulses}</span>
          <select value={String(pulses)} onChange={(event) => setPulses(Number(event.currentTarget.value))}>
            {pulseChoices.map((choice) => (
              <option key={choice} value={String(choice)}>
                {wholeNumber(choice)}
              </option>
            ))}
          </select>
        </label>
        <Slider
          label={labWords.distance}
          words={labWords.km(distanceKm)}
          value={distanceKm}
          least={0}
          most={longestKm}
          step={5}
          onInput={setDistanceKm}
        />
        <SwitchRow words={labWords.eve} help={labWords.eveHelp} on={eve} onSwitch={setEve} warns />
        {eve && (
          <Slider
            label={labWords.share}
            words={`${Math.round(share * 100)}\u00a0%`}
            value={Math.round(share * 100)}
            least={5}
            most={100}
            step={5}
            onInput={(percentage) => setShare(percentage / 100)}
          />
        )}
        <button type="button" class="button primary wide" aria-busy={state === 'running'} onClick={run}>
          {labWords.run}
        </button>
      </section>

      <section class="lab-results" aria-labelledby="outcome-title">
        <h2 id="outcome-title">{labWords.outcome}</h2>
        <div class={latest && state === 'idle' ? verdictLook(latest) : 'outcome running'} role="status">
          {state === 'running' && <p>{labWords.running}</p>}
          {state === 'broken' && <p>{labWords.broken}</p>}
          {state === 'idle' && (latest ? <Verdict result={latest} /> : <p>{labWords.none}</p>)}
        </div>
        {latest && <Outcome result={latest} />}
      </section>

      {results.length > 0 && (
        <div>
          <h2 id="runs-title">{labWords.runs}</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow page it scrolls, by keyboard too */}
          <section class="lab-wide" aria-labelledby="runs-title" tabIndex={0}>
            <Runs results={results} />
          </section>
        </div>
      )}
    </main>
  )
}

interface SliderProps {
  label: string
  /** The value as people read it. */
  words: string
  value: number
  least: number
  most: number
  step: number
  onInput(value: number): void
}

function Slider({ label, words, value, least, most, step, onInput }: SliderProps): JSX.Element {
  return (
    <label class="field slider">
      <span class="field-label">
        {label} <output>{words}</output>
      </span>
      <input
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-valuetext={words}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
      />
    </label>
  )
}

const place = document.getElementById('app')!
place.replaceChildren() // the text for when the script does not come
render(<Lab />, place)
