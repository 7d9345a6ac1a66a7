import { describe, expect, it } from 'vitest'
import { seededInteger, seededRandom } from '../../random.ts'
import { nextOrder, type Order } from './order.ts'
import { bitOf } from './words.ts'

function orders(n: number, count: number): Order[] {
  const list: Order[] = []
  while (list.length < count) list.push(nextOrder(n, list.at(-1), seededRandom(list.length, 'order test')))
  return list
}

describe('orders', () => {
  for (const n of [100, 8191, 8192, 10_000, 33_000]) {
    it(`[QR9] of ${n} bits are permutations, and arranging words agrees with single places`, () => {
      const random = seededRandom(n, 'order frame')
      const frame = Int32Array.from({ length: (n + 31) >> 5 }, () => seededInteger(random, 2 ** 32))
      if (n & 31) frame[frame.length - 1]! &= (1 << (n & 31)) - 1
      for (const order of orders(n, 3)) {
        const arranged = new Int32Array((order.places + 31) >> 5)
        order.arrange(frame, arranged)
        const taken = new Uint8Array(order.places)
        for (let position = 0; position < n; position++) {
          const place = order.placeOf(position)
          taken[place]!++
          expect(order.positionOf(place)).toBe(position)
          expect(bitOf(arranged, place)).toBe(bitOf(frame, position))
        }
        expect(Math.max(...taken)).toBe(1)
        for (let place = 0; place < order.places; place++) if (!taken[place]) expect(bitOf(arranged, place)).toBe(0)
      }
    })
  }

  it('[QR9] two pairs of neighbours meet in a block of the next order no more often than after a shuffle', () => {
    // Four errors stay hidden if they are two and two in blocks of both orders.
    const n = 16_384
    const before = 16
    const block = 128
    let both = 0
    let expected = 0
    for (let seed = 0; seed < 40; seed++) {
      const order = nextOrder(n, undefined, seededRandom(seed, 'meeting'))
      const random = seededRandom(seed, 'pairs')
      for (let trial = 0; trial < 20_000; trial++) {
        const first = seededInteger(random, n / before) * before
        const second = seededInteger(random, n / before) * before
        if (first === second) continue
        const meets = (a: number, b: number): boolean =>
          Math.floor(order.placeOf(first + a) / block) === Math.floor(order.placeOf(second + b) / block)
        const a = seededInteger(random, before)
        const b = (a + 1 + seededInteger(random, before - 1)) % before
        if (!meets(a, a)) continue
        expected += block / order.places
        if (meets(b, b)) both++
      }
    }
    expect(both).toBeLessThan(expected + 5 * Math.sqrt(expected) + 5)
  })
})
