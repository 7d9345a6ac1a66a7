/** The packets of Socket.IO that a relay and its clients exchange. */
import { expect, it } from 'vitest'
import { decodePacket, encodePacket, PacketEnd } from './parser.ts'

it('[FB4] packets are read and spelled as the protocol of Socket.IO has them', () => {
  expect(decodePacket('0')).toEqual({ type: 0, nsp: '/', data: undefined })
  expect(decodePacket('0{"token":"1"}')).toEqual({ type: 0, nsp: '/', data: { token: '1' } })
  expect(decodePacket('0/admin,')).toEqual({ type: 0, nsp: '/admin', data: undefined })
  expect(decodePacket('1')).toEqual({ type: 1, nsp: '/', data: undefined })
  const event = { type: 2, nsp: '/', data: ['a', { b: 1 }, new PacketEnd(undefined, 14)] }
  expect(decodePacket('2["a",{"b":1}]')).toEqual(event)
  expect(decodePacket('313[]')).toEqual({ type: 3, nsp: '/', id: 13, data: [] })
  const asked = decodePacket('2/x,12["a",null]')
  expect(asked).toEqual({ type: 2, nsp: '/x', data: ['a', null, new PacketEnd(12, 16)] })
  expect(encodePacket({ type: 3, nsp: '/', id: 12, data: [{ ok: true }] })).toBe('312[{"ok":true}]')
  expect(encodePacket({ type: 2, nsp: '/x', id: 0, data: ['a'] })).toBe('2/x,0["a"]')
  expect(encodePacket({ type: 1, nsp: '/' })).toBe('1')
})

it('[FB4] what is none is refused', () => {
  const others = ['', '4{}', '5["a"]', '6[]', '7', 'x', '0[]', '0null', '01', '11', '1{}', '3[]', '31{}', '3']
  const events = ['2', '2{}', '2[]', '2"a"', '2[', '212', `2${'9'.repeat(16)}["a"]`]
  for (const text of [...others, ...events]) expect(() => decodePacket(text), text).toThrow()
})

it('[FB4] nothing on the wire is taken for the number of an answer', () => {
  const { data } = decodePacket('2["a",{"id":1,"characters":1}]')
  const ends = (data as unknown[]).filter((part) => part instanceof PacketEnd)
  expect(ends).toEqual([new PacketEnd(undefined, 30)])
  expect((data as unknown[]).at(-1)).toBe(ends[0])
})
