/**
 * Text as it is compared when somebody looks for words: accents, case, width and invisible signs do not count. Made one
 * character at a time, so that what was found can be shown at its place in the text.
 */

/** Letters that Unicode does not take apart, as people type them who do not have them on their keyboard. */
const letters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i', ŧ: 't', ς: 'σ' },
  ...{ '‘': "'", '’': "'", '‚': "'", '“': '"', '”': '"', '„': '"', '‐': '-', '‑': '-', '–': '-', '—': '-' },
}

// Accents, Hebrew points, Arabic vowels. Vowel signs of Indic and Thai letters tell one word from another, and so do the
// marks of Japanese sounds: these stay.
const accent = /^(?![\u3099\u309a])(?=\p{M})[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]$/u
/** Soft hyphens, joiners, marks of direction, the stroke that lengthens Arabic letters. */
const unseen = /^[\p{Default_Ignorable_Code_Point}\u0640]$/u
const charactersKept = 8_192
const known = new Map<string, string>()

/** What was compared, and where each of its UTF-16 units comes from. */
export interface Folded {
  text: string
  /** The first unit of the character that it comes from, and the end behind that and the accents which stand on it. */
  from: readonly number[]
  to: readonly number[]
}

/** @param text - in whatever form of Unicode */
export function fold(text: string): string {
  if (isPlain(text)) return text.toLowerCase().replaceAll(/\s/g, ' ')
  let folded = ''
  for (const character of text.normalize('NFC')) folded += foldCharacter(character)
  return folded
}

/** @param text - in the form NFC: only then do the places fit */
export function foldWithPlaces(text: string): Folded {
  const [from, to]: [number[], number[]] = [[], []]
  let folded = ''
  let at = 0
  for (const character of text) {
    const start = at
    at += character.length
    const piece = foldCharacter(character)
    if (piece === '' && to.length > 0) to[to.length - 1] = at
    for (let unit = 0; unit < piece.length; unit++) {
      from.push(start)
      to.push(at)
    }
    folded += piece
  }
  return { text: folded, from, to }
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}

function foldCharacter(character: string): string {
  const before = known.get(character)
  if (before !== undefined) return before
  const bare = [...character.normalize('NFKD')].filter((one) => !accent.test(one) && !unseen.test(one)).join('')
  const small = [...bare.toLowerCase()].map((one) => letters[one] ?? one.replace(/\s/u, ' '))
  const folded = small.join('').normalize('NFC')
  if (known.size >= charactersKept) known.clear()
  known.set(character, folded)
  return folded
}
