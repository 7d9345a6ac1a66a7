import { fromBase64Url, toBase64Url } from '@qsec/protocol'
import { expect, it } from 'vitest'
import type { EarlierContent, QuotedMessage } from './earlier-content.ts'
import { decodePairContent, encodePairContent } from './pair-content.ts'

const id = (fill: number) => toBase64Url(new Uint8Array(16).fill(fill))
const share = id(1)
const message = (more: Partial<QuotedMessage> = {}): QuotedMessage => ({
  ...{ id: id(2), person: id(3), name: 'Ben', atMs: 1_800_000_000_000, text: 'Grüße' },
  ...more,
})
const part = (from: number, total: number, messages: QuotedMessage[]): EarlierContent => ({
  ...{ type: 'earlier-part', share, from, total, messages },
})
const read = (content: EarlierContent) => decodePairContent(encodePairContent(content))

it('[HI1] every content on the line is read as it was written', () => {
  const all: EarlierContent[] = [
    { type: 'earlier-offer', share, count: 200 },
    { type: 'earlier-accept', share },
    part(
      0,
      200,
      Array.from({ length: 200 }, (_, i) => message({ text: `${i}` })),
    ),
    part(3, 5, [message({ person: '', name: '' }), message({ text: 'x'.repeat(64 * 1024), atMs: 8.64e15 })]),
    { type: 'earlier-taken', share, upTo: 200 },
    { type: 'earlier-stop', share },
  ]
  for (const content of all) expect(read(content)).toEqual(content)
})

it('[HI1] no other spelling, count, length or time is read', () => {
  const bad: EarlierContent[] = [
    { type: 'earlier-offer', share, count: 21 as 20 },
    part(0, 201, [message()]),
    part(0, 0, []),
    part(5, 5, [message()]),
    part(0, 1, [message(), message()]),
    part(0, 1, [message({ text: 'x'.repeat(64 * 1024 + 1) })]),
    part(0, 1, [message({ name: 'n'.repeat(161) })]),
    part(0, 1, [message({ atMs: 8.64e15 + 2 })]),
    part(0, 1, [message({ person: id(3).slice(0, 20) })]),
  ]
  for (const content of bad) expect(read(content)).toBeUndefined()
  const whole = encodePairContent(part(0, 1, [message()]))
  for (const bytes of [whole.slice(0, -1), Uint8Array.of(...whole, 0), Uint8Array.of(21, ...fromBase64Url(share)!)]) {
    expect(decodePairContent(bytes)).toBeUndefined()
  }
  const broken = whole.slice()
  broken[broken.length - 1] = 0xff
  expect(decodePairContent(broken)).toBeUndefined()
})
