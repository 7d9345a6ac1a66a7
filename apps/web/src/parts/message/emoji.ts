/** Emoji to choose from, each with the words by which it is found. */
export interface Emoji {
  sign: string
  names: string
}

export const quickSigns = ['👍', '❤️', '😂'] as const

const list: Readonly<Record<string, string>> = {
  Faces:
    '😀 grinning,😄 happy smile,😂 joy laughing tears,🤣 rolling laughing,🙂 slight smile,😉 wink,😊 blush smile,😍 love eyes,😘 kiss,😜 tongue wink,🤗 hug,🤔 thinking,🤨 raised eyebrow,😐 neutral,🙄 rolling eyes,😏 smirk,😬 grimace,😴 asleep,🤒 ill,🤯 mind blown,🥳 party,😎 cool sunglasses,🤓 nerd,😮 surprised,😳 flushed,🥺 pleading,😢 crying sad,😭 sobbing,😱 scream,😤 huffing,😡 angry,🤐 zipped mouth secret,🫠 melting,🫡 salute',
  Hands:
    '👍 thumbs up yes,👎 thumbs down no,👌 ok,✌️ victory peace,🤞 crossed fingers luck,👏 clap,🙌 raised hands hooray,🙏 thanks please,🤝 handshake deal,💪 strong,👋 wave hello,✋ stop hand,👀 eyes looking,🤷 shrug,🙋 raised hand me,🤦 facepalm',
  Hearts:
    '❤️ red heart love,🧡 orange heart,💛 yellow heart,💚 green heart,💙 blue heart,💜 purple heart,💔 broken heart,💯 hundred,✨ sparkles,🔥 fire,🎉 party popper,🎂 cake birthday,🎁 gift,🏆 trophy',
  Signs:
    '✅ check done,❌ cross wrong,❓ question,❗ exclamation,⚠️ warning,🚀 rocket,💡 idea bulb,🔒 lock,🔑 key,🔬 microscope lab,🧪 test tube,📈 chart up,📉 chart down,⏰ alarm time,⏳ hourglass wait,📅 calendar date,📌 pin,☕ coffee,🍕 pizza,🍺 beer,☀️ sun,🌧️ rain,🌙 moon,🐱 cat,🐶 dog,🐢 turtle,🌱 seedling',
}

export const groups: readonly { name: string; emoji: readonly Emoji[] }[] = Object.entries(list).map(
  ([name, entries]) => ({
    name,
    emoji: entries.split(',').map((entry) => {
      const at = entry.indexOf(' ')
      return { sign: entry.slice(0, at), names: entry.slice(at + 1) }
    }),
  }),
)

/** Those of whose names every word typed begins one. */
export function emojiByName(typed: string): Emoji[] {
  const wanted = typed.toLowerCase().replaceAll(':', ' ').split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return []
  return groups
    .flatMap(({ emoji }) => emoji)
    .filter(({ names, sign }) => {
      const words = names.split(' ')
      return wanted.every((one) => one === sign || words.some((word) => word.startsWith(one)))
    })
}
