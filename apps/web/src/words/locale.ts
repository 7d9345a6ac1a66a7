/** Numbers, plurals, lists and directions as the reader's language and region have them. */

let tag = 'en'
let rightToLeft = false

/** @param reader - a BCP 47 tag such as `de-AT` */
export function useLocale(reader: string, direction: 'ltr' | 'rtl'): void {
  tag = reader
  rightToLeft = direction === 'rtl'
}

/** For everything of `Intl`. */
export function locale(): string {
  return tag
}

type Kind<T> = new (locale: string, options: never) => T

/** In which direction the page is read. */
export function direction(): 'ltr' | 'rtl' {
  return rightToLeft ? 'rtl' : 'ltr'
}

/** A format for the locale of the moment: made once for each locale, since making one is dear. */
export function formatOf<T, O>(Format: new (locale: string, options: O) => T, options: O): () => T {
  const made = new Map<string, T>()
  return () => {
    const found = made.get(tag) ?? new (Format as Kind<T>)(tag, options as never)
    made.set(tag, found)
    return found
  }
}

const numbers = formatOf(Intl.NumberFormat, {})
const rules = formatOf(Intl.PluralRules, {})

export function wholeNumber(value: number): string {
  return numbers().format(value)
}

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** The form that the language has for this number; `#` in it stands for the number. */
export function counted(value: number, forms: Forms): string {
  return (forms[rules().select(value)] ?? forms.other).replace('#', wholeNumber(value))
}

const fromRight = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/**
 * What must not turn the sentence around it, nor be turned by it: a name, an address, a code. The signs for that are
 * invisible, and stand only where letters of both directions can meet.
 */
export function isolated(text: string): string {
  if (text.startsWith('\u2068') || !(rightToLeft || fromRight.test(text))) return text
  return `\u2068${text}\u2069`
}
