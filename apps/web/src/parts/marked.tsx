/** Words in which something stands between backticks: a command, drawn as one. */
import type { JSX } from 'preact'

export function Marked({ words }: { words: string }): JSX.Element {
  return <>{words.split('`').map((piece, i) => (i % 2 === 1 ? <code key={piece}>{piece}</code> : piece))}</>
}
