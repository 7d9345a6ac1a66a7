import { type Incarnation, type MessageId, refusalCodes } from '@qsec/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OutboxRow } from './outbox.ts'
import {
  decodeOwnCommit,
  decodePending,
  decodePlace,
  decodeRow,
  encodeOwnCommit,
  encodePending,
  encodePlace,
  encodeRow,
  rowKey,
  type StoredOwnCommit,
  type StoredPending,
  type StoredPlace,
} from './rows.ts'

const bytes = fc.uint8Array({ maxLength: 60 }).map((value) => value.slice())
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const inc = text.map((value) => value as Incarnation)
const cursor = fc.record({ inc, seq: count })

const row: fc.Arbitrary<OutboxRow> = fc.record(
  {
    order: count,
    id: text.map((value) => value as MessageId),
    kind: fc.constantFrom('message', 'bb84', 'roomkey'),
    content: bytes,
    until: fc.constantFrom('ordered', 'confirmed'),
    sealed: fc.record({ epoch: count, frame: bytes }),
    ordered: cursor,
    refused: fc.constantFrom(...refusalCodes),
  },
  { requiredKeys: ['order', 'id', 'kind', 'content', 'until'] },
)
const pending: fc.Arbitrary<StoredPending> = fc.record(
  { epoch: count, id: text, frame: bytes, next: bytes, note: text, inc: text, accepted: cursor },
  { requiredKeys: ['epoch', 'id', 'frame', 'next', 'note', 'inc'] },
)
const place: fc.Arbitrary<StoredPlace> = fc.record(
  { cursor, transcript: bytes, entered: cursor },
  { requiredKeys: ['cursor', 'transcript'] },
)
const ownCommit: fc.Arbitrary<StoredOwnCommit> = fc.record(
  { at: cursor, epoch: count, before: fc.record({ group: bytes, transcript: bytes }) },
  { requiredKeys: ['at', 'epoch'] },
)

interface Codec<T> {
  name: string
  values: fc.Arbitrary<T>
  encode: (value: T) => Uint8Array
  decode: (bytes: Uint8Array) => T | undefined
}

function promises<T>({ name, values, encode, decode }: Codec<T>): void {
  describe(name, () => {
    it('[SN14] it comes back from its bytes as it was', () => {
      fc.assert(
        fc.property(values, (value) => {
          expect(decode(encode(value))).toEqual(value)
        }),
      )
    })

    it('[SN15] cut or extended bytes are refused', () => {
      fc.assert(
        fc.property(values, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 }), (value, cut, more) => {
          const whole = encode(value)
          expect(decode(whole.subarray(0, cut % whole.length))).toBeUndefined()
          expect(decode(new Uint8Array([...whole, ...more]))).toBeUndefined()
        }),
      )
    })

    it('[SN16] a changed byte is refused, or means something else that has this very spelling', () => {
      fc.assert(
        fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, change) => {
          const damaged = encode(value).slice()
          damaged[at % damaged.length]! ^= change
          const got = decode(damaged)
          if (got !== undefined) expect(encode(got)).toEqual(damaged)
        }),
        { numRuns: 300 },
      )
    })

    it('[SN17] another version is refused', () => {
      fc.assert(
        fc.property(values, (value) => {
          const other = encode(value).slice()
          other[0]! += 1
          expect(decode(other)).toBeUndefined()
        }),
        { numRuns: 10 },
      )
    })
  })
}

promises({ name: 'outbox rows', values: row, encode: encodeRow, decode: decodeRow })
promises({ name: 'the pending commit', values: pending, encode: encodePending, decode: decodePending })
promises({ name: 'the place', values: place, encode: encodePlace, decode: decodePlace })
promises({ name: 'the own commit', values: ownCommit, encode: encodeOwnCommit, decode: decodeOwnCommit })

it('[SN18] rows are stored in their order', () => {
  fc.assert(
    fc.property(count, count, (a, b) => {
      expect(rowKey('room', a) < rowKey('room', b)).toBe(a < b)
    }),
  )
})
