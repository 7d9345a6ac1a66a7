/** Emoji to choose from, each with the words by which it is found. */
import { bare } from '../../bare.ts'
import { emojiWords } from '../../words/emoji.ts'

export interface Emoji {
  sign: string
  names: string
}

export const quickSigns = ['👍', '❤️', '😂'] as const

const signs = {
  faces: '😀 😄 😂 🤣 🙂 😉 😊 😍 😘 😜 🤗 🤔 🤨 😐 🙄 😏 😬 😴 🤒 🤯 🥳 😎 🤓 😮 😳 🥺 😢 😭 😱 😤 😡 🤐 🫠 🫡',
  hands: '👍 👎 👌 ✌️ 🤞 👏 🙌 🙏 🤝 💪 👋 ✋ 👀 🤷 🙋 🤦',
  hearts: '❤️ 🧡 💛 💚 💙 💜 💔 💯 ✨ 🔥 🎉 🎂 🎁 🏆',
  signs: '✅ ❌ ❓ ❗ ⚠️ 🚀 💡 🔒 🔑 🔬 🧪 📈 📉 ⏰ ⏳ 📅 📌 ☕ 🍕 🍺 ☀️ 🌧️ 🌙 🐱 🐶 🐢 🌱',
} as const

/** In the language that the page speaks now. */
export function emojiGroups(): { name: string; emoji: readonly Emoji[] }[] {
  const names: Readonly<Record<string, string>> = emojiWords.names
  return (Object.keys(signs) as (keyof typeof signs)[]).map((group) => ({
    name: emojiWords.groups[group],
    emoji: signs[group].split(' ').map((sign) => ({ sign, names: names[sign]! })),
  }))
}

/** Those of whose names every word typed begins one. */
export function emojiByName(typed: string): Emoji[] {
  const wanted = wordsIn(typed)
  if (wanted.length === 0) return []
  return emojiGroups()
    .flatMap(({ emoji }) => emoji)
    .filter(({ names, sign }) => {
      const words = [...wordsIn(names), bare(sign)]
      return wanted.every((one) => words.some((word) => word.startsWith(one)))
    })
}

/** As they are compared: *cœur* is found by *coeur*, and *d’accord* by *accord*. */
function wordsIn(text: string): string[] {
  return bare(text)
    .replaceAll('œ', 'oe')
    .split(/[\s:'’]+/)
    .filter(Boolean)
}
