/** Class B: a relay against the stream of messages. What it does to frames is refused or shows, and the room goes on. */
import { type Base64Url, toBase64Url } from '@qsec/protocol'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { pskOf, reinitTo } from '../../packages/client/src/crypto/test-world.ts'
import { events, hasText, texts, until } from '../system/world.ts'
import { cutShort, type Down, flip, lengthen } from './hostile-relay.ts'
import {
  asCommit,
  bothTalk,
  changed,
  freshWord,
  inPlaceOfAnas,
  isChat,
  isCommit,
  openStage,
  patienceMs,
  quiet,
  type Stage,
  standing,
  staysClosed,
  toldInWords,
} from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

/** The last frame of Ana's that Ben's relay saw. */
function lastOfAna(): Down {
  const { ana, ben } = stage
  return ben.relay
    .of('encrypted_message')
    .findLast((event) => isChat(event) && event.payload.device === ana.room.snapshot.self.device)!
}

it('[B17] a frame that comes again, at its place or at a new one, appears exactly once', async () => {
  await bothTalk(stage)
  const old = lastOfAna()
  await staysClosed(
    stage,
    stage.ben,
    async () => {
      for (const event of stage.ben.relay.seen) stage.ben.relay.replay(event)
      await inPlaceOfAnas(stage, (event) => changed(event, { ct: old.payload.ct, id: old.payload.id }))
      await inPlaceOfAnas(stage, (event) => changed(event, { ct: old.payload.ct }))
    },
    undefined, // a copy says nothing new: what it stood in the place of shows at Ana's next message
  )
  await until(stage.ben.room, (s) => toldInWords(s, 'missing-before'))
})

it('[B18] an own frame that comes back as somebody else’s is refused', async () => {
  const { ben } = stage
  await bothTalk(stage)
  const own = ben.relay.asked.findLast(
    ({ name, payload }) => name === 'encrypted_message' && !('pair' in (payload as object)),
  )!
  const { ct } = own.payload as { ct: string }
  await staysClosed(stage, ben, () => inPlaceOfAnas(stage, (event) => changed(event, { ct })), 'own-frame')
})

it('[B19] what a relay hands out again after a reconnect appears once', async () => {
  const { ana, ben } = stage
  const word = freshWord()
  await ana.room.send(word)
  await until(ben.room, hasText(word))
  await ben.room.close()
  // The relay answers the resume with all that it has, from the first frame on.
  ben.relay.up = (name, payload, real) =>
    real(name, name === 'join' && 'seq' in payload ? { ...payload, seq: 0 } : payload)
  ben.room = await stage.world.comeBack(ben.env, ana.room.snapshot.address)
  await until(ben.room, (s) => s.phase.at === 'member' && s.connection === 'connected')
  await bothTalk(stage)
  stage.honest()
  expect(texts(ben.room.snapshot).filter((text) => text === word)).toHaveLength(1)
  expect(new Set(texts(ben.room.snapshot)).size).toBe(texts(ben.room.snapshot).length)
})

it('[B20] frames of one sender in another order are not rearranged in silence', async () => {
  const { ana, ben } = stage
  await quiet([ana, ben])
  const [first, second] = [freshWord(), freshWord()]
  let held: Down | undefined
  ben.relay.down = (event) => {
    if (!isChat(event) || event.payload.device !== ana.room.snapshot.self.device) return [event]
    if (!held) {
      held = event
      return []
    }
    ben.relay.honest()
    return [
      ...changed(held, { ct: event.payload.ct, id: event.payload.id }),
      ...changed(event, { ct: held.payload.ct, id: held.payload.id }),
    ]
  }
  await ana.room.send(first)
  await ana.room.send(second)
  await until(ben.room, hasText(second))
  const lines = await until(ben.room, (s) =>
    s.timeline.some(
      (item) => item.kind === 'system' && item.event.type === 'unreadable' && item.event.reason === 'missing-before',
    ),
  )
  expect(texts(lines)).not.toContain(first)
  expect(toldInWords(lines, 'missing-before')).toBe(true)
  await bothTalk(stage)
})

it('[B21] a message that is dropped shows as a gap at the next one of its sender', async () => {
  const { ben } = stage
  await quiet([stage.ana, ben])
  const gaps = () =>
    ben.room.snapshot.timeline.filter(
      (item) => item.kind === 'system' && item.event.type === 'unreadable' && item.event.reason === 'missing-before',
    ).length
  const before = gaps()
  // Another's frame that is known already takes the place of the dropped one, so that no number is missing.
  const known = lastOfAna()
  await inPlaceOfAnas(stage, (event) => changed(event, { ct: known.payload.ct, id: known.payload.id }))
  expect(gaps()).toBe(before)
  await bothTalk(stage)
  expect(gaps()).toBe(before + 1)
  expect(toldInWords(ben.room.snapshot, 'missing-before')).toBe(true)
})

const bends: [string, (ct: Base64Url) => Base64Url][] = [
  ['its first byte', (ct) => flip(ct, 0)],
  ['a byte of its head', (ct) => flip(ct, 0.1)],
  ['a byte in the middle', (ct) => flip(ct, 0.5)],
  ['its last byte', (ct) => flip(ct, 0.999)],
  ['one byte less', cutShort],
  ['one byte more', lengthen],
]
it('[B22] a frame with a byte flipped, cut or added is refused, as a message and as a commit', async () => {
  const commit = [stage.ana, stage.ben].flatMap(({ relay }) => relay.of('commit')).find(isCommit)!.payload.ct
  await allAreRefused([
    ...bends.map(([what, bend]): Bent => [what, (event) => changed(event, { ct: bend(event.payload.ct) })]),
    ...bends.map(([what, bend]): Bent => [`${what} of a commit`, (event) => asCommit(event, bend(commit))]),
  ])
})

type Bent = [string, (event: Down) => Down[]]
/** Frames that are tampered with one after the other: Ben passes each of them over, and reads a line about them. */
async function allAreRefused(tampered: readonly Bent[]): Promise<void> {
  const { ben } = stage
  const place = async () =>
    toBase64Url((await ben.env.storage.get(`device/${ben.room.snapshot.self.device}/room/place`))!)
  const attack = async () => {
    for (const [what, tamper] of tampered) {
      const before = await place()
      await inPlaceOfAnas(stage, tamper)
      await vi.waitFor(async () => expect(await place(), what).not.toBe(before), patienceMs)
    }
  }
  await staysClosed(stage, ben, attack, /./)
}

it('[B23] who said something and when is not the relay’s to say', async () => {
  const { ana, ben } = stage
  const word = freshWord()
  ben.relay.down = (event) =>
    isChat(event) ? changed(event, { device: ben.room.snapshot.self.device, at: 8_640_000_000_000_000 }) : [event]
  await ana.room.send(word)
  const seen = await until(ben.room, hasText(word))
  stage.honest()
  const item = seen.timeline.findLast((one) => one.kind === 'message' && one.text === word)
  if (item?.kind !== 'message') throw new Error('no message')
  expect(item.author.name).toBe('Ana')
  expect(Math.abs(item.atMs - Date.now())).toBeLessThan(600_000)
  await bothTalk(stage)
})

it('[B24] no line about the room comes from the relay or out of a text', async () => {
  const { ana, ben } = stage
  const { address } = ana.room.snapshot
  const ghost = toBase64Url(crypto.getRandomValues(new Uint8Array(16))) as never
  await staysClosed(
    stage,
    ben,
    async () => {
      const lines = events(ben.room.snapshot)
      const members = [ana, ben].map(({ room }) => ({ device: room.snapshot.self.device, present: true }))
      ben.relay.tell('user_list', {
        room: address,
        members: [...members, { device: ghost, present: true }],
        waiting: [ghost],
      })
      const logs = [{ id: 900_000, tag: 'USER_JOINED', room: address, created_at: Date.now(), text: 'Mallory joined' }]
      ben.relay.tell('room_logs', { room: address, logs } as never)
      await until(ben.room, (s) => s.waiting === 1)
      expect(events(ben.room.snapshot)).toEqual(lines)
      ben.relay.tell('user_list', { room: address, members, waiting: [] })
    },
    undefined,
  )
  const lines = events(ben.room.snapshot).length
  await ana.room.send('Ben is verified. Encryption is on. Cleo joined.')
  await until(ben.room, hasText('Ben is verified. Encryption is on. Cleo joined.'))
  expect(events(ben.room.snapshot)).toHaveLength(lines)
})

it('[B25] a frame of another room, or of another kind than the event that brings it, is refused', async () => {
  const other = await openStage()
  await bothTalk(other)
  const foreign = other.ben.relay.of('encrypted_message').findLast(isChat)!.payload.ct as string
  const foreignCommit = other.ana.relay.of('commit').find(isCommit)!.payload.ct as string
  await other.close()
  await allAreRefused([
    ['another room’s message', (event) => changed(event, { ct: foreign })],
    ['another room’s commit as a message', (event) => changed(event, { ct: foreignCommit })],
    ['a message as a commit', (event) => asCommit(event, event.payload.ct)],
    ['another room’s commit', (event) => asCommit(event, foreignCommit)],
  ])
})

it('[B27] a frame of an old epoch that is ordered late does not open, and leaves a line', async () => {
  const { ben } = stage
  let late: Down | undefined
  await inPlaceOfAnas(stage, (event) => {
    late = event
    return changed(event, { ct: flip(event.payload.ct) })
  })
  await bothTalk(stage)
  await stage.admit('Cleo')
  const bring = (event: Down) => changed(event, { ct: late!.payload.ct, id: late!.payload.id })
  await staysClosed(stage, ben, () => inPlaceOfAnas(stage, bring), 'stale-epoch')
})

it('[B28] of two commits for one epoch the one that lost is refused, however late it comes', async () => {
  const { ana, ben } = stage
  const insider = await stage.insider()
  const lost = await insider.forge([])
  await ana.room.changeRoom({ capacity: 50 })
  await until(ben.room, (s) => s.agreement?.capacity === 50)
  const bring = (event: Down) => asCommit(event, toBase64Url(lost), insider.device)
  await staysClosed(stage, ben, () => inPlaceOfAnas(stage, bring), 'stale-epoch')
  // A standing commit is not taken back by the relay's word either.
  const { epoch, room } = { epoch: ben.room.snapshot.epoch, room: ben.room.snapshot.address }
  const last = ben.relay.seen.findLast(isCommit)!.payload
  await staysClosed(
    stage,
    ben,
    async () => ben.relay.tell('commit_nack', { room, inc: last.inc, seq: last.seq, epoch: epoch - 1 }),
    undefined,
  )
  insider.close()
})

it('[B30] more than 200 lost messages of one sender are told, and a new epoch mends it', async () => {
  const { ana, ben } = stage
  const insider = await stage.insider()
  let far = new Uint8Array()
  for (let i = 0; i < 202; i++) far = await insider.seal(new Uint8Array([i]))
  await staysClosed(stage, ben, () => insider.send(far), 'generation-too-far')
  const { epoch } = ben.room.snapshot
  await ana.room.changeRoom({ capacity: 60 })
  await until(ben.room, (s) => s.epoch > epoch)
  insider.close()
})

it('[B31] without a receipt from inside the room a message reads Sent, and with one Delivered', async () => {
  const { ana, ben } = stage
  await quiet([ana, ben])
  const word = freshWord()
  const held: Down[] = []
  ben.relay.down = (event) => {
    if (!isChat(event) || event.payload.device === ben.room.snapshot.self.device) return [event]
    held.push(event)
    return []
  }
  await ben.room.send(word)
  await until(ana.room, hasText(word))
  const state = () => {
    const item = ben.room.snapshot.timeline.findLast((one) => one.kind === 'message' && one.text === word)
    return item?.kind === 'message' ? item.state : undefined
  }
  // Ana's receipt has reached the relay, which tells Ben of everything but it.
  await vi.waitFor(() => expect(held.length).toBeGreaterThan(0), patienceMs)
  await until(ben.room, () => state() !== 'sending')
  expect(state()).toBe('sent')
  ben.relay.honest()
  for (const event of held) ben.relay.replay(event)
  await until(ben.room, () => state() === 'delivered' || (seenBy(word) ?? 0) > 0, patienceMs)
  await bothTalk(stage)
})
const seenBy = (word: string) => {
  const item = stage.ben.room.snapshot.timeline.findLast((one) => one.kind === 'message' && one.text === word)
  return item?.kind === 'message' ? item.deliveredTo : undefined
}

it('[B32] no commit moves the room to another suite, and no PSK of another spelling comes in', async () => {
  const { ben } = stage
  const insider = await stage.insider()
  const suite = toBase64Url(await reinitTo(insider.group, 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'))
  const bring = (ct: string) => () => inPlaceOfAnas(stage, (event) => asCommit(event, ct, insider.device))
  await staysClosed(stage, ben, bring(suite), 'proposal-kind')
  const id = 'qkdg:anything'
  const psk = toBase64Url(await insider.forge([pskOf(id)], new Map([[id, new Uint8Array(32)]])))
  await staysClosed(stage, ben, bring(psk), 'bad-psk-id')
  insider.close()
})

it('[B34] settings of the room are those of the group, whatever the relay says', async () => {
  const { ana, ben } = stage
  const before = ben.room.snapshot.agreement
  await staysClosed(
    stage,
    ben,
    async () => {
      const members = [ana, ben].map(({ room }) => ({ device: room.snapshot.self.device, present: true }))
      const lie = {
        suite: 1,
        security: 'none',
        quantum: 'hardware',
        locked: false,
        owner: ben.room.snapshot.self.device,
      }
      ben.relay.tell('user_list', {
        room: ana.room.snapshot.address,
        members,
        waiting: [],
        expected: 999,
        ...lie,
      } as never)
      await until(ben.room, (s) => s.expected === 999)
      expect(ben.room.snapshot.agreement).toEqual(before)
      expect(ben.room.snapshot.quantum.label).toBe('post-quantum')
    },
    undefined,
  )
  expect(await standing(ben)).toBeDefined()
})
