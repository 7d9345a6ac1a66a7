import { type Incarnation, limits } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import { type MemoryStorage, openMemoryStorage } from '../storage/memory.ts'
import { Copies, type CopyLimits } from './copies.ts'
import type { StreamFrame } from './session.ts'
import { SimClock, seeded } from './testing/sim-clock.ts'

const one = 'one' as Incarnation
const two = 'two' as Incarnation
const frame = (seq: number, change: Partial<StreamFrame> = {}): StreamFrame => ({
  kind: 'message',
  inc: one,
  seq,
  epoch: 3,
  id: `id${seq}`,
  device: 'ben',
  ct: new Uint8Array(100).fill(seq),
  atMs: 7,
  ...change,
})

const roomy: CopyLimits = { ageMs: 1_000, bytes: 1_000_000, frames: 1_000 }

async function stage(change: Partial<CopyLimits> = {}, storage: MemoryStorage = openMemoryStorage()) {
  const clock = new SimClock(seeded(1))
  const parts = { prefix: 'copies', storage, clock, limits: { ...roomy, ...change } }
  const copies = await Copies.load(parts)
  const add = async (...frames: StreamFrame[]) => {
    for (const each of frames) copies.add(each)
    await storage.apply(copies.take())
  }
  return { copies, storage, clock, add, again: () => Copies.load(parts) }
}

describe('sealed copies', () => {
  it('[GP20] what was added comes back as it was, also after a restart, and never something else', async () => {
    const { copies, add, again } = await stage()
    const frames = [frame(5), frame(6, { kind: 'commit' }), frame(7)]
    await add(...frames)
    expect(await copies.read(one, 5, 9)).toEqual({ frames })
    expect(await (await again()).read(one, 6, 6)).toEqual({ frames: [frames[1]], next: { inc: one, seq: 7 } })
    expect(await copies.read(one, 4, 9)).toEqual({ frames: [], next: { inc: one, seq: 5 } })
    expect(await copies.read(two, 5, 9)).toEqual({ frames: [] })
    await add(frame(5, { ct: new Uint8Array(3) })) // its place is taken
    expect(await copies.read(one, 5, 5)).toMatchObject({ frames: [frames[0]] })
  })

  it('[GP21] a hole ends what is given, and the place behind it is named, in the next life of the relay too', async () => {
    const { copies, add, storage } = await stage()
    copies.mark({ inc: one, seq: 4 })
    await add(frame(5), frame(8), frame(1_025, { inc: two }))
    expect(await copies.read(one, 5, 9)).toMatchObject({ frames: [{ seq: 5 }], next: { inc: one, seq: 8 } })
    expect(await copies.read(one, 9, 20)).toEqual({ frames: [], next: { inc: two, seq: 1_025 } })
    // Whoever came in there and has heard nothing of that life knows all the same what came next.
    const newcomer = await stage({}, storage.clone())
    newcomer.copies.mark({ inc: 'three' as Incarnation, seq: 2_000 })
    await newcomer.add(frame(3_000, { inc: 'four' as Incarnation }))
    expect(await newcomer.copies.read('three' as Incarnation, 2_001, 2_100)).toEqual({
      frames: [],
      next: { inc: 'four', seq: 3_000 },
    })
  })

  it('[GP22] they are bounded by number, bytes and age, the oldest going first, in the transaction that adds', async () => {
    const few = await stage({ frames: 3 })
    await few.add(frame(1), frame(2), frame(3), frame(4))
    expect((await few.storage.keys('copies/')).length).toBe(3)
    expect(await few.copies.read(one, 1, 4)).toEqual({ frames: [], next: { inc: one, seq: 2 } })
    const small = await stage({ bytes: 500 })
    await small.add(...[1, 2, 3, 4, 5, 6].map((seq) => frame(seq)))
    expect(small.copies.size.bytes).toBeLessThanOrEqual(500)
    expect((await small.storage.keys('copies/')).length).toBe(small.copies.size.frames)
    const aged = await stage()
    await aged.add(frame(1))
    await aged.clock.run(900)
    await aged.add(frame(2))
    await aged.clock.run(200)
    await aged.add(frame(3))
    expect(await aged.copies.read(one, 1, 3)).toEqual({ frames: [], next: { inc: one, seq: 2 } })
    await aged.clock.run(5_000)
    expect((await aged.again()).size).toEqual({ frames: 0, bytes: 0 })
  })

  it('[GP23] no more is given at once than one packet carries, and a large commit by itself', async () => {
    const { copies, add } = await stage({ bytes: 50_000_000 })
    const large = (seq: number) => frame(seq, { kind: 'commit', ct: new Uint8Array(600_000) })
    await add(large(1), large(2), frame(3))
    expect(await copies.read(one, 1, 3)).toMatchObject({ frames: [{ seq: 1 }], next: { seq: 2 } })
    expect((await copies.read(one, 2, 3)).frames).toHaveLength(2)
    await add(...Array.from({ length: limits.gapFrames + 10 }, (_, i) => frame(i + 10)))
    expect((await copies.read(one, 10, 10_000)).frames).toHaveLength(limits.gapFrames)
  })

  it('[GP24] adding reads nothing, and costs one write', async () => {
    const { copies, storage, add } = await stage()
    await add(...Array.from({ length: 50 }, (_, i) => frame(i)))
    const before = storage.applied
    copies.add(frame(50))
    expect(copies.take()).toHaveLength(1)
    expect(copies.take()).toEqual([])
    expect(storage.applied).toBe(before)
  })
})
