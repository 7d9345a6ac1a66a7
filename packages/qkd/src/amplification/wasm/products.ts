/**
 * Products in slices: 128 at a time with AND and XOR alone, so in a time that does not depend on what is multiplied.
 * Karatsuba's way up the tower, 81 AND: (a0 + a1 y)(c0 + c1 y) = a0 c0 + a1 c1 t + (a0 c0 + (a0 + a1)(c0 + c1)) y,
 * where y^2 = y + t and t is the last element of the smaller field's basis.
 */
import { and, type Code, count, get, int, type Local, load, plus, store, xor } from './instructions.ts'
import { blockBytes } from './layout.ts'
import type { Procedure, Program } from './program.ts'
import { multiplyByLast } from './tower.ts'

const packetBytes = 256

/** Defines addProduct(target, a, b) and sum(target, a, b) for blocks. */
export function defineBlockArithmetic(program: Program): void {
  program.define(
    3,
    (f, target, a, b) => {
      const at = f.int()
      const body = f.within(() => {
        const [left, right] = [a, b].map((block) => f.letInt(plus(block, get(at))))
        const sum = f.letInt(plus(target, get(at)))
        const product = multiplied(f, packet(f, get(left!)), packet(f, get(right!)))
        for (const [c, bit] of product.entries()) f.do(store(get(sum), 16 * c, xor(load(get(sum), 16 * c), get(bit))))
      })
      f.do(count(at, int(0), int(blockBytes), int(packetBytes), body))
    },
    'addProduct',
  )
  program.define(
    3,
    (f, target, a, b) => {
      const at = f.int()
      const addresses = [target, a, b].map((block) => plus(block, get(at)))
      const [to, left, right] = addresses as [Code, Code, Code]
      const body = [0, 16, 32, 48].flatMap((i) => store(to, i, xor(load(left, i), load(right, i))))
      f.do(count(at, int(0), int(blockBytes), int(64), body))
    },
    'sum',
  )
}

/** Defines butterfly(a, b, factor) on packets: a += factor b, b += a; or its inverse. */
export function defineButterfly(program: Program, back: boolean): number {
  return program.define(3, (f, pa, pb, pw) => {
    const b = packet(f, pb)
    if (back) {
      b.forEach((bit, c) => {
        b[c] = f.let(xor(get(bit), load(pa, 16 * c)))
        f.do(store(pb, 16 * c, get(b[c]!)))
      })
    }
    for (const [c, bit] of multiplied(f, b, packet(f, pw)).entries()) {
      const a = f.let(xor(load(pa, 16 * c), get(bit)))
      f.do(store(pa, 16 * c, get(a)))
      if (!back) f.do(store(pb, 16 * c, xor(get(b[c]!), get(a))))
    }
  })
}

function packet(f: Procedure, address: Code): Local[] {
  return Array.from({ length: 16 }, (_, c) => f.let(load(address, 16 * c)))
}

function multiplied(f: Procedure, a: readonly Local[], c: readonly Local[]): Local[] {
  if (a.length === 1) return [f.let(and(get(a[0]!), get(c[0]!)))]
  const half = a.length / 2
  const added = (x: readonly Local[], y: readonly Local[]): Local[] =>
    x.map((bit, i) => f.let(xor(get(bit), get(y[i]!))))
  const [a0, a1, c0, c1] = [a.slice(0, half), a.slice(half), c.slice(0, half), c.slice(half)]
  const low = multiplied(f, a0, c0)
  const high = multiplied(f, a1, c1)
  const both = multiplied(f, added(a0, a1), added(c0, c1))
  return [...added(low, timesLast(f, high)), ...added(low, both)]
}

function timesLast(f: Procedure, bits: readonly Local[]): Local[] {
  return multiplyByLast(bits.length).map((terms) => f.let(terms.map((c) => get(bits[c]!)).reduce(xor)))
}
