/**
 * The largest value of a function on the unit cube: differential evolution (Storn and Price, J. Global Optim. 11, 341,
 * 1997), then Nelder and Mead (Comput. J. 7, 308, 1965) from the best places. Finite-key rates are 0 over most of the
 * cube, with a narrow ridge; a single start misses it.
 */
import type { SeededRandom } from '../random.ts'

export interface Optimum {
  at: number[]
  value: number
}

export interface OptimiseOptions {
  random: SeededRandom
  /** Places to try beside random ones. */
  starts?: readonly (readonly number[])[]
  population?: number
  generations?: number
  /** How many of the best places are climbed to the end. */
  climbs?: number
}

/** @param score - of a place with coordinates from 0 to 1; finite */
export function maximise(score: (at: number[]) => number, dimensions: number, options: OptimiseOptions): Optimum {
  const { random, starts = [], population = 12 + 4 * dimensions, generations = 50, climbs = 3 } = options
  const members = Array.from({ length: population }, (_, i): Optimum => {
    const at = starts[i]?.slice() ?? Array.from({ length: dimensions }, () => random())
    return { at, value: score(at) }
  })
  for (let generation = 0; generation < generations; generation++) {
    for (const [i, member] of members.entries()) {
      const at = crossed(member.at, members, random)
      const value = score(at)
      if (value >= member.value) members[i] = { at, value }
    }
  }
  const best = members.sort((a, b) => b.value - a.value).slice(0, climbs)
  return best.map((from) => climb(score, from)).reduce((a, b) => (b.value > a.value ? b : a))
}

/** A child of three members and its parent, inside the cube. */
function crossed(parent: readonly number[], members: readonly Optimum[], random: SeededRandom): number[] {
  const pick = (): number[] => members[Math.floor(random() * members.length)]!.at
  const [a, b, c] = [pick(), pick(), pick()]
  const weight = 0.4 + 0.6 * random()
  const forced = Math.floor(random() * parent.length)
  return parent.map((old, i) => {
    if (i !== forced && random() > 0.9) return old
    const moved = a[i]! + weight * (b[i]! - c[i]!)
    // A child outside lands between its parent and the wall it passed.
    return moved < 0 ? (old * random()) / 2 : moved > 1 ? 1 - ((1 - old) * random()) / 2 : moved
  })
}

/** Nelder and Mead inside the cube, until the simplex is smaller than 10^-7. */
function climb(score: (at: number[]) => number, from: Optimum, maxSteps = 400): Optimum {
  const dimensions = from.at.length
  const place = (at: number[]): Optimum => ({ at, value: score(at) })
  const simplex = [from]
  for (let i = 0; i < dimensions; i++) {
    simplex.push(place(from.at.map((x, j) => (i === j ? (x > 0.5 ? x - 0.04 : x + 0.04) : x))))
  }
  for (let step = 0; step < maxSteps; step++) {
    simplex.sort((a, b) => b.value - a.value)
    const best = simplex[0]!
    const worst = simplex[dimensions]!
    if (simplex.every(({ at }) => at.every((x, i) => Math.abs(x - best.at[i]!) < 1e-7))) break
    const others = simplex.slice(0, dimensions)
    const centre = best.at.map((_, i) => others.reduce((sum, { at }) => sum + at[i]!, 0) / dimensions)
    const along = (by: number): Optimum =>
      place(centre.map((x, i) => Math.min(1, Math.max(0, x + by * (worst.at[i]! - x)))))
    const mirrored = along(-1)
    if (mirrored.value > best.value) {
      const further = along(-2)
      simplex[dimensions] = further.value > mirrored.value ? further : mirrored
    } else if (mirrored.value > simplex[dimensions - 1]!.value) {
      simplex[dimensions] = mirrored
    } else {
      const nearer = along(mirrored.value > worst.value ? -0.5 : 0.5)
      if (nearer.value > Math.max(worst.value, mirrored.value)) simplex[dimensions] = nearer
      else for (let i = 1; i <= dimensions; i++) simplex[i] = place(simplex[i]!.at.map((x, j) => (x + best.at[j]!) / 2))
    }
  }
  return simplex.reduce((a, b) => (b.value > a.value ? b : a))
}
