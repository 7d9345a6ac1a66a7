/** The languages of the page. English stands in the page itself; each other one is a part that is fetched before the first word. */
import type { StartCatalogue } from '../words/catalogue.ts'

export const languages = [
  { code: 'en', name: 'English', direction: 'ltr' },
  { code: 'de', name: 'Deutsch', direction: 'ltr' },
  { code: 'fr', name: 'Français', direction: 'ltr' },
  { code: 'es', name: 'Español', direction: 'ltr' },
  { code: 'ar', name: 'العربية', direction: 'rtl' },
] as const

export type LanguageCode = (typeof languages)[number]['code']

const others: Readonly<Record<Exclude<LanguageCode, 'en'>, () => Promise<{ default: StartCatalogue }>>> = {
  de: () => import('../words/de/index.ts'),
  fr: () => import('../words/fr/index.ts'),
  es: () => import('../words/es/index.ts'),
  ar: () => import('../words/ar/index.ts'),
}

/** The words of a language; undefined for English, which needs none. */
export async function wordsOf(code: LanguageCode): Promise<StartCatalogue | undefined> {
  return code === 'en' ? undefined : (await others[code]()).default
}

export function isLanguage(code: unknown): code is LanguageCode {
  return languages.some((language) => language.code === code)
}

/** The first of the reader's languages that the page has; English where it has none. */
export function preferredLanguage(wanted: readonly string[]): LanguageCode {
  return wanted.map(baseOf).find(isLanguage) ?? 'en'
}

/** The reader's own region of a language, so that times and numbers look as at home: `de-AT` for German in Austria. */
export function localeFor(code: LanguageCode, wanted: readonly string[]): string {
  const regional = wanted.find((tag) => baseOf(tag) === code) ?? code
  // Codes and digits to compare are written 0 to 9 in every language, so the other numbers on the page are too.
  return baseOf(regional) === 'ar' ? new Intl.Locale(regional, { numberingSystem: 'latn' }).toString() : regional
}

function baseOf(tag: string): string {
  return tag.split('-', 1)[0]!.toLowerCase()
}
