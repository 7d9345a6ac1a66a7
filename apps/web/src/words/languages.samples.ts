/** For the tests of the translations: what may stay English in each, and what must not stand in it. */
import type { LanguageCode } from '../language/languages.ts'

export type Told = Readonly<Record<string, unknown>> | ((...args: unknown[]) => unknown)

interface About {
  /** Keys of texts that are the same as in English, since the field or the language calls them so. */
  sameAsEnglish: readonly string[]
  /** Exports of the translation besides the catalogue's. */
  own: readonly string[]
  simulated: RegExp
  never: readonly RegExp[]
  samePictures: readonly string[]
}

/** Files whose words every language still says in English. To be emptied: see CONTRIBUTING.md. */
export const untranslatedYet: readonly string[] = []

const everywhere = [
  'homeWords.title',
  'quantumWords.qber',
  'quantumWords.ends',
  'aboutWords.verify',
  'lifetimeWords.goesShort',
  'provenanceWords.x25519',
  'provenanceWords.mlKem',
]

export const aboutEachLanguage: Readonly<Record<Exclude<LanguageCode, 'en'>, About>> = {
  de: {
    sameAsEnglish: [
      ...everywhere,
      'detailsWords.open',
      'devicesWords.facts',
      'aboutWords.version',
      'lockWords.passphrase',
      'deviceWords.lock',
      'quantumWords.bits',
    ],
    own: [],
    simulated: /simulier/i,
    never: [/\b(Sie|Ihnen|Ihr|Ihre[mnrs]?)\b(?= (müssen|können|haben|sind|sollten))/, /“[^”]*”/],
    samePictures: ['Panda', 'Pizza', 'Hammer', 'Ball', 'Magnet'],
  },
  fr: {
    sameAsEnglish: [
      ...everywhere,
      'aboutWords.version',
      'knockWords.code',
      'devicesWords.code',
      'devicesWords.facts',
      'notifyWords.title',
      'keyWords.names.Ctrl',
    ],
    own: ['lastMessages'],
    simulated: /simul/i,
    never: [/[^\u00a0][:;?!»](?=\s|$)/, /«[^\u00a0]/, /(^|[\s’])(tu|ton|tes|toi)(?=[\s,.])/],
    samePictures: ['Lion', 'Panda', 'Cactus', 'Pizza', 'Train'],
  },
  es: {
    sameAsEnglish: [...everywhere, 'devicesWords.facts', 'dayWords.at', 'keyWords.names.Ctrl'],
    own: ['lastMessages'],
    simulated: /simul/i,
    never: [/(^|\. )[^¿\n]{4,}\?/m, /\b(usted|ustedes)\b/i, /[“”]/],
    samePictures: ['Panda', 'Cactus', 'Pizza', 'Clip'],
  },
  ar: {
    sameAsEnglish: [...everywhere, 'keyWords.names.Ctrl', 'keyWords.names.Shift', 'keyWords.names.Enter'],
    own: ['lastMessages'],
    simulated: /محاك/,
    never: [/[\u0600-\u06ff] ?[,;?]/, /[“”„]/],
    samePictures: [],
  },
}

/** Every text within, whatever the depth. */
export function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(texts)
}

/** The texts in the code of a function, as it was written or as a compiler wrote it again. */
export function literalsOf(code: unknown): string[] {
  const literals = String(code).matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)
  return [...literals].map(([, a, b, c]) => (a ?? b ?? c ?? '').replaceAll(/\\xa0/gi, '\u00a0'))
}

/** Each entry by its path; of a function the texts in it. */
export function entriesOf(words: unknown, before = ''): Map<string, string> {
  const entries = new Map<string, string>()
  for (const [key, value] of Object.entries(words as object)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, text] of entriesOf(value, `${before}${key}.`)) entries.set(inner, text)
    } else if (typeof value === 'function') entries.set(before + key, literalsOf(value).join('\n'))
    else entries.set(before + key, texts(value).join('\n'))
  }
  return entries
}
