/** A friendly name to begin with: two words, drawn so that two people seldom get the same. */
export function suggestName(random: (below: number) => number = secureBelow): string {
  return `${manners[random(manners.length)]!} ${animals[random(animals.length)]!}`
}

/** A whole number from 0 up to but not including `below`. */
function secureBelow(below: number): number {
  // 32 random bits over a few dozen words: the bias is under one in ten million, and a name is no secret.
  return crypto.getRandomValues(new Uint32Array(1))[0]! % below
}

const manners = (
  'Amber Bright Calm Clever Cosy Curious Dapper Eager Fair Gentle Glad Golden Happy Honest Jolly Keen Kind Lively ' +
  'Lucky Lunar Mellow Merry Mild Nimble Noble Patient Plucky Polite Proud Quick Quiet Ready Silver Snug Solar Spry ' +
  'Steady Sunny Swift Tidy True Velvet Warm Wise Witty Zesty'
).split(' ')

const animals = (
  'Badger Beaver Bison Bittern Crane Curlew Dolphin Dormouse Dove Eider Falcon Ferret Finch Fox Gecko Gull Hare Hedgehog ' +
  'Heron Ibex Jackdaw Kestrel Kiwi Koala Lark Linnet Lynx Magpie Marmot Marten Newt Otter Owl Panda Penguin Plover ' +
  'Puffin Quail Raven Robin Seal Sparrow Squirrel Stork Swallow Swan Swift Tapir Tern Thrush Toad Vole Wagtail Walrus ' +
  'Weasel Wombat Wren Yak'
).split(' ')
