import { type DeviceId, type FileId, type Incarnation, type MessageId, toBase64Url, Writer } from '@qsec/protocol'
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

const of = { device: 'CQkJCQkJCQkJCQkJCQkJCQ' as DeviceId, id }
const file = {
  ...{ id: 'FBQUFBQUFBQUFBQUFBQUFA' as FileId, name: 'lake.jpg', type: 'image/jpeg', size: 204_800 },
  ...{ key: 'BgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgY', root: 'SiaAQ41ZbHtgKfvRC1ZML54InPVfRbciLfymN6MdzNU' },
}
const asInRoom = (said: unknown) => {
  const head = encodeSaid(id, { type: 'delete', of }).slice(0, 17)
  return decodeSaid(new Writer().raw(head).u8(4).text(JSON.stringify(said), 4).done())
}

it('[PV2] files and changes come back from their bytes, with every limit that they have in the room', () => {
  const contents: ConversationContent[] = [
    { type: 'note', text: '', atMs: 1, files: [file] },
    {
      type: 'note',
      text: 'look',
      atMs: 1,
      replyTo: of,
      lifetimeS: 60,
      files: [file, { ...file, id: 'HBQUFBQUFBQUFBQUFBQUFA' as FileId }],
    },
    { type: 'edit', of, version: 2, text: 'better', atMs: 3 },
    { type: 'delete', of },
    { type: 'reaction', of, version: 1, signs: ['👍', '🌍'] },
  ]
  for (const said of contents) expect(decodeSaid(encodeSaid(id, said))).toEqual({ id, content: said })
  // Who is named there hears nothing of it.
  const named = { type: 'edit', of, version: 2, text: '@Cem', atMs: 3, mentions: ['CgoKCgoKCgoKCgoKCgoKCg'] }
  expect(asInRoom(named)?.content).toEqual({ type: 'edit', of, version: 2, text: '@Cem', atMs: 3 })
  const refused = [
    { type: 'text', text: 'has a spelling of its own', atMs: 1 },
    { type: 'text', text: '', atMs: 1, files: Array.from({ length: 11 }, () => file) },
    { type: 'text', text: '', atMs: 1, files: [file, file] },
    { type: 'text', text: '', atMs: 1, files: [{ ...file, key: 'short' }] },
    { type: 'edit', of, version: 1, text: '', atMs: 1 },
    { type: 'edit', of, version: 1, text: 'x'.repeat(noteBytesAtMost + 1), atMs: 1 },
    { type: 'reaction', of, version: 1, signs: ['no'] },
    { type: 'reaction', of, version: 1, signs: ['👍', '👍'] },
    { type: 'typing' },
    { type: 'read', upTo: of },
    { type: 'leave', proof: '' },
    'text',
  ]
  for (const said of refused)
    expect(asInRoom(said), JSON.stringify(said).slice(0, 80)).toEqual({ id, content: undefined })
})

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
