/** A piece of a message around what was found in it, with that marked. */
import type { JSX } from 'preact'
import type { FoundMessage } from '../client-gate.ts'

type Place = FoundMessage['places'][number]

const before = 60
const whole = 180

interface Piece {
  text: string
  marked: boolean
}

export function Snippet({ text, places }: Pick<FoundMessage, 'text' | 'places'>): JSX.Element {
  return (
    <>
      {snippetOf(text, places).map(({ text: words, marked }, i) =>
        marked ? <mark key={i}>{words}</mark> : <span key={i}>{words}</span>,
      )}
    </>
  )
}

/** The pieces of a text around the first place; what is left out at an end is an ellipsis. */
export function snippetOf(text: string, places: readonly Place[]): Piece[] {
  const first = places[0]?.[0] ?? 0
  const start = first <= before ? 0 : wordStart(text, first - before, first)
  const end = Math.min(text.length, Math.max(start + whole, places[0]?.[1] ?? 0))
  const pieces: Piece[] = start > 0 ? [{ text: '… ', marked: false }] : []
  let at = start
  for (const [from, to] of places) {
    if (from >= end) break
    if (from > at) pieces.push({ text: text.slice(at, from), marked: false })
    pieces.push({ text: text.slice(from, to), marked: true })
    at = to
  }
  if (at < end) pieces.push({ text: wellFormed(text, at, end), marked: false })
  if (Math.max(at, end) < text.length) pieces.push({ text: ' …', marked: false })
  return pieces
}

/** The beginning of the first word from `at` on, or `at` where there is none before `last`. */
function wordStart(text: string, at: number, last: number): number {
  const space = text.slice(at, last).search(/\s\S/u)
  const start = space < 0 ? at : at + space + 1
  return isSecondHalf(text, start) ? start + 1 : start
}

function wellFormed(text: string, from: number, to: number): string {
  return text.slice(from, isSecondHalf(text, to) ? to - 1 : to)
}

function isSecondHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}
