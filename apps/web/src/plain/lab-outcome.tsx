/** What a run of the laboratory came to: verdict, errors, rate, bits by stage, and the runs before it. */
import type { JSX } from 'preact'
import { BitsChart } from '../parts/bits-chart.tsx'
import { Meter } from '../parts/qber-meter.tsx'
import { wholeNumber } from '../words/locale.ts'
import { percent } from '../words/quantum.ts'
import { Photons } from './lab-photons.tsx'
import type { LabResult } from './lab-run.ts'
import { labWords, verdictWords } from './lab-words.ts'

export function Outcome({ result }: { result: LabResult }): JSX.Element {
  return (
    <>
      <Meter qber={result.qber} threshold={result.threshold} help={labWords.qberHelp} />
      <dl class="lab-facts">
        <Fact name={labWords.keyRate} value={labWords.keyRateValue(result)} help={labWords.keyRateHelp} />
        {result.settings.eveShare > 0 && (
          <Fact name={labWords.expected} value={labWords.expectedValue(result)} help={labWords.expectedHelp} />
        )}
      </dl>
      <BitsChart stages={result.stages} link={labWords.bits} />
      <section aria-labelledby="photons-title">
        <h3 id="photons-title">{labWords.photons}</h3>
        <Photons photons={result.photons} />
      </section>
    </>
  )
}

function Fact({ name, value, help }: { name: string; value: string; help: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <span class="soft">{help}</span>
      </dd>
    </div>
  )
}

/** The newest first. */
export function Runs({ results }: { results: readonly LabResult[] }): JSX.Element {
  return (
    <table class="lab-table">
      <caption class="unseen">{labWords.runs}</caption>
      <thead>
        <tr>
          <th scope="col">{labWords.runNumber}</th>
          <th scope="col">{labWords.pulsesShort}</th>
          <th scope="col">{labWords.distanceShort}</th>
          <th scope="col">{labWords.eveColumn}</th>
          <th scope="col">QBER</th>
          <th scope="col">Key</th>
        </tr>
      </thead>
      <tbody>
        {results.map(({ settings, qber, refused, secretBits }, i) => (
          <tr key={String(results.length - i)}>
            <th scope="row">{results.length - i}</th>
            <td>{wholeNumber(settings.pulses)}</td>
            <td>{labWords.km(settings.distanceKm)}</td>
            <td>{settings.eveShare === 0 ? '–' : `${Math.round(settings.eveShare * 100)}\u00a0%`}</td>
            <td>{qber === undefined ? '–' : percent(qber)}</td>
            <td>{refused === undefined ? labWords.keyBits(secretBits) : labWords.noKey}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function verdictLook(result: LabResult): string {
  return `outcome ${result.refused === undefined ? 'good' : 'warning'}`
}

export function Verdict({ result }: { result: LabResult }): JSX.Element {
  return <p>{verdictWords(result)}</p>
}
