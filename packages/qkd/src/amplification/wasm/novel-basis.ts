/** The change to the novel basis and back (../novel-basis.ts) for a square of 256 by 256 bytes. */
import {
  and32,
  below,
  type Code,
  call,
  count,
  get,
  int,
  type Local,
  load,
  minus,
  plus,
  repeatWhile,
  set,
  shiftLeft32,
  shiftRight32,
  shuffle,
  store,
  times,
  when,
  xor,
  xorSmall,
} from './instructions.ts'
import { scratch } from './layout.ts'
import type { Procedure, Program } from './program.ts'

const rowBytes = 256
const squareBytes = 65536
const vectorBytes = 16

/** Defines `toNovelBasis(square)` and `fromNovelBasis(square)`. */
export function defineNovelBasis(program: Program): void {
  const xorRange = program.define(3, writeXorRange)
  const [toScratch, fromScratch] = [
    program.define(2, (f, square, tile) => writeTransposedTile(f, square, rowBytes, tile, vectorBytes)),
    program.define(2, (f, tile, square) => writeTransposedTile(f, tile, vectorBytes, square, rowBytes)),
  ]
  for (const back of [false, true]) {
    const expand = program.define(3, (f, base, size, t) => writeExpand(f, xorRange, back, base, size, t))
    const column = (stride: number): number => defineColumn(program, back, stride)
    const [ofRows, ofVectors] = [column(rowBytes), column(vectorBytes)]
    program.define(
      1,
      (f, square) => {
        const at = f.int()
        const k = f.int()
        const inOrder = (...steps: Code[]): Code => (back ? steps.toReversed() : steps).flat()
        // Sixteen rows at a time are turned to columns, so that a vector holds one coefficient of each.
        const inSquare = plus(get(at), get(k))
        const inScratch = plus(int(scratch), shiftLeft32(get(k), int(4)))
        const rows = [
          ...count(k, int(0), int(rowBytes), int(vectorBytes), call(toScratch, inSquare, inScratch)),
          ...inOrder(call(expand, int(scratch), int(vectorBytes), int(16)), call(ofVectors, int(scratch))),
          ...count(k, int(0), int(rowBytes), int(vectorBytes), call(fromScratch, inScratch, inSquare)),
        ]
        f.do(
          inOrder(
            call(expand, square, int(1), int(256)),
            call(expand, square, int(rowBytes), int(16)),
            count(at, square, plus(square, int(rowBytes)), int(vectorBytes), call(ofRows, get(at))),
            count(at, square, plus(square, int(squareBytes)), int(16 * rowBytes), rows),
          ),
        )
      },
      back ? 'fromNovelBasis' : 'toNovelBasis',
    )
  }
}

// target[0 .. length) ^= source[0 .. length)
function writeXorRange(f: Procedure, target: Code, source: Code, length: Code): void {
  const to = f.letInt(target)
  const from = f.letInt(source)
  const advance = (by: number): Code => [...set(to, plus(get(to), int(by))), ...set(from, plus(get(from), int(by)))]
  for (const bytes of [64, 16]) {
    const end = f.letInt(plus(target, and32(length, int(-bytes))))
    const body = Array.from({ length: bytes / 16 }, (_, i) =>
      store(get(to), 16 * i, xor(load(get(to), 16 * i), load(get(from), 16 * i))),
    ).flat()
    f.do(when(below(get(to), get(end)), repeatWhile([...body, ...advance(bytes)], below(get(to), get(end)))))
  }
  for (const width of [8, 4, 2, 1] as const) {
    f.do(when(and32(length, int(width)), [...xorSmall(width, get(to), get(from)), ...advance(width)]))
  }
}

// Taylor expansion at x^t + x of t^2 coefficients of `size` bytes.
function writeExpand(f: Procedure, xorRange: number, back: boolean, base: Code, size: Code, t: Code): void {
  const step = f.letInt(back ? size : times(size, shiftRight32(t, int(1))))
  const half = f.int()
  const block = f.int()
  const end = f.letInt(plus(base, times(size, times(t, t))))
  const middle = plus(get(block), get(half))
  const rest = minus(get(half), get(step))
  const fold = call(xorRange, middle, plus(middle, rest), get(step))
  const add = call(xorRange, plus(get(block), get(step)), middle, rest)
  const level = [
    ...set(half, times(t, get(step))),
    ...count(block, base, get(end), shiftLeft32(get(half), int(1)), back ? [...add, ...fold] : [...fold, ...add]),
  ]
  f.do(
    back
      ? repeatWhile([...level, ...set(step, shiftLeft32(get(step), int(1)))], below(get(step), times(size, t)))
      : repeatWhile([...level, ...set(step, shiftRight32(get(step), int(1)))], below(minus(size, int(1)), get(step))),
  )
}

// For 256 coefficients `stride` bytes apart, after the expansion at x^16 + x: what multiplies the powers of that, as
// polynomials, then each of them.
function defineColumn(program: Program, back: boolean, stride: number): number {
  const across = program.define(1, (f, base) => writeSixteen(f, back, base, 16 * stride))
  const along = program.define(1, (f, base) => writeSixteen(f, back, base, stride))
  return program.define(1, (f, base) => {
    const at = f.int()
    const quotients = count(at, base, plus(base, int(16 * stride)), int(stride), call(across, get(at)))
    const each = count(at, base, plus(base, int(256 * stride)), int(16 * stride), call(along, get(at)))
    f.do(...(back ? [each, quotients] : [quotients, each]))
  })
}

// The whole change for 16 coefficients in vectors.
function writeSixteen(f: Procedure, back: boolean, base: Code, stride: number): void {
  const values = Array.from({ length: 16 }, (_, i) => f.let(load(base, i * stride)))
  const additions = changeOfBasis(16)
  for (const [target, source] of back ? additions.toReversed() : additions) {
    f.do(set(values[target]!, xor(get(values[target]!), get(values[source]!))))
  }
  for (const [i, value] of values.entries()) f.do(store(base, i * stride, get(value)))
}

// Pairs (target, source) of additions, in their order, that take n = 4 or 16 coefficients to the novel basis.
function changeOfBasis(n: number, at = 0, size = 1): [number, number][] {
  if (n === 2) return []
  const t = Math.sqrt(n)
  const additions: [number, number][] = []
  const add = (target: number, source: number, length: number): void => {
    for (let i = 0; i < length; i++) {
      for (let part = 0; part < size; part++) {
        additions.push([at + (target + i) * size + part, at + (source + i) * size + part])
      }
    }
  }
  for (let step = t >> 1; step >= 1; step >>= 1) {
    for (let block = 0; block < n; block += 2 * t * step) {
      const half = block + t * step
      add(half, half + (t - 1) * step, step)
      add(block + step, half, (t - 1) * step)
    }
  }
  additions.push(...changeOfBasis(t, at, size * t))
  for (let row = 0; row < n; row += t) additions.push(...changeOfBasis(t, at + row * size, size))
  return additions
}

function writeTransposedTile(f: Procedure, from: Code, fromStride: number, to: Code, toStride: number): void {
  const rows = Array.from({ length: 16 }, (_, i) => f.let(load(from, i * fromStride)))
  for (const [i, column] of transposed(f, rows).entries()) f.do(store(to, i * toStride, get(column)))
}

const lowHalves = Array.from({ length: 16 }, (_, i) => (i >> 1) + 16 * (i & 1))
const highHalves = lowHalves.map((lane) => lane + 8)

/** Sixteen vectors as rows of bytes -> their columns. */
export function transposed(f: Procedure, rows: readonly Local[]): Local[] {
  let vectors = [...rows]
  for (let round = 0; round < 4; round++) {
    vectors = vectors.flatMap((_, i) => {
      if (i >= 8) return []
      const [a, b] = [get(vectors[i]!), get(vectors[i + 8]!)]
      return [f.let(shuffle(a, b, lowHalves)), f.let(shuffle(a, b, highHalves))]
    })
  }
  return vectors
}
