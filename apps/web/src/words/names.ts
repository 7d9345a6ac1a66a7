/** Friendly names to begin with, of two words. Lists are divided by spaces. */
import { type Translatable, translatable } from './translatable.ts'

const nameEnglish = {
  both: (manner: string, animal: string): string => `${manner} ${animal}`,
  manners:
    ('Amber Bright Calm Clever Cosy Curious Dapper Eager Fair Gentle Glad Golden Happy Honest Jolly Keen Kind Lively ' +
      'Lucky Lunar Mellow Merry Mild Nimble Noble Patient Plucky Polite Proud Quick Quiet Ready Silver Snug Solar Spry ' +
      'Steady Sunny Swift Tidy True Velvet Warm Wise Witty Zesty') as string,
  animals:
    ('Badger Beaver Bison Bittern Crane Curlew Dolphin Dormouse Dove Eider Falcon Ferret Finch Fox Gecko Gull Hare Hedgehog ' +
      'Heron Ibex Jackdaw Kestrel Kiwi Koala Lark Linnet Lynx Magpie Marmot Marten Newt Otter Owl Panda Penguin Plover ' +
      'Puffin Quail Raven Robin Seal Sparrow Squirrel Stork Swallow Swan Swift Tapir Tern Thrush Toad Vole Wagtail Walrus ' +
      'Weasel Wombat Wren Yak') as string,
} as const

export const nameWords: Translatable<typeof nameEnglish> = translatable('nameWords', nameEnglish)
