/** Names as they may be shown, and what tells names that people would take for one another. */
import { lookOf } from './looks.ts'

/** Longest name, in characters. */
export const nameCharactersAtMost = 40
/** Longest title of a room, in characters. */
export const titleCharactersAtMost = 60

// Controls, bidi marks, invisible characters; and signs with which a name would look as if the program vouched for it:
// check marks, locks, keys, shields, warnings, coloured dots, and circles that enclose what stands before them.
const notInNames =
  /\p{C}|\p{Zl}|\p{Zp}|\p{Me}|\p{Default_Ignorable_Code_Point}|\u2800|[√⍻☑✅✓✔✗✘❌❎🗸🗹🮱🔏🔐🔑🔒🔓🗝🛡⛨🔰⚠⛔🚫❗❕🔴🟠🟡🟢🔵🟣🏅🎖]/gu
/** Marks above and below one letter: more would reach over the lines beside. */
const tooManyMarks = /(\p{M}{3})\p{M}+/gu

/** A name as it may be shown: no controls, no badge look-alikes, single spaces, at most 40 characters. */
export function cleanName(name: string): string {
  return cleanLine(name, nameCharactersAtMost)
}

/** A room's title as it may be shown: like a name, with at most 60 characters; empty where nothing is left. */
export function cleanTitle(title: string): string {
  return cleanLine(title, titleCharactersAtMost)
}

function cleanLine(line: string, charactersAtMost: number): string {
  const clean = line.normalize('NFC').replace(notInNames, '').replace(tooManyMarks, '$1').replace(/\s+/g, ' ').trim()
  return [...clean].slice(0, charactersAtMost).join('').trim()
}

/**
 * Two names with one skeleton can be taken for each other. It is that of UTS #39 §4 and stricter: case, spaces,
 * punctuation and strokes through a letter do not count, and neither does what stands in brackets at the end, where screens put a fingerprint.
 * Not for showing. `loadLooksFor` comes before it.
 */
export function skeleton(name: string): string {
  const known = skeletons.get(name)
  if (known !== undefined) return known
  const made = makeSkeleton(name)
  if (skeletons.size >= skeletonsKept) skeletons.clear()
  skeletons.set(name, made)
  return made
}

const skeletonsKept = 4_096
const skeletons = new Map<string, string>()

function makeSkeleton(name: string): string {
  const bare = name.replace(/[([{][^()[\]{}]*[)\]}]\s*$/u, '')
  // Capitals are mapped as they look (I as l), then once more as what they are in small letters.
  const small = replaceAll(bare.trim() === '' ? name : bare).toLowerCase()
  return replaceAll(small).replace(/[\p{Z}\p{P}\p{S}]|[\u0334-\u0338]/gu, '') || replaceAll(small)
}

function replaceAll(text: string): string {
  const mapped = [...text.normalize('NFKD')].map((one) =>
    /\p{Default_Ignorable_Code_Point}/u.test(one) ? '' : lookOf(one),
  )
  return mapped.join('').normalize('NFKD')
}
