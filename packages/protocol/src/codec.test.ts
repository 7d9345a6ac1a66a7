import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from './bytes.ts'
import { Reader, readExactly, Writer } from './codec.ts'

type Prefix = 1 | 2 | 4
type Field =
  | { type: 'u8' | 'u16' | 'u32' | 'u53'; value: number }
  | { type: 'raw'; value: Uint8Array }
  | { type: 'bytes'; prefix: Prefix; value: Uint8Array }
  | { type: 'text'; prefix: Prefix; value: string }

const prefix = fc.constantFrom<Prefix>(1, 2, 4)
const short = fc.uint8Array({ maxLength: 40 })
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({ type: fc.constant('u8' as const), value: fc.integer({ min: 0, max: 0xff }) }),
  fc.record({ type: fc.constant('u16' as const), value: fc.integer({ min: 0, max: 0xffff }) }),
  fc.record({ type: fc.constant('u32' as const), value: fc.integer({ min: 0, max: 0xffff_ffff }) }),
  fc.record({ type: fc.constant('u53' as const), value: fc.maxSafeNat() }),
  fc.record({ type: fc.constant('raw' as const), value: short }),
  fc.record({ type: fc.constant('bytes' as const), prefix, value: short }),
  fc.record({ type: fc.constant('text' as const), prefix, value: fc.string({ unit: 'grapheme', maxLength: 15 }) }),
)
const fields = fc.array(field, { maxLength: 8 })

function write(all: readonly Field[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
  for (const one of all) {
    if (one.type === 'raw') writer.raw(one.value)
    else if (one.type === 'bytes') writer.bytes(one.value, one.prefix)
    else if (one.type === 'text') writer.text(one.value, one.prefix)
    else writer[one.type](one.value)
  }
  return writer.done()
}

function read(bytes: Uint8Array, all: readonly Field[]): Field[] | undefined {
  return readExactly(bytes, (reader) =>
    all.map((one): Field => {
      if (one.type === 'raw') return { ...one, value: new Uint8Array(reader.raw(one.value.length)) }
      if (one.type === 'bytes') return { ...one, value: new Uint8Array(reader.bytes(one.prefix)) }
      if (one.type === 'text') return { ...one, value: reader.text(one.prefix) }
      return { ...one, value: reader[one.type]() }
    }),
  )
}

const plain = (all: readonly Field[] | undefined) =>
  all?.map((one) => (one.value instanceof Uint8Array ? [...one.value] : one.value))

describe('codec', () => {
  it('[PR5] what was written is read', () => {
    fc.assert(
      fc.property(fields, (all) => {
        expect(plain(read(write(all), all))).toEqual(plain(all))
      }),
    )
  })

  it('[PR6] bytes that are cut anywhere, or have one left over, are refused', () => {
    fc.assert(
      fc.property(fields, fc.nat(), (all, at) => {
        const bytes = write(all)
        expect(read(new Uint8Array([...bytes, 0]), all)).toBeUndefined()
        if (bytes.length > 0) expect(read(bytes.subarray(0, at % bytes.length), all)).toBeUndefined()
      }),
    )
  })

  it('[PR7] numbers are big-endian, and each has its width', () => {
    const bytes = new Writer().u8(1).u16(0x0203).u32(0x0405_0607).u53(0x0809_0a0b_0c0d).done()
    expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 0, 0, 8, 9, 10, 11, 12, 13])
    expect(readExactly(new Writer().u53(Number.MAX_SAFE_INTEGER).done(), (reader) => reader.u53())).toBe(2 ** 53 - 1)
  })

  it('[PR7] a number that does not fit is never written, and one above 2^53 - 1 never read', () => {
    const writer = new Writer()
    for (const bad of [-1, 256, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => writer.u8(bad)).toThrow(RangeError)
    expect(() => writer.u16(65_536)).toThrow(RangeError)
    expect(() => writer.u32(2 ** 32)).toThrow(RangeError)
    expect(() => writer.u53(2 ** 53)).toThrow(RangeError)
    expect(() => writer.bytes(new Uint8Array(256), 1)).toThrow(RangeError)
    expect(() => writer.text('ä'.repeat(128), 1)).toThrow(RangeError)
    expect(writer.done()).toHaveLength(0)
    expect(readExactly(Uint8Array.of(0, 0x20, 0, 0, 0, 0, 0, 0), (reader) => reader.u53())).toBeUndefined()
    expect(readExactly(new Uint8Array(8).fill(255), (reader) => reader.u53())).toBeUndefined()
  })

  it('[PR8] a length that points past the end, and text that is none, are refused', () => {
    expect(readExactly(Uint8Array.of(255, 255, 255, 255, 1), (reader) => reader.bytes(4))).toBeUndefined()
    expect(readExactly(Uint8Array.of(1, 0xff), (reader) => reader.text(1))).toBeUndefined()
    expect(readExactly(Uint8Array.of(1, 0x61), (reader) => reader.text(1))).toBe('a')
  })

  it('[PR9] what is read belongs to its reader', () => {
    const source = Uint8Array.of(1, 7, 8)
    const reader = new Reader(source)
    const first = reader.bytes(1)
    const rest = reader.rest()
    source.fill(0)
    expect([first, rest]).toEqual([Uint8Array.of(7), Uint8Array.of(8)])
    expect(first.buffer.byteLength).toBe(1)
    expect(reader.atEnd).toBe(true)
  })

  it('[PR10] only malformed bytes become undefined: our own mistakes go on', () => {
    expect(() =>
      readExactly(utf8('a'), () => {
        throw new TypeError('ours')
      }),
    ).toThrow(TypeError)
  })
})
