import { expect, it } from 'vitest'
import { readLine } from './line.ts'
import { LogFold } from './summary.ts'
import { lineWords } from './words.ts'

const line = (message: string, id = 1) => readLine({ id, message, created_at: 1_000 * id })

it('[CL18] reads a line back into tag and fields', () => {
  expect(line('[BB84_SESSION_DERIVED] claimed_by=12345 qber=0.012346 accepted=true reason=a\\u{20}b\\u{3d}c')).toEqual({
    id: 1,
    created_at: 1_000,
    message: '[BB84_SESSION_DERIVED] claimed_by=12345 qber=0.012346 accepted=true reason=a\\u{20}b\\u{3d}c',
    tag: 'BB84_SESSION_DERIVED',
    fields: { claimed_by: '12345', qber: 0.012346, accepted: true, reason: 'a b=c' },
  })
  expect(line('[ROOM_TERMINATED]')).toMatchObject({ tag: 'ROOM_TERMINATED', fields: {} })
})

it('[CL18] makes nothing up from a line that is none of ours', () => {
  for (const message of ['', 'MSG_RELAYED bytes=1', '[tag] a=1', '[A] =1 b', '[A] \\u{ffffff}', '[A] x=\\u{ffffff}']) {
    expect(() => line(message)).not.toThrow()
  }
  expect(line('MSG_RELAYED bytes=1')).toMatchObject({ tag: '', fields: {} })
  expect(Object.getPrototypeOf(line('[A] __proto__=1').fields)).toBe(Object.prototype)
  expect(lineWords(line('[A] \u001b[2J\nforged'))).not.toMatch(/\p{Cc}/u)
})

it('[CL7] adds up who is in, what went through, and the BB84 sessions', () => {
  const fold = new LogFold('lab1')
  const lines = [
    '[ROOM_CREATED] room=lab1 leader=A',
    '[USER_JOIN] device=A',
    '[USER_JOIN] device=B',
    '[MSG_RELAYED] seq=1 bytes=100 device=A epoch=0',
    '[BB84_RELAYED] from=A to=B bytes=50',
    '[BB84_SESSION_DERIVED] claimed_by=A peer=B qber=0.02 accepted=true',
    '[BB84_SESSION_DERIVED] claimed_by=A peer=B qber=0.25 accepted=false',
    '[USER_LEAVE] device=B',
    '[USER_LEAVE] device=B removed_by=A',
    '[MSG_RELAYED] seq=2 bytes=11 device=A epoch=1 count=3 last=5',
  ]
  lines.forEach((message, i) => {
    fold.add(line(message, i + 1))
  })
  expect(fold.summary).toMatchObject({
    room: 'lab1',
    lines: 10,
    firstAtMs: 1_000,
    lastAtMs: 10_000,
    members: { now: 1, ever: 2 },
    messages: { count: 4, bytes: 111 },
    relayedBytes: 161,
    bb84: { accepted: 1, rejected: 1, lastQber: 0.25 },
  })
  expect(fold.summary.tags[0]).toEqual({ tag: 'BB84_SESSION_DERIVED', count: 2 })
  expect(new LogFold('x').summary).toMatchObject({ lines: 0, firstAtMs: null, tags: [] })
})
