/**
 * Alias tables: any discrete law from one 32-bit number and one look-up (Walker, Electron. Lett. 10, 127, 1974; built
 * as by Vose, IEEE Trans. Softw. Eng. 17, 972, 1991).
 *
 * The number's top bits choose a slot. A slot is one word, `cut` above `alias`: if the lower bits of the number are
 * below the cut the slot stands for itself, else for its alias. Probabilities are exact to 2^-32.
 */
export interface AliasTable {
  /** log2 of the number of slots. */
  bits: number
  words: Uint32Array
}

/** @param weights - not negative, at most 2^16, not all 0; need not sum to 1 */
export function aliasTable(weights: ArrayLike<number>): AliasTable {
  const bits = Math.max(2, Math.ceil(Math.log2(weights.length)))
  const { cuts, aliases } = aliasSlots(weights, bits)
  return { bits, words: cuts.map((cut, slot) => (cut << bits) | aliases[slot]!) }
}

/** The slots unpacked: cut in units of 2^-(32 - bits) of a slot, and at most one unit less than a whole slot. */
export function aliasSlots(weights: ArrayLike<number>, bits: number): { cuts: Uint32Array; aliases: Uint32Array } {
  const slots = 1 << bits
  const whole = 2 ** (32 - bits)
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += weights[i]!
  const left = new Float64Array(slots)
  for (let i = 0; i < weights.length; i++) left[i] = (weights[i]! / sum) * slots
  const cuts = new Uint32Array(slots)
  const aliases = new Uint32Array(slots)
  const poor: number[] = []
  const rich: number[] = []
  for (let slot = 0; slot < slots; slot++) (left[slot]! < 1 ? poor : rich).push(slot)
  while (poor.length > 0 && rich.length > 0) {
    const slot = poor.pop()!
    const giver = rich.at(-1)!
    cuts[slot] = Math.min(whole - 1, Math.round(left[slot]! * whole))
    aliases[slot] = giver
    left[giver]! -= 1 - left[slot]!
    if (left[giver]! < 1) poor.push(rich.pop()!)
  }
  for (const slot of rich) {
    cuts[slot] = whole - 1
    aliases[slot] = slot
  }
  // What is poor with nobody left to give is whole but for rounding.
  const heaviest = left.reduce((best, _, slot) => (weights[slot]! > (weights[best] ?? 0) ? slot : best), 0)
  for (const slot of poor) {
    const empty = !((weights[slot] ?? 0) > 0)
    cuts[slot] = empty ? 0 : whole - 1
    aliases[slot] = empty ? heaviest : slot
  }
  return { cuts, aliases }
}

/** The same look-up as in the inner loops, for what is drawn now and then. */
export function drawAlias({ bits, words }: AliasTable, random: () => number): number {
  const number = Math.floor(random() * 2 ** 32)
  const slot = number >>> (32 - bits)
  const word = words[slot]!
  return number % 2 ** (32 - bits) < word >>> bits ? slot : word & ((1 << bits) - 1)
}
