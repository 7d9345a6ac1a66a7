import { parseRoomAddress } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import { createPersonKeys } from '../crypto/index.ts'
import { compareScan, roomCode, safetyNumber } from './codes.ts'
import {
  agree,
  answer,
  type Comparison,
  type ComparisonFrame,
  commitmentOf,
  hear,
  nonceBytes,
  ownCommitment,
  type Role,
} from './comparison.ts'
import { symbols } from './symbols.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const room = parseRoomAddress('lobby')!
const [ana, ben, mallory] = [
  (await createPersonKeys(random)).keys,
  (await createPersonKeys(random)).keys,
  (await createPersonKeys(random)).keys,
]

describe('the room code', () => {
  it('[ID12] has 40 digits, and another room, epoch or authenticator makes another one', () => {
    const authenticator = random(64)
    const code = roomCode(room, 7, authenticator)
    expect(code).toMatch(/^(\d{5} ){7}\d{5}$/)
    expect(roomCode(room, 7, authenticator.slice())).toBe(code)
    const others = [
      roomCode(room, 8, authenticator),
      roomCode(room, 7, random(64)),
      roomCode(parseRoomAddress('cellar')!, 7, authenticator),
    ]
    for (const other of others) expect(other).not.toBe(code)
  })
})

describe('the safety number', () => {
  const number = safetyNumber(room, ana, ben)

  it('[ID13] is the same for both, and another one for any other keys or room', () => {
    expect(number.digits).toMatch(/^(\d{5} ){11}\d{5}$/)
    expect(safetyNumber(room, ben, ana)).toEqual(number)
    const others = [
      safetyNumber(room, ana, mallory),
      safetyNumber(room, mallory, ben),
      safetyNumber(room, ana, [ben[0]!, mallory[1]!]),
      safetyNumber(room, ana, [mallory[0]!, ben[1]!]),
      safetyNumber(parseRoomAddress('cellar')!, ana, ben),
    ]
    for (const other of others) {
      expect(other.digits).not.toBe(number.digits)
      expect(other.scan).not.toBe(number.scan)
    }
  })

  it('[ID14] a scan or typed digits match, do not match, or are no code at all', () => {
    const other = safetyNumber(room, ana, mallory)
    expect(compareScan(number, number.scan)).toBe('match')
    expect(compareScan(number, ` ${number.scan}\n`)).toBe('match')
    expect(compareScan(number, other.scan)).toBe('mismatch')
    expect(compareScan(number, safetyNumber(parseRoomAddress('cellar')!, ana, ben).scan)).toBe('other-room')
    expect(compareScan(number, number.digits)).toBe('match')
    expect(compareScan(number, number.digits.replaceAll(' ', '\n'))).toBe('match')
    expect(compareScan(number, other.digits)).toBe('mismatch')
    const nothing = [
      '',
      '12345',
      number.digits.slice(6),
      `${number.digits} 1`,
      'https://example.org',
      number.scan.slice(0, -1),
    ]
    for (const text of nothing) expect(compareScan(number, text), text).toBe('not-a-code')
  })
})

describe('comparing pictures', () => {
  const frame = (change: Partial<ComparisonFrame> = {}): ComparisonFrame => ({
    room,
    run: 'AAAAAAAAAAAAAAAAAAAAAA',
    epoch: 3,
    authenticator: new Uint8Array(64).fill(3),
    asker: ana,
    asked: ben,
    ...change,
  })
  const side = (role: Role, of = frame(), state: Comparison['state'] = { at: 'waiting' }): Comparison => ({
    frame: of,
    peer: 'peer' as Comparison['peer'],
    role,
    nonce: random(nonceBytes),
    state,
  })

  /** Both sides to the end, each with its own view of the frame. */
  function play(askers: ComparisonFrame, askeds: ComparisonFrame): [Comparison, Comparison] {
    const asker = side('asker', askers)
    const asked = agree(side('asked', askeds, { at: 'asked', theirs: ownCommitment(asker) }))
    const heard = hear(asker, { step: 'accept', commitment: ownCommitment(asked) })
    expect(heard.reveal).toBe(true)
    const one = hear(heard.next, { step: 'reveal', nonce: asked.nonce }).next
    return [one, hear(asked, { step: 'reveal', nonce: asker.nonce }).next]
  }
  const picturesOf = ({ state }: Comparison) =>
    state.at === 'showing' ? state.pictures.map(({ name }) => name) : state.at === 'over' ? state.reason : state.at

  it('[ID15] both see the same six of 64 pictures', () => {
    expect(symbols).toHaveLength(64)
    expect(new Set(symbols.map(({ name }) => name)).size).toBe(64)
    const [one, other] = play(frame(), frame())
    expect(picturesOf(one)).toHaveLength(6)
    expect(picturesOf(other)).toEqual(picturesOf(one))
    expect(answer(one, true).state).toEqual({ at: 'answered', matched: true })
  })

  it('[ID15] other keys, another epoch, or a forked epoch on one side show other pictures or none', () => {
    const forked = [
      frame({ epoch: 4 }),
      frame({ authenticator: new Uint8Array(64).fill(4) }),
      frame({ asker: mallory }),
      frame({ asked: [ben[0]!, mallory[1]!] }),
      frame({ asked: [mallory[0]!, ben[1]!] }),
    ]
    for (const view of forked) {
      const [one, other] = play(frame(), view)
      expect(picturesOf(other)).not.toEqual(picturesOf(one))
    }
  })

  it('[ID16] nobody opens a number before the other side is bound to its own', () => {
    const asker = side('asker')
    expect(hear(asker, { step: 'reveal', nonce: random(nonceBytes) }).next.state).toEqual({ at: 'waiting' })
    const asked = side('asked', frame(), { at: 'asked', theirs: ownCommitment(asker) })
    // Without the person's agreement nothing opens.
    expect(hear(asked, { step: 'reveal', nonce: asker.nonce }).next.state.at).toBe('asked')
    const committed = hear(asker, { step: 'accept', commitment: commitmentOf(frame(), 'asked', random(32)) })
    // A second commitment does not replace the first, and opens nothing again.
    const again = hear(committed.next, { step: 'accept', commitment: commitmentOf(frame(), 'asked', random(32)) })
    expect(again).toEqual({ next: committed.next, reveal: false })
  })

  it('[ID16] a number that does not open its commitment, or opens that of another run or side, ends it', () => {
    const asker = side('asker')
    const nonce = random(nonceBytes)
    const wrong = [
      commitmentOf(frame(), 'asked', random(nonceBytes)),
      commitmentOf(frame(), 'asker', nonce),
      commitmentOf(frame({ run: 'BBBBBBBBBBBBBBBBBBBBBA' }), 'asked', nonce),
      commitmentOf(frame({ asked: mallory }), 'asked', nonce),
      new Uint8Array(32),
    ]
    for (const commitment of wrong) {
      const { next } = hear(asker, { step: 'accept', commitment })
      expect(picturesOf(hear(next, { step: 'reveal', nonce }).next)).toBe('broken')
    }
    const { next } = hear(asker, { step: 'accept', commitment: commitmentOf(frame(), 'asked', nonce) })
    expect(picturesOf(hear(next, { step: 'reveal', nonce }).next)).toHaveLength(6)
    expect(picturesOf(hear(next, { step: 'reveal', nonce: nonce.subarray(1) }).next)).toBe('broken')
  })

  it('[ID17] what the other one says to have seen is a claim, and breaking off ends it', () => {
    const [one] = play(frame(), frame())
    expect(hear(one, { step: 'end', matched: true }).next).toMatchObject({ theySay: true, state: { at: 'showing' } })
    expect(hear(one, { step: 'end', matched: false }).next).toMatchObject({ theySay: false, state: { at: 'showing' } })
    expect(hear(one, { step: 'end' }).next.state).toEqual({ at: 'over', reason: 'cancelled' })
    const done = answer(one, true)
    expect(hear(done, { step: 'end' }).next.state).toEqual(done.state)
    expect(answer(side('asker'), true).state).toEqual({ at: 'waiting' })
  })
})
