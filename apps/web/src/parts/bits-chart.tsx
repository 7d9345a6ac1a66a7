/** How many bits each stage of a BB84 run left, as bars on a logarithmic scale, and as a table for whoever hears it. */
import type { JSX } from 'preact'
import type { LinkView } from '../client-gate.ts'
import { direction, wholeNumber } from '../words/locale.ts'
import { quantumWords, stageWords } from '../words/quantum.ts'

interface Props {
  stages: LinkView['stages']
  /** Whose link it is, in words. */
  link: string
}

const width = 320
const rowHeight = 38
const barHeight = 10

export function BitsChart({ stages, link }: Props): JSX.Element {
  const most = Math.max(1, ...stages.map((stage) => stage.bits))
  const start = direction() === 'rtl' ? width : 0
  return (
    <figure class="bits">
      <svg role="img" aria-label={quantumWords.stagesTitle} viewBox={`0 0 ${width} ${stages.length * rowHeight}`}>
        <title>{quantumWords.stagesTitle}</title>
        {stages.map(({ name, bits }, i) => (
          <g key={name} transform={`translate(0 ${i * rowHeight})`}>
            <text class="bits-name" x={start} y="15">
              {stageWords(name)}
            </text>
            <text class="bits-count" x={width - start} y="15" text-anchor="end">
              {wholeNumber(bits)}
            </text>
            <rect class="bits-rail" y="21" width={width} height={barHeight} rx={barHeight / 2} />
            {bits > 0 && (
              <rect
                class="bits-bar"
                x={start === 0 ? 0 : width - barWidth(bits, most)}
                y="21"
                width={barWidth(bits, most)}
                height={barHeight}
                rx={barHeight / 2}
              />
            )}
          </g>
        ))}
      </svg>
      <figcaption>{quantumWords.stagesOf(link)}</figcaption>
      <table class="unseen">
        <caption>{quantumWords.stagesTitle}</caption>
        <thead>
          <tr>
            <th scope="col">{quantumWords.stage}</th>
            <th scope="col">{quantumWords.bits}</th>
          </tr>
        </thead>
        <tbody>
          {stages.map(({ name, bits }) => (
            <tr key={name}>
              <th scope="row">{stageWords(name)}</th>
              <td>{wholeNumber(bits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}

/** One bit is as wide as the bar is high, the largest stage fills the row, and each tenfold is one equal step. */
export function barWidth(bits: number, most: number): number {
  if (most <= 1) return width
  const share = Math.log10(Math.max(1, bits)) / Math.log10(most)
  return Math.round((barHeight + share * (width - barHeight)) * 10) / 10
}
