/**
 * The levels 15 to 4 of the transform on planes of low and of high bytes (tower coordinates). A vector has one factor
 * there, and 16 products with a constant are a few look-ups of half bytes, whose time does not depend on the data.
 */
import {
  and,
  type Code,
  call,
  count,
  get,
  int,
  type Local,
  load,
  lookUp,
  plus,
  right64,
  set,
  shiftLeft32,
  shiftRight32,
  splat,
  store,
  xor,
} from './instructions.ts'
import { factorTableBytes, factorTables, fromTowerTables, planeBytes, planes, toTowerTables } from './layout.ts'
import type { Procedure, Program } from './program.ts'

/** Two planes in tower coordinates, or one. */
type Element = Local[]

/**
 * Defines `split()`, from bytes in the low plane through the levels 15 to 4 of both planes, `join()`, the way back to
 * elements in the field's own coordinates, and `overlap(start, end)`, which adds to each byte of the low plane the high
 * one before it.
 */
export function definePlanes(program: Program, relaxed: boolean): void {
  for (const back of [false, true]) {
    const change = program.define(0, (f) => writeBasisChange(f, relaxed, back))
    // Above level 7 the factors lie in GF(256), which acts on each plane by itself.
    const high = [15, 13, 11, 9].map((level) =>
      program.define(1, (f, plane) => writeTwoLevels(f, relaxed, back, 1, level, plane)),
    )
    const low = [7, 5].map((level) => program.define(0, (f) => writeTwoLevels(f, relaxed, back, 2, level, int(0))))
    const passes = [0, planeBytes].flatMap((plane) => high.map((pass) => call(pass, int(plane))))
    const all = [call(change), ...passes, ...low.map((pass) => call(pass))]
    program.define(0, (f) => f.do(...(back ? all.toReversed() : all)), back ? 'join' : 'split')
  }
  program.define(
    2,
    (f, start, end) => {
      const at = f.int()
      const sum = xor(load(get(at), planes), load(get(at), planes + planeBytes - 1))
      f.do(count(at, start, end, int(16), store(get(at), planes, sum)))
    },
    'overlap',
  )
}

// Half bytes from the lowest on.
function halves(f: Procedure, element: Element): Local[] {
  return element.flatMap((plane) => [f.let(and(get(plane), splat(15))), f.let(and(right64(get(plane), 4), splat(15)))])
}

// One output plane of a product: tables at `offset`, one for each half byte, added to `start`.
function sumOfLookUps(relaxed: boolean, tables: Code, offset: number, parts: Local[], start?: Code): Code {
  const terms = parts.map((part, i) => lookUp(load(tables, offset + 16 * i), get(part), relaxed))
  return (start ? [start, ...terms] : terms).reduce(xor)
}

function writeBasisChange(f: Procedure, relaxed: boolean, back: boolean): void {
  const at = f.int()
  const body = f.within(() => {
    const low = f.let(load(get(at), planes))
    const element = back ? [low, f.let(load(get(at), planes + planeBytes))] : [low]
    const parts = halves(f, element)
    const tables = int(back ? fromTowerTables : toTowerTables)
    const result = [0, 64].map((offset) => f.let(sumOfLookUps(relaxed, tables, offset, parts)))
    f.do(store(get(at), planes, get(result[0]!)), store(get(at), planes + planeBytes, get(result[1]!)))
  })
  f.do(count(at, int(0), int(planeBytes), int(16), body))
}

// The levels `level` and `level - 1`, with their four quarters of a block in registers.
function writeTwoLevels(f: Procedure, relaxed: boolean, back: boolean, width: 1 | 2, level: number, plane: Code): void {
  const quarter = 1 << (level - 1)
  const start = f.int()
  const at = f.int()
  const upperTables = f.int()
  const lowerTables = f.int()

  // In the block that starts at 0 the first factor of either level is 0.
  const quarters = (isFirst: boolean): Code => {
    const inner = f.within(() => {
      const address = (i: number, p: number): number => planes + p * planeBytes + i * quarter
      const values = [0, 1, 2, 3].map(
        (i): Element => Array.from({ length: width }, (_, p) => f.let(load(get(at), address(i, p)))),
      )
      const butterfly = (a: number, b: number, tables: Local, number: number): void => {
        if (back) values[b] = added(f, values[b]!, values[a]!)
        if (!isFirst || number > 0) {
          const parts = halves(f, values[b]!)
          values[a] = values[a]!.map((bytes, p) =>
            f.let(sumOfLookUps(relaxed, get(tables), number * factorTableBytes + 64 * p, parts, get(bytes))),
          )
        }
        if (!back) values[b] = added(f, values[b]!, values[a]!)
      }
      const upper = (): void => {
        for (const a of [0, 1]) butterfly(a, a + 2, upperTables, 0)
      }
      const lower = (): void => {
        for (const half of [0, 1]) butterfly(2 * half, 2 * half + 1, lowerTables, half)
      }
      for (const level of back ? [lower, upper] : [upper, lower]) level()
      for (const [i, element] of values.entries()) {
        for (const [p, bytes] of element.entries()) f.do(store(get(at), address(i, p), get(bytes)))
      }
    })
    const first = plus(get(start), plane)
    return count(at, first, plus(first, int(quarter)), int(16), inner)
  }

  const tables = (shift: number): Code =>
    plus(int(factorTables), shiftLeft32(shiftRight32(get(start), int(shift)), int(7)))
  f.do(set(lowerTables, int(factorTables)), set(start, int(0)), quarters(true))
  if (level === 15) return
  const block = [...set(upperTables, tables(level + 1)), ...set(lowerTables, tables(level)), ...quarters(false)]
  f.do(count(start, int(4 * quarter), int(planeBytes), int(4 * quarter), block))
}

function added(f: Procedure, element: Element, term: Element): Element {
  return element.map((bytes, p) => f.let(xor(get(bytes), get(term[p]!))))
}
