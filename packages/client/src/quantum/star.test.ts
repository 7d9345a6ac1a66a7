/** Properties of the star that hands one group secret to all, and of the pads under it (protocol.md §6). */
import type { DeviceId, MessageId } from '@qsec/protocol'
import { oneTimeTagKeyBytes } from '@qsec/qkd'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type MemoryStorage, openMemoryStorage } from '../storage/memory.ts'
import { type FakeAppFrame, parseFrame } from '../sync/testing/fake-groups.ts'
import { refused, Solo } from '../sync/testing/solo.ts'
import { labelOf, type PadKind } from './label.ts'
import { type PadLabel, Pads, xor } from './pads.ts'
import { encodePairContent, type Share } from './pair-content.ts'
import { leafSetHash, makeShare, openShare, type ShareOptions } from './shares.ts'

const place = 32 + oneTimeTagKeyBytes
const groupId = new Uint8Array(16).fill(3)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const uuidOf = (i: number) => `${i.toString(16).padStart(8, '0')}-89ab-4def-8123-456789abcdef`
const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length))
/** What stands in a frame of the groups without keys, in hexadecimal. */
const contentOf = (frame: Uint8Array): string => {
  const { content } = parseFrame(frame) as FakeAppFrame
  return Buffer.from(content, 'base64url').toString('hex')
}
const devices = (count: number) => Array.from({ length: count }, (_, i) => `device${i}` as DeviceId)

interface Spoke {
  hub: Pads
  leaf: Pads
  run: Uint8Array<ArrayBuffer>
  key: Uint8Array
}

/** Both ends of one key of random bytes, with room for `shares` shares in each direction. */
async function spoke(hub: DeviceId, leaf: DeviceId, shares: number, label: PadLabel = 'simulated'): Promise<Spoke> {
  const [run, key] = [random(16), random(2 * place * shares)]
  const ends = { hub: new Pads(openMemoryStorage(), 'pad'), leaf: new Pads(openMemoryStorage(), 'pad') }
  await ends.hub.add(leaf, run, 'alice', label, key)
  await ends.leaf.add(hub, run, 'bob', label, key)
  return { ...ends, run, key }
}

const kind = fc.constantFrom<PadKind>('simulated', 'hardware', 'none')

it('[GS1] every leaf recovers the same G, whatever its link; one leaf without a pad makes it post-quantum', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(kind, { minLength: 1, maxLength: 16 }), async (kinds) => {
      const [sender, ...receivers] = devices(kinds.length + 1) as [DeviceId, ...DeviceId[]]
      const leaves = [sender, ...receivers]
      const secret = random(32)
      const acks: Record<string, PadKind> = {}
      for (const [i, receiver] of receivers.entries()) {
        const wanted = kinds[i]!
        const ends = await spoke(sender, receiver, 1, wanted === 'hardware' ? 'hardware' : 'simulated')
        const options = { groupId, leaves, sender, receiver }
        const { share } = await makeShare(wanted === 'none' ? undefined : ends.hub, uuidOf(0), secret, options)
        const turned = { ...options, leaves: leaves.toReversed() }
        const opened = openShare(ends.leaf, share, turned)
        expect(opened).toMatchObject({ ok: true, secret, pad: wanted })
        acks[receiver] = wanted
      }
      const weakest = kinds.includes('none') ? 'none' : kinds.includes('simulated') ? 'simulated' : 'hardware'
      const { label, covered } = labelOf({ leaves, committedBy: sender, acks })
      expect(label).toBe(weakest === 'none' ? 'post-quantum' : `quantum (${weakest})`)
      expect(covered).toBe(kinds.filter((one) => one !== 'none').length)
    }),
    { numRuns: 25 },
  )
})

it('[GS2] a share that goes again, sealed anew in the next epoch and after a restart, has equal bytes', async () => {
  const [ana, ben] = devices(2) as [DeviceId, DeviceId]
  const { hub } = await spoke(ana, ben, 2)
  const options = { groupId, leaves: [ana, ben], sender: ana, receiver: ben }
  const { share } = await makeShare(hub, uuidOf(0), random(32), options)
  const content = encodePairContent({ type: 'share', share })
  const bits = hub.bitsFor(ben)
  const solo = await Solo.begin()
  await solo.resumes()
  await solo.do((stream) => stream.enqueue('roomkey', 'share' as MessageId, content, 'confirmed'))
  await solo.sent[0]!.answer(refused('stale-epoch'))
  await solo.hears(solo.peer().commits({ seq: 1 }))
  expect(solo.sent.map(({ epoch }) => epoch)).toEqual([1, 2])
  expect(solo.sent.map(({ frame }) => contentOf(frame))).toEqual([hex(content), hex(content)])
  expect(hex(solo.sent[1]!.frame)).not.toBe(hex(solo.sent[0]!.frame))
  const again = await Solo.load(solo.storage)
  expect(again.stream.rows.map((row) => hex(row.content))).toEqual([hex(content)])
  expect(hub.bitsFor(ben)).toBe(bits)
})

it('[GS3] two G never share a byte of pad, nor of tag key, to one leaf or to several, in either direction', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: 1 }), fc.boolean()), { minLength: 2, maxLength: 14 }),
      async (order) => {
        const [ana, ben, cleo] = devices(3) as [DeviceId, DeviceId, DeviceId]
        const spokes = [await spoke(ana, ben, 4), await spoke(ana, cleo, 4)]
        const used = new Set<string>()
        for (const [i, [at, back]] of order.entries()) {
          const { hub, leaf, run, key } = spokes[at]!
          const ends: [DeviceId, DeviceId] = [ana, [ben, cleo][at]!]
          const [sender, receiver] = back ? (ends.toReversed() as [DeviceId, DeviceId]) : ends
          const secret = random(32)
          const options = { groupId, leaves: ends, sender, receiver }
          const { share } = await makeShare(back ? leaf : hub, uuidOf(i), secret, options)
          if (!share.pad) continue
          // Where the pad stands in the key, by its bytes and not by what the share says of it.
          const start = Buffer.from(key).indexOf(xor(share.sealed, secret))
          expect(start).toBeGreaterThanOrEqual(0)
          expect(hex(share.pad.run)).toBe(hex(run))
          for (let byte = start; byte < start + place; byte++) {
            const name = `${at} ${byte}`
            expect(used.has(name), `byte ${name} of share ${i}`).toBe(false)
            used.add(name)
          }
        }
      },
    ),
    { numRuns: 25 },
  )
})

it('[GS4] a share moved to another leaf set, receiver, sender, group or pad index is refused, also when it says so itself', async () => {
  const [ana, ben, cleo] = devices(3) as [DeviceId, DeviceId, DeviceId]
  const leaves = [ana, ben, cleo]
  const honest: ShareOptions = { groupId, leaves, sender: ana, receiver: ben }
  const others = [ana, ben]
  const moves: [string, string, Partial<ShareOptions>, (share: Share) => Share][] = [
    ['the leaf set', 'other-leaves', { leaves: others }, (share) => share],
    [
      'the leaf set and its hash',
      'bad-tag',
      { leaves: others },
      (share) => ({ ...share, leafSet: leafSetHash(others) }),
    ],
    ['the receiver', 'bad-tag', { receiver: cleo }, (share) => share],
    ['the group', 'bad-tag', { groupId: new Uint8Array(16) }, (share) => share],
    ['the sender', 'pad-unknown-or-used', { sender: cleo }, (share) => share],
    ['the next index', 'bad-tag', {}, (share) => ({ ...share, pad: { ...share.pad!, offset: place } })],
    ['half an index', 'bad-tag', {}, (share) => ({ ...share, pad: { ...share.pad!, offset: 1 } })],
    [
      'an index past the key',
      'pad-unknown-or-used',
      {},
      (share) => ({ ...share, pad: { ...share.pad!, offset: 9 * place } }),
    ],
    ['the run', 'pad-unknown-or-used', {}, (share) => ({ ...share, pad: { ...share.pad!, run: random(16) } })],
  ]
  for (const [name, reason, change, moved] of moves) {
    const { hub, leaf } = await spoke(ana, ben, 3)
    const { share } = await makeShare(hub, uuidOf(0), random(32), honest)
    expect(openShare(leaf, moved(share), { ...honest, ...change }), name).toMatchObject({ ok: false, reason })
  }
  // The same bytes at a leaf that has a key of its own with that sender, even under the same name.
  const { hub, run } = await spoke(ana, ben, 1)
  const { share } = await makeShare(hub, uuidOf(0), random(32), honest)
  const cleoPads = new Pads(openMemoryStorage(), 'pad')
  await cleoPads.add(ana, run, 'bob', 'simulated', random(2 * place))
  expect(openShare(cleoPads, share, { ...honest, receiver: cleo })).toMatchObject({ ok: false, reason: 'bad-tag' })
})

type Step = { room: number; do: 'take' | 'redeem' | 'failed write' | 'crash' | 'crash before the opened is stored' }

it('[GS5] a pad index never serves twice, in either direction: through crashes, failed writes, restarts, in two rooms', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    room: fc.nat({ max: 1 }),
    do: fc.constantFrom(
      'take',
      'take',
      'redeem',
      'redeem',
      'failed write',
      'crash',
      'crash before the opened is stored',
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const peer = 'ben' as DeviceId
      // The same run id in both rooms, so that nothing but the rooms' own storage keeps the two apart.
      const run = random(16)
      let storage: MemoryStorage = openMemoryStorage()
      const prefixes = ['room/a/pad', 'room/b/pad']
      let rooms = prefixes.map((prefix) => new Pads(storage, prefix))
      const keys = [random(12 * place), random(12 * place)]
      for (const [i, pads] of rooms.entries()) await pads.add(peer, run, 'alice', 'simulated', keys[i]!)
      const sent = new Set<string>()
      const opened = new Set<string>()
      /** What a crash leaves is what was stored: opened in memory alone, a share is opened again from its frame. */
      const restart = async () => {
        storage = storage.clone()
        rooms = prefixes.map((prefix) => new Pads(storage, prefix))
        for (const pads of rooms) await pads.load()
      }
      const once = (done: Set<string>, name: string) => {
        expect(done.has(name), name).toBe(false)
        done.add(name)
      }
      for (const one of steps) {
        const pads = rooms[one.room]!
        if (one.do === 'crash') await restart()
        else if (one.do === 'failed write') {
          // Where no pad was left nothing is written, and the fault would wait for the next write.
          if (!pads.has(peer)) continue
          storage.failNextApply()
          await expect(pads.take(peer)).rejects.toThrow()
        } else if (one.do === 'take') {
          const pad = await pads.take(peer)
          if (!pad) continue
          expect(hex(pad.secretPad)).toBe(hex(keys[one.room]!.subarray(pad.offset, pad.offset + 32)))
          once(sent, `${one.room} ${pad.offset}`)
        } else {
          const stores = one.do === 'redeem'
          for (const offset of [0, 1, 2, 3, 4, 5].map((i) => i * place)) {
            const redeemed = pads.redeem(peer, run, offset)
            if (!redeemed) continue
            if (stores) {
              await storage.apply([redeemed.spent])
              once(opened, `${one.room} ${offset}`)
            }
            break
          }
          if (!stores) await restart()
        }
      }
    }),
    { numRuns: 40 },
  )
})
