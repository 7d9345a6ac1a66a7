/** 64 pictures with plain names that nobody takes for one another: six of them carry 36 bits, aloud or at a glance. */
export interface Picture {
  sign: string
  name: string
}

const list =
  '🐶 Dog,🐱 Cat,🦁 Lion,🐴 Horse,🦄 Unicorn,🐷 Pig,🐘 Elephant,🐰 Rabbit,🐼 Panda,🐓 Rooster,🐧 Penguin,🐢 Turtle,🐟 Fish,' +
  '🐙 Octopus,🦋 Butterfly,🐝 Bee,🌵 Cactus,🌲 Pine,🍄 Mushroom,🌻 Sunflower,🍁 Leaf,🌍 Earth,🌙 Moon,⭐ Star,☁️ Cloud,' +
  '🔥 Fire,🌈 Rainbow,⛄ Snowman,☂️ Umbrella,🍎 Apple,🍌 Banana,🍓 Strawberry,🍋 Lemon,🍇 Grapes,🥕 Carrot,🌽 Corn,🍕 Pizza,' +
  '🎂 Cake,🧀 Cheese,🥨 Pretzel,❤️ Heart,👓 Glasses,👑 Crown,⌛ Hourglass,⏰ Clock,🎁 Present,💡 Bulb,📕 Book,' +
  '✏️ Pencil,📎 Clip,✂️ Scissors,🔨 Hammer,☎️ Telephone,🚂 Train,🚲 Bicycle,✈️ Plane,🚀 Rocket,⛵ Boat,🏆 Trophy,⚽ Ball,' +
  '🎸 Guitar,🧲 Magnet,🎺 Trumpet,⚓ Anchor'

export const symbols: readonly Picture[] = list.split(',').map((entry) => {
  const [sign, name] = entry.split(' ') as [string, string]
  return { sign, name }
})
