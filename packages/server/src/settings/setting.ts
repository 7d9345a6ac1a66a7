/** One setting of the relay, and the kinds of value that settings have. */

/** From it come reading and checking, `qsec serve --help` and the table in docs/operations.md. */
export interface Setting<T> {
  /** In the environment and in the file alike. */
  readonly name: string
  /** What it may be, in words that complete "must be …". */
  readonly range: string
  /** As somebody would write it. */
  readonly fallback: string
  /** What help and docs say in its place where that alone says little. */
  readonly fallbackWords?: string
  /** What it does. A clause, without a full stop. */
  readonly meaning: string
  /** The option of the command line that sets it as well, without its dashes. */
  readonly flag?: string
  /** Its value is repeated nowhere, not even where it is refused. */
  readonly isSecret?: true
  /** In the settings file a relative one counts from that file's folder. */
  readonly isPath?: true
  /** Undefined where `text` is none. */
  parse(text: string): { value: T } | undefined
}

type Words = Pick<Setting<unknown>, 'name' | 'meaning' | 'fallbackWords' | 'flag' | 'isSecret'>

interface Bounds {
  least: number
  most: number
}

export function wholeNumber(words: Words, { fallback, ...bounds }: Bounds & { fallback: number }): Setting<number> {
  return {
    ...words,
    range: `a number from ${bounds.least} to ${bounds.most}`,
    fallback: String(fallback),
    parse: (text) => parseNumber(text, bounds),
  }
}

/** A number, or the word that stands for none: `off`, `forever`. Without one it is undefined. */
export function numberOr(
  word: string,
  words: Words,
  { fallback, ...bounds }: Bounds & { fallback: number | undefined },
): Setting<number | undefined> {
  return {
    ...words,
    range: `a number from ${bounds.least} to ${bounds.most}, or ${word}`,
    fallback: fallback === undefined ? word : String(fallback),
    parse: (text) => (text === word ? { value: undefined } : parseNumber(text, bounds)),
  }
}

function parseNumber(text: string, { least, most }: Bounds): { value: number } | undefined {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? { value } : undefined
}

export function choice<T extends string>(words: Words, among: readonly T[], fallback: T): Setting<T> {
  return {
    ...words,
    range: `one of ${among.join(', ')}`,
    fallback,
    parse: (text) => ((among as readonly string[]).includes(text) ? { value: text as T } : undefined),
  }
}

/** Several values with commas between them, or an array in the file. */
export function list(words: Words & { range: string }, isOne: (text: string) => boolean): Setting<readonly string[]> {
  return {
    ...words,
    fallback: '',
    parse(text) {
      const all = text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '')
      return all.every(isOne) ? { value: all } : undefined
    },
  }
}

export function pattern(words: Words & { range: string; fallback: string }, shape: RegExp): Setting<string> {
  return { ...words, parse: (text) => (shape.test(text) ? { value: text } : undefined) }
}

/** A file or folder; undefined where none is named. */
export function filePath(words: Words, fallback = ''): Setting<string | undefined> {
  return {
    ...words,
    range: 'a path',
    fallback,
    isPath: true,
    parse: (text) => (/\p{Cc}/u.test(text) ? undefined : { value: text || undefined }),
  }
}
