/** The sign of QSEC: a ring crossed by the line of a polariser. While something is under way, the line turns. */
import type { JSX } from 'preact'

export function Mark({ moving = false }: { moving?: boolean }): JSX.Element {
  return (
    <svg
      class={moving ? 'mark moving' : 'mark'}
      viewBox="0 0 48 48"
      width="48"
      height="48"
      aria-hidden="true"
      focusable="false"
    >
      <circle cx="24" cy="24" r="15" />
      <g class="mark-line">
        <path d="M24 24l15 15" />
        <path class="mark-faint" d="M24 24L13.500 13.500" />
      </g>
    </svg>
  )
}
