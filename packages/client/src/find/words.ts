/** The words that somebody looks for, and where they stand in a text. */
import { fold, foldWithPlaces } from './fold.ts'

/** What of a query counts: each word costs a look at every message. */
export const wordsAtMost = 12
const queryAtMost = 300
/** Places that are told of one text. */
const placesAtMost = 200

/** UTF-16 units of the shown text: where it begins, and behind its end. */
export type Place = readonly [from: number, to: number]

/** Of any language: French has a space within, which `fold` and `trim` take off. */
const marks = '"“”„«»‹›'
const piece = new RegExp(`[${marks}]([^${marks}]*)[${marks}]?|[^\\s${marks}]+`, 'gu')

/**
 * The words of a query as they are compared, each once. What stands in quotation marks is one. None: it asks for nothing.
 */
export function wordsOf(query: string): readonly string[] {
  const words = Array.from(query.slice(0, queryAtMost).matchAll(piece), ([whole, quoted]) =>
    fold(quoted ?? whole).trim(),
  )
  return [...new Set(words.filter((word) => word !== ''))].slice(0, wordsAtMost)
}

/** Whether each of the words stands in one of the texts, wherever in it. The texts are folded. */
export function holdsAll(words: readonly string[], ...folded: string[]): boolean {
  return words.length > 0 && words.every((word) => folded.some((text) => text.includes(word)))
}

/**
 * Where words stand in a text, in order and without overlaps.
 *
 * @param text - in the form NFC, as it is shown
 */
export function placesOf(words: readonly string[], text: string): readonly Place[] {
  const folded = foldWithPlaces(text)
  const places: [number, number][] = []
  for (const word of words) {
    for (let at = folded.text.indexOf(word); at >= 0; at = folded.text.indexOf(word, at + 1)) {
      places.push([folded.from[at]!, folded.to[at + word.length - 1]!])
      if (places.length >= placesAtMost) break
    }
  }
  return joined(places)
}

function joined(places: [number, number][]): readonly Place[] {
  const list: [number, number][] = []
  for (const [from, to] of places.sort(([a], [b]) => a - b)) {
    const last = list.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else list.push([from, to])
  }
  return list
}
