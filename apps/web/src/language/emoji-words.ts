/** The names of the emoji in the reader's language: a part of its own, since nobody waits for a message because of them. */
import type { Catalogue } from '../words/catalogue.ts'
import { speakMore } from '../words/translatable.ts'
import { language } from './language.ts'
import type { LanguageCode } from './languages.ts'

type EmojiWords = Pick<Catalogue, 'emojiWords'>

const others: Readonly<Record<Exclude<LanguageCode, 'en'>, () => Promise<EmojiWords>>> = {
  de: () => import('../words/de/emoji.ts'),
  fr: () => import('../words/fr/emoji.ts'),
  es: () => import('../words/es/emoji.ts'),
  ar: () => import('../words/ar/emoji.ts'),
}

/** Undefined for English, which comes with the dialog. */
export async function emojiWordsOf(code: LanguageCode): Promise<EmojiWords | undefined> {
  if (code === 'en') return undefined
  const { emojiWords } = await others[code]()
  return { emojiWords }
}

/** Settles once the emoji can be named. Where the names do not come they are English. */
export async function speakEmoji(code: LanguageCode): Promise<void> {
  try {
    const words = await emojiWordsOf(code)
    // Meanwhile another language may have been chosen.
    if (words && language.value === code) speakMore(words)
  } catch (error) {
    console.warn(`the emoji could not be named in the language ${code}`, error)
  }
}
