import { type DeviceId, type Incarnation, type MessageId, toBase64Url } from '@qsec/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ConversationContent, decodeSaid, encodeSaid, noteBytesAtMost } from './content.ts'

const id = 'AAECAwQFBgcICQoLDA0ODw' as MessageId
const inc = 'Dw4NDAsKCQgHBgUEAwIBAA' as Incarnation
const sixteenBytes = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => toBase64Url(bytes) as string)
const content: fc.Arbitrary<ConversationContent> = fc.oneof(
  fc.record(
    {
      type: fc.constant('receipt' as const),
      inc: fc.constant(inc),
      seq: fc.maxSafeNat(),
      lacks: fc.array(fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()), { minLength: 1, maxLength: 16 }),
      transcript: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes)),
    },
    { requiredKeys: ['type', 'inc', 'seq'] },
  ),
  fc.record(
    {
      type: fc.constant('note' as const),
      text: fc.string({ unit: 'binary' }),
      atMs: fc.maxSafeNat(),
      lifetimeS: fc.integer({ min: 1, max: 366 * 86_400 }),
      replyTo: fc.record({
        device: sixteenBytes as fc.Arbitrary<DeviceId>,
        id: sixteenBytes as fc.Arbitrary<MessageId>,
      }),
    },
    { requiredKeys: ['type', 'text', 'atMs'] },
  ),
)

it('[PP12] a content comes back from its bytes; cut, extended, or of another version or kind it is told as unknown', () => {
  fc.assert(
    fc.property(content, (said) => {
      const bytes = encodeSaid(id, said)
      expect(decodeSaid(bytes)).toEqual({ id, content: said })
      const unknown = { id, content: undefined }
      expect(decodeSaid(new Uint8Array([...bytes, 0]))).toEqual(unknown)
      expect(decodeSaid(bytes.slice(0, -1))).toEqual(unknown)
      for (const [at, value] of [
        [0, 2],
        [17, 99],
      ] as const) {
        const changed = bytes.slice()
        changed[at] = value
        expect(decodeSaid(changed)).toEqual(unknown)
      }
    }),
  )
  expect(decodeSaid(new Uint8Array(16))).toBeUndefined()
  // The bits of a note with more stand behind id, kind and time: none of them, and one of none.
  const more = encodeSaid(id, { type: 'note', text: 'x', atMs: 0, lifetimeS: 60 })
  for (const bits of [0, 1, 4, 6]) {
    const changed = more.slice()
    changed[26] = bits
    expect(more[26]).toBe(2)
    expect(decodeSaid(changed)).toEqual({ id, content: undefined })
  }
  const long = encodeSaid(id, { type: 'note', text: 'x'.repeat(noteBytesAtMost + 1), atMs: 0 })
  expect(decodeSaid(long)).toEqual({ id, content: undefined })
})
