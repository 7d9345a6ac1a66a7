/** A friendly name to begin with: two words, drawn so that two people seldom get the same. */
import { nameWords } from './words/names.ts'

export function suggestName(random: (below: number) => number = secureBelow): string {
  const manners = nameWords.manners.split(' ')
  const animals = nameWords.animals.split(' ')
  return nameWords.both(manners[random(manners.length)]!, animals[random(animals.length)]!)
}

/** A whole number from 0 up to but not including `below`. */
function secureBelow(below: number): number {
  // 32 random bits over a few dozen words: the bias is under one in ten million, and a name is no secret.
  return crypto.getRandomValues(new Uint32Array(1))[0]! % below
}
