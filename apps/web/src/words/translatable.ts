/**
 * What makes the English words of this folder a catalogue: each export is named, and another language may stand in for it.
 * The English entry is the contract: its type says what every translation must have (`catalogue.ts`).
 */

declare const named: unique symbol

/** Words of one name, in whichever language the page speaks now. */
export type Translatable<T> = Translated<T> & { readonly [named]: true }

/** The same entries in any language: where English says a certain text, there stands a text. */
export type Translated<T> = T extends string
  ? string
  : T extends (...args: infer A) => infer R
    ? (...args: A) => Translated<R>
    : T extends number | boolean | undefined
      ? T
      : { [K in keyof T]: Translated<T[K]> }

let spoken: Readonly<Record<string, unknown>> = {}

/** From now on the page speaks these words; without any, English. */
export function speakWords(words: Readonly<Record<string, unknown>> | undefined): void {
  spoken = words ?? {}
}

/** To the words of this language these are added, which came later. */
export function speakMore(words: Readonly<Record<string, unknown>>): void {
  spoken = { ...spoken, ...words }
}

/**
 * Never read where a module is loaded, only where it draws: the language may be chosen later.
 *
 * @param name - the name of the export
 */
/* @__NO_SIDE_EFFECTS__ */
export function translatable<const T extends object>(name: string, english: T): Translatable<T> {
  const now = (): T => (spoken[name] ?? english) as T
  if (typeof english === 'function') {
    return ((...args: unknown[]) => (now() as (...args: unknown[]) => unknown)(...args)) as never
  }
  return new Proxy(english, { get: (_, key) => Reflect.get(now(), key) }) as never
}

/** The entry of a code that came from elsewhere; undefined where these words do not know it. */
export function wordsFor(words: object, code: string): string | undefined {
  return Object.hasOwn(words, code) ? (words as Readonly<Record<string, string>>)[code] : undefined
}
