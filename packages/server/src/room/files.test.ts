import type { Base64Url, ClientEvents, FileId, RelayEvents, RoomAddress } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import { Client, code, comeBack, type Member, ok, quiet, random, room, TestDevice, until } from '../../test/harness.ts'
import { defaultLimits } from '../limits.ts'
import { FilePaces } from './file-pace.ts'
import { HeldPieces } from './held-pieces.ts'

const newId = () => random(16) as string as FileId
const piece = random(300)

function want(from: Member, file: FileId, change: Partial<ClientEvents['file_want']['in']> = {}) {
  return from.client.request('file_want', { room: from.room, file, at: 0, ...change })
}

/** The `nth` question to that member. */
async function asked(member: Member, nth = 0): Promise<RelayEvents['file_want']> {
  const { client } = member
  return client.next('file_want', (event) => client.events('file_want').indexOf(event) >= nth)
}

function give(from: Member, { want: id }: RelayEvents['file_want'], given?: Base64Url) {
  return from.client.request('file_give', { room: from.room, want: id, ...(given ? { piece: given } : {}) })
}

describe('pieces of files', () => {
  it('[FI40] the sender is asked first; what it gives goes to who asked, with its name, and nothing is held for nobody', async () => {
    const { members, relay } = await room(2)
    const [ana, ben] = members as [Member, Member]
    const file = newId()
    const answer = want(ben, file, { at: 3, first: ana.id })
    const question = await asked(ana)
    expect(question).toEqual({ room: ana.room, want: question.want, file, at: 3 })
    expect(code(await give(ana, question, piece))).toBe('ok')
    expect(await answer).toEqual({ ok: true, piece, by: ana.id })
    expect(relay.stats().pieceBytes).toBe(0)
    expect(code(await give(ana, question, piece)), 'twice').toBe('no-access')
  })

  it('[FI41] who has none is passed over; where nobody has it the answer is empty, at once', async () => {
    const { members } = await room(3)
    const [ana, ben, cleo] = members as [Member, Member, Member]
    const file = newId()
    const answer = want(cleo, file, { first: ben.id })
    ok(await give(ben, await asked(ben)))
    ok(await give(ana, await asked(ana)))
    expect(await answer).toEqual({ ok: true })
    // They are left in peace for a moment.
    expect(await want(cleo, file)).toEqual({ ok: true })
    expect(ana.client.events('file_want')).toHaveLength(1)
  })

  it('[PV1] what is asked of some alone is asked of nobody else, and no piece of it is held for others', async () => {
    const { members, relay } = await room(4)
    const [ana, ben, cleo, dan] = members as [Member, Member, Member, Member]
    const file = newId()
    const answer = want(ben, file, { first: ana.id, only: [ana.id, dan.id] })
    ok(await give(ana, await asked(ana)))
    ok(await give(dan, await asked(dan), piece))
    expect(await answer).toEqual({ ok: true, piece, by: dan.id })
    expect(cleo.client.events('file_want'), 'a third one was asked').toEqual([])
    expect(relay.stats().pieceBytes).toBe(0)
    // Whoever it was asked of has nothing, and nobody else is tried.
    expect(await want(ben, newId(), { only: [ben.id] })).toEqual({ ok: true })
    expect(code(await want(ben, file, { only: [] }))).toBe('bad-request')
    expect(code(await want(ben, file, { only: Array.from({ length: 65 }, () => ana.id) }))).toBe('bad-request')
    expect(cleo.client.events('file_want')).toEqual([])
  })

  it('[FI42] who is named as a liar is not asked, nor is its piece handed on', async () => {
    const { members } = await room(3)
    const [ana, ben, cleo] = members as [Member, Member, Member]
    const file = newId()
    const first = want(ben, file, { first: ana.id })
    ok(await give(ana, await asked(ana), piece))
    expect(await first).toMatchObject({ by: ana.id })
    const other = random(300)
    const second = want(cleo, file, { first: ana.id, not: [ana.id] })
    ok(await give(ben, await asked(ben), other))
    expect(await second).toEqual({ ok: true, piece: other, by: ben.id })
    expect(ana.client.events('file_want')).toHaveLength(1)
  })

  it('[FI43] who gives nothing in time, or goes, is followed by the next', async () => {
    const { members } = await room(4, { limits: { fileAnswerMs: 50 } })
    const [ana, ben, cleo, dan] = members as [Member, Member, Member, Member]
    const answer = want(dan, newId(), { first: ana.id })
    await asked(ana)
    const next = await Promise.race([ben, cleo].map(async (one) => [one, await asked(one)] as const))
    ok(await give(next[0], next[1], piece))
    expect(await answer).toEqual({ ok: true, piece, by: next[0].id })
    const again = want(dan, newId(), { first: ana.id })
    await asked(ana, 1)
    ana.client.socket.disconnect()
    const [last] = await Promise.race(
      [ben, cleo].map(async (one) => [await asked(one, one === next[0] ? 1 : 0), one] as const),
    )
    expect(last.at).toBe(0)
    for (const one of [ben, cleo]) one.client.socket.disconnect()
    expect(await again).toEqual({ ok: true })
  })

  it('[RL87] whose connection ends while it is asked for a piece is followed by the next at once', async () => {
    const { members, relay } = await room(3, { limits: { fileAnswerMs: 60_000 } })
    const [ana, ben, cleo] = members as [Member, Member, Member]
    const file = newId()
    const answer = want(cleo, file, { first: ana.id })
    await asked(ana)
    ana.client.socket.disconnect()
    ok(await give(ben, await asked(ben), piece))
    expect(await answer).toEqual({ ok: true, piece, by: ben.id })
    // Who asked and is gone burdens nobody: the question of the next one is a new one.
    const lost = want(cleo, newId(), { first: ben.id })
    lost.catch(() => undefined)
    const question = await asked(ben, 1)
    cleo.client.socket.disconnect()
    await quiet()
    expect(code(await give(ben, question, piece))).toBe('no-access')
    expect(relay.stats().pieceBytes).toBe(0)
  })

  it('[FI44] several who want the same at one time cost its sender one piece, and it is held until all who are here have it', async () => {
    const { members, relay } = await room(4)
    const [ana, ben, cleo, dan] = members as [Member, Member, Member, Member]
    const file = newId()
    const answers = [want(ben, file, { first: ana.id }), want(cleo, file, { first: ana.id })]
    const question = await asked(ana)
    await quiet()
    ok(await give(ana, question, piece))
    for (const answer of await Promise.all(answers)) expect(answer).toEqual({ ok: true, piece, by: ana.id })
    expect(relay.stats().pieceBytes).toBe(piece.length)
    expect(await want(dan, file)).toEqual({ ok: true, piece, by: ana.id })
    expect(relay.stats().pieceBytes).toBe(0)
    expect(ana.client.events('file_want')).toHaveLength(1)
  })

  it('[FI45] a piece that not everybody takes is let go of after its time', async () => {
    const { members, relay } = await room(3, { limits: { filesHeldMs: 60 } })
    const [ana, ben] = members as [Member, Member]
    const answer = want(ben, newId(), { first: ana.id })
    ok(await give(ana, await asked(ana), piece))
    await answer
    await until(() => relay.stats().pieceBytes === 0)
  })

  it('[FI46] only members want and give, in their own room, and only what they were asked for', async () => {
    const { members, relay, address, joinKey } = await room(2)
    const [ana, ben] = members as [Member, Member]
    const file = newId()
    const waiting = new TestDevice(address)
    const outside = new Client(relay.url)
    expect(code(await outside.join(waiting, { joinKey }))).toBe('ok')
    expect(code(await outside.request('file_want', { room: address, file, at: 0 }))).toBe('no-access')
    const stranger = await new Client(relay.url).connected()
    await stranger.hello()
    expect(code(await stranger.request('file_want', { room: address, file, at: 0 }))).toBe('not-logged-in')
    const elsewhere = random(16) as string as RoomAddress
    expect(code(await ana.client.request('file_want', { room: elsewhere, file, at: 0 }))).toBe('no-access')
    const answer = want(ben, file, { first: ana.id })
    const question = await asked(ana)
    expect(code(await give(ben, question, piece)), 'not the one who is asked').toBe('no-access')
    expect(code(await outside.request('file_give', { room: address, want: question.want, piece }))).toBe('no-access')
    ok(await give(ana, question, piece))
    ok(await answer)
  })

  it('[FI47] what is beyond the operator’s limit is refused, and where files are off nobody is asked', async () => {
    const small = await room(2, { limits: { fileBytes: 131_072 } })
    const [ben] = small.members as [Member]
    expect(code(await want(ben, newId(), { at: 3 }))).toBe('too-large')
    const off = await room(2, { limits: { fileBytes: 0 } })
    const [cleo] = off.members as [Member]
    expect(code(await want(cleo, newId()))).toBe('unavailable')
    for (const [made, files] of [
      [small, 131_072],
      [off, undefined],
    ] as const) {
      const member = made.members[1]!
      const { files: told } = ok(await comeBack(made.relay.url, member)) as { files?: number }
      expect(told).toBe(files)
    }
  })

  it('[FI48] a device waits for so many pieces at once; messages have allowances of their own and go on', async () => {
    const limits = { fileWantsAtOnce: 4, fileBytesPerSecond: 1, fileBytesAtOnce: 1, ownEventsAtOnce: 20 }
    const { members } = await room(2, { limits })
    const [ana, ben] = members as [Member, Member]
    const file = newId()
    const first = want(ben, file, { first: ana.id })
    ok(await give(ana, await asked(ana), piece))
    expect(await first).toMatchObject({ piece })
    // Ben has taken what he may for a long while: what he wants now waits, and what is too much is refused.
    const later = Array.from({ length: 4 }, (_, i) => want(ben, file, { at: i + 1 }).catch(() => undefined))
    expect(code(await want(ben, file, { at: 9 }))).toBe('rate-limited')
    for (let i = 0; i < 10; i++) ok(await ben.say())
    expect(ana.client.events('file_want')).toHaveLength(1)
    ben.client.socket.disconnect()
    await Promise.all(later)
  })

  it('[FI49] asking for what nobody has is paid for like a piece', async () => {
    const { members } = await room(2, { limits: { fileBytesPerSecond: 1, fileBytesAtOnce: 70_000 } })
    const [ana, ben] = members as [Member, Member]
    for (const nth of [0, 1]) {
      const answer = want(ben, newId())
      ok(await give(ana, await asked(ana, nth)))
      expect(await answer).toEqual({ ok: true })
    }
    const third = want(ben, newId()).catch(() => undefined)
    await quiet()
    expect(ana.client.events('file_want')).toHaveLength(2)
    ben.client.socket.disconnect()
    await third
  })
})

describe('what is held', () => {
  it('[FI50] is bounded for a room and for all of them: what was put down first goes', () => {
    const held = new HeldPieces({ filesHeldMs: 1_000, filesHeldBytesPerRoom: 700, filesHeldBytesInAll: 1_000 }, () => 0)
    const bytes = 'A'.repeat(300) as Base64Url
    const put = (address: string, name: string) =>
      held.put(address as RoomAddress, name, { piece: bytes, by: 'ana' as never, to: [] })
    for (const name of ['1', '2', '3']) put('one', name)
    expect(held.get('one' as RoomAddress, '1')).toBeUndefined()
    expect([held.bytes, held.bytesOf('one' as RoomAddress)]).toEqual([600, 600])
    put('two', '1')
    put('two', '2')
    expect([held.bytes, held.bytesOf('one' as RoomAddress), held.bytesOf('two' as RoomAddress)]).toEqual([
      900, 300, 600,
    ])
    put('two', '2')
    expect(held.bytes, 'the same again').toBe(900)
    held.forget('two' as RoomAddress)
    expect(held.bytes).toBe(300)
    held.close()
    expect(held.bytes).toBe(0)
  })

  it('[FI51] paces are by device and way, shared in a room, and forgotten once they are whole', () => {
    const paces = new FilePaces({
      ...defaultLimits,
      fileBytesPerSecond: 100,
      fileBytesAtOnce: 100,
      roomFileBytesAtOnce: 250,
      roomFileBytesPerSecond: 50,
    })
    const [ana, ben] = ['ana', 'ben'] as never[]
    paces.spend(ana!, 'down', 200, 0)
    expect(paces.debtMs(ana!, 'down', 0)).toBe(1_000)
    expect([paces.debtMs(ana!, 'up', 0), paces.debtMs(ben!, 'down', 0)]).toEqual([0, 0])
    paces.spend(ben!, 'down', 100, 0)
    expect(paces.debtMs(ben!, 'down', 0), 'the room has taken its own').toBe(1_000)
    paces.sweep(0)
    expect(paces.size, 'the two that have taken').toBe(2)
    expect(paces.debtMs(ana!, 'down', 2_000)).toBe(0)
    paces.sweep(60_000)
    expect(paces.size).toBe(0)
  })
})
