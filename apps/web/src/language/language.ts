/** The language that the page speaks: what the reader chose here, or else the browser's. */
import { type ReadonlySignal, signal } from '@preact/signals'
import { report } from '../problems.ts'
import { languageWords } from '../words/language.ts'
import { useLocale } from '../words/locale.ts'
import { speakWords } from '../words/translatable.ts'
import { isLanguage, type LanguageCode, languages, localeFor, preferredLanguage, wordsOf } from './languages.ts'

const chosenKey = 'qsec:language'
const spoken = signal<LanguageCode>('en')

/** Whatever draws words is drawn anew when this changes. */
export const language: ReadonlySignal<LanguageCode> = spoken

/** Settles once words can be drawn. Where those of the reader's language do not come, in English, and says so. */
export async function startLanguage(): Promise<void> {
  await speak(chosen() ?? preferredLanguage(navigator.languages))
}

/** Speaks another language from now on, and after a reload. Where its words do not come, it stays as it was. */
export async function changeLanguage(code: LanguageCode): Promise<void> {
  if (await speak(code)) remember(code)
}

async function speak(code: LanguageCode): Promise<boolean> {
  try {
    speakWords(await wordsOf(code))
  } catch (error) {
    console.warn(`the words of the language ${code} could not be loaded`, error)
    report(languageWords.notLoaded)
    return false
  }
  const { direction } = languages.find((one) => one.code === code)!
  useLocale(localeFor(code, navigator.languages), direction)
  document.documentElement.lang = code
  document.documentElement.dir = direction
  spoken.value = code
  return true
}

function chosen(): LanguageCode | undefined {
  try {
    const stored = localStorage.getItem(chosenKey)
    return isLanguage(stored) ? stored : undefined
  } catch (error) {
    // Storage may be shut to this page. What that means for the rooms is said where one is entered.
    console.warn('the chosen language could not be read', error)
    return undefined
  }
}

function remember(code: LanguageCode): void {
  try {
    localStorage.setItem(chosenKey, code)
  } catch (error) {
    console.warn('the chosen language could not be kept', error)
  }
}
