import { type DeviceId, parseRoomAddress } from '@qsec/protocol'
import { oneTimeTagKeyBytes } from '@qsec/qkd'
import { expect, it } from 'vitest'
import { type MemoryStorage, openMemoryStorage } from '../storage/memory.ts'
import { labelOf } from './label.ts'
import { Pads } from './pads.ts'
import { decodePairContent, encodePairContent } from './pair-content.ts'
import { makeShare, openShare, type ShareOptions } from './shares.ts'

const [ana, ben, cleo] = ['ana', 'ben', 'cleo'] as DeviceId[] as [DeviceId, DeviceId, DeviceId]
/** A pad for the secret and a key for its tag. */
const place = 32 + oneTimeTagKeyBytes
const run = new Uint8Array(16).fill(7)
const uuid = '01234567-89ab-4def-8123-456789abcdef'
const secret = Uint8Array.from({ length: 32 }, (_, i) => i)
const options: ShareOptions = { groupId: new Uint8Array(16), leaves: [ana, ben], sender: ana, receiver: ben }

interface End {
  storage: MemoryStorage
  pads: Pads
}

/** Ana's and Ben's ends of one key, with room for `shares` shares in each direction. */
async function keyed(shares = 2): Promise<{ ana: End; ben: End }> {
  const key = Uint8Array.from({ length: 2 * place * shares }, (_, i) => (i * 31 + 5) & 0xff)
  const end = async (peer: DeviceId, role: 'alice' | 'bob'): Promise<End> => {
    const storage = openMemoryStorage()
    const pads = new Pads(storage, 'pad')
    await pads.add(peer, run, role, 'simulated', key)
    return { storage, pads }
  }
  return { ana: await end(ben, 'alice'), ben: await end(ana, 'bob') }
}

it('[QM1] a share under a pad opens for its receiver, once', async () => {
  const ends = await keyed()
  const { share, pad } = await makeShare(ends.ana.pads, uuid, secret, options)
  expect(pad).toBe('simulated')
  expect(share.sealed).not.toEqual(secret)
  const opened = openShare(ends.ben.pads, share, options)
  expect(opened).toMatchObject({ ok: true, pad: 'simulated', secret })
  expect(openShare(ends.ben.pads, share, options)).toMatchObject({ ok: false, reason: 'pad-unknown-or-used' })
})

it('[QM2] a share for other leaves is kept off before its pad is touched; for another group, sender or receiver it is void', async () => {
  const ends = await keyed(5)
  const make = () => makeShare(ends.ana.pads, uuid, secret, options)
  const { share } = await make()
  const more = { ...options, leaves: [ana, ben, cleo] }
  expect(openShare(ends.ben.pads, share, more)).toMatchObject({ ok: false, reason: 'other-leaves', changes: [] })
  expect(openShare(ends.ben.pads, share, options).ok).toBe(true)
  const others: Partial<ShareOptions>[] = [{ groupId: new Uint8Array(16).fill(1) }, { receiver: cleo }]
  for (const other of others) {
    const { share: next } = await make()
    expect(openShare(ends.ben.pads, next, { ...options, ...other })).toMatchObject({ ok: false, reason: 'bad-tag' })
  }
  const { share: last } = await make()
  const fromCleo = openShare(ends.ben.pads, last, { ...options, sender: cleo })
  expect(fromCleo).toMatchObject({ ok: false, reason: 'pad-unknown-or-used' })
})

it('[QM3] a changed secret, id, place or tag is refused, and the place is spent for ever', async () => {
  for (const change of ['sealed', 'tag', 'uuid', 'offset'] as const) {
    const ends = await keyed()
    const { share } = await makeShare(ends.ana.pads, uuid, secret, options)
    const pad = { ...share.pad!, tag: share.pad!.tag.slice() }
    const bad = { ...share, sealed: share.sealed.slice(), pad }
    if (change === 'sealed') bad.sealed[0]! ^= 1
    if (change === 'tag') pad.tag[15]! ^= 1
    if (change === 'uuid') bad.uuid = uuid.replace('0', '1')
    if (change === 'offset') pad.offset += 1
    expect(openShare(ends.ben.pads, bad, options), change).toMatchObject({ ok: false, reason: 'bad-tag' })
    expect(openShare(ends.ben.pads, share, options), change).toMatchObject({ ok: false, reason: 'pad-unknown-or-used' })
  }
})

it('[QM4] each share takes a new place, both directions have their own, and an empty key gives none', async () => {
  const { ana: a, ben: b } = await keyed(2)
  const first = await makeShare(a.pads, uuid, secret, options)
  const second = await makeShare(a.pads, uuid, secret, options)
  const back = { ...options, sender: ben, receiver: ana }
  const third = await makeShare(b.pads, uuid, secret, back)
  expect([first, second, third].map(({ share }) => share.pad?.offset)).toEqual([0, place, 0])
  expect(new Set([first, second, third].map(({ share }) => share.sealed.join())).size).toBe(3)
  expect(openShare(a.pads, third.share, back)).toMatchObject({ ok: true, secret })
  const none = await makeShare(a.pads, uuid, secret, options)
  expect(none).toMatchObject({ pad: 'none' })
  expect(none.share.pad).toBeUndefined()
  expect(a.pads.has(ben)).toBe(false)
})

it('[QM5] what was used is used after a restart too, at both ends, and its bytes are gone from storage', async () => {
  const ends = await keyed()
  const { share } = await makeShare(ends.ana.pads, uuid, secret, options)
  const opened = openShare(ends.ben.pads, share, options)
  await ends.ben.storage.apply(opened.changes)
  for (const end of [ends.ana, ends.ben]) {
    const { value } = (await end.storage.list('pad/'))[0]!
    expect(value.subarray(-4 * place, -3 * place)).toEqual(new Uint8Array(place))
  }
  const [anaAgain, benAgain] = [ends.ana, ends.ben].map(({ storage }) => new Pads(storage, 'pad'))
  await Promise.all([anaAgain!.load(), benAgain!.load()])
  expect(openShare(benAgain!, share, options)).toMatchObject({ ok: false, reason: 'pad-unknown-or-used' })
  expect((await makeShare(anaAgain!, uuid, secret, options)).share.pad?.offset).toBe(place)
})

it('[QM6] places outside the key, and keys of other peers or runs, are refused', async () => {
  const { ben: b } = await keyed(1)
  for (const offset of [1, place, 2 ** 32 - 1]) expect(b.pads.redeem(ana, run, offset), String(offset)).toBeUndefined()
  expect(b.pads.redeem(cleo, run, 0)).toBeUndefined()
  expect(b.pads.redeem(ana, new Uint8Array(16), 0)).toBeUndefined()
  expect(b.pads.redeem(ana, run, 0)).toBeDefined()
})

it('[QM7] a pair content has one spelling; everything else is nothing', () => {
  const share = { uuid, leafSet: new Uint8Array(32), sealed: secret.slice() }
  const contents = [
    { type: 'share' as const, share },
    { type: 'share' as const, share: { ...share, pad: { run, offset: 5, tag: new Uint8Array(16) } } },
    { type: 'bb84' as const, run, message: new Uint8Array([1, 2]) },
    { type: 'share-wanted' as const, uuid },
    { type: 'successor' as const, room: parseRoomAddress('AAAAAAAAAAAAAAAAAAAAAA')!, secret: secret.slice() },
    { type: 'successor-taken' as const, room: parseRoomAddress('AAAAAAAAAAAAAAAAAAAAAA')! },
  ]
  for (const content of contents) {
    const bytes = encodePairContent(content)
    expect(decodePairContent(bytes)).toEqual(content)
    expect(decodePairContent(new Uint8Array([...bytes, 0]))).toBeUndefined()
    expect(decodePairContent(bytes.slice(0, -1))).toBeUndefined()
  }
  expect(decodePairContent(new Uint8Array())).toBeUndefined()
  expect(decodePairContent(new Uint8Array([9]))).toBeUndefined()
  expect(decodePairContent(encodePairContent({ type: 'share', share: { ...share, uuid: 'x' } }))).toBeUndefined()
})

it('[QM8] the label takes every leaf’s acknowledgement, and the weakest pad decides', () => {
  const leaves = [ana, ben, cleo]
  const label = (acks: Record<string, 'simulated' | 'hardware' | 'none'>) =>
    labelOf({ leaves, committedBy: ana, acks }).label
  expect(label({})).toBe('post-quantum')
  expect(label({ ben: 'hardware' })).toBe('post-quantum')
  expect(label({ ben: 'hardware', cleo: 'none' })).toBe('post-quantum')
  expect(label({ ben: 'hardware', cleo: 'simulated' })).toBe('quantum (simulated)')
  expect(label({ ben: 'hardware', cleo: 'hardware' })).toBe('quantum (hardware)')
  expect(label({ ana: 'hardware', stranger: 'hardware' })).toBe('post-quantum')
  expect(labelOf({ leaves: [ana], committedBy: ana, acks: {} }).label).toBe('post-quantum')
})
