/** Words about the language of the page itself. */
import { type Translatable, translatable } from './translatable.ts'

const languageEnglish = {
  label: 'Language',
  notLoaded: 'The words of that language could not be loaded. Look at the connection and try again.',
} as const

export const languageWords: Translatable<typeof languageEnglish> = translatable('languageWords', languageEnglish)
