/** The error ratio of the worst link, from 0 to one half, with the limit above which no key is made. */
import type { JSX } from 'preact'
import type { QuantumView } from '../client-gate.ts'
import { percent, quantumWords } from '../words/quantum.ts'

/** Bits compared at random differ in one half: nothing measured lies above. */
const most = 0.5

export function QberMeter({ quantum }: { quantum: QuantumView }): JSX.Element {
  return <Meter qber={worstQber(quantum)} threshold={quantum.threshold} help={quantumWords.qberHelp} />
}

interface MeterProps {
  /** A ratio; undefined where none was measured. */
  qber: number | undefined
  threshold: number
  help: string
}

export function Meter({ qber, threshold, help }: MeterProps): JSX.Element {
  const words = qber === undefined ? quantumWords.notMeasured : percent(qber)
  const look = qber === undefined ? 'meter' : qber > threshold ? 'meter over' : 'meter under'
  return (
    <div class="qber">
      {/* biome-ignore lint/a11y/useSemanticElements: the native one can show neither the limit nor its words */}
      <div
        class={look}
        role="meter"
        aria-label={quantumWords.qber}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={qber ?? 0}
        aria-valuetext={words}
      >
        <span class="meter-name">{quantumWords.qber}</span>
        <span class="meter-value">{words}</span>
        <svg class="meter-scale" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
          <rect class="meter-rail" y="3" width="100" height="6" />
          {qber !== undefined && <rect class="meter-bar" y="3" width={onScale(qber)} height="6" />}
          <rect class="meter-limit" x={onScale(threshold)} width="0.8" height="12" />
        </svg>
      </div>
      <p class="meter-help">
        {help} <span class="meter-threshold">{quantumWords.threshold(threshold)}</span>
      </p>
    </div>
  )
}

/** The largest error ratio that any link measured; undefined before the first run. */
export function worstQber(quantum: QuantumView): number | undefined {
  const measured = quantum.links.map((link) => link.qber).filter((qber) => qber !== undefined)
  return measured.length === 0 ? undefined : Math.max(...measured)
}

function onScale(ratio: number): number {
  return Math.round((Math.min(Math.max(ratio, 0), most) / most) * 1000) / 10
}
