/** Messages that disappear, in simulated time, with a real timeline on real storage. */
import type { DeviceId, MessageId } from '@qsec/protocol'
import { expect, it } from 'vitest'
import type { Clock, StorageChange } from '../ports.ts'
import { openMemoryStorage } from '../storage/memory.ts'
import { SimClock, seeded } from '../sync/testing/sim-clock.ts'
import { Timeline } from './timeline.ts'
import { checkLifetime, shorter, unseenMs, Vanishing } from './vanishing.ts'

const id = (name: string) => name.padEnd(21, '_').slice(0, 21).concat('A')
const [ana, ben] = ['ana', 'ben'].map(id) as [DeviceId, DeviceId]
const ref = (name: string, device: DeviceId = ben) => ({ device, id: id(name) as MessageId })
const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A device that is opened again and again on one storage, under one clock, which somebody may set. */
function device() {
  const storage = openMemoryStorage()
  const running = new Set<Promise<void>>()
  const sim = new SimClock(seeded(1), async () => {
    while (running.size > 0) await Promise.all(running)
  })
  let offMs = 0
  const clock: Clock = { nowMs: () => sim.nowMs() + offMs, after: (delayMs, run) => sim.after(delayMs, run) }
  const told: DeviceId[] = []
  const forgotten: string[] = []
  async function open() {
    const timeline = new Timeline('timeline')
    await timeline.load(storage)
    const vanishing = new Vanishing({
      ...{ clock, storage, timeline, prefix: 'vanish' },
      run(job) {
        const work = job().finally(() => running.delete(work))
        running.add(work)
      },
      async forget(of, _item, changes) {
        forgotten.push(of.id)
        await storage.apply(changes)
        return false
      },
      tell(from) {
        told.push(from)
        return []
      },
      changed: () => undefined,
    })
    await vanishing.load()
    await vanishing.sweep()
    const store = (changes: StorageChange[]) => storage.apply(changes)
    return {
      timeline,
      vanishing,
      texts: () => timeline.items.flatMap((item) => (item.type === 'message' ? [item.text] : [])),
      async hear(name: string, seconds: number, more: { ageMs?: number; own?: boolean } = {}) {
        const given = vanishing.hear(ref(name), { seconds, ageMs: 0, own: false, ...more })
        const said = given.lifetime
          ? timeline.say({ ...ref(name), person: 'ben', text: name, atMs: 0, lifetime: given.lifetime })
          : []
        await store([...said, ...given.changes])
      },
      async say(name: string, seconds: number) {
        const given = vanishing.say(ref(name, ana), seconds)
        const own = { ...ref(name, ana), person: 'ana', text: name, atMs: 0, lifetime: given.lifetime }
        await store([...timeline.say(own), ...given.changes])
      },
      see: async (name: string) => store(await vanishing.seen(ref(name))),
      sent: async (name: string, roomS?: number) => store(await vanishing.sent(ref(name, ana), roomS)),
    }
  }
  return {
    ...{ storage, told, forgotten, open },
    run: (ms: number) => sim.run(ms),
    setClock: (byMs: number) => {
      offMs += byMs
    },
  }
}

it('[DM1] the time of a message begins when it was seen, of an own one when it was sent; then nothing of it is stored', async () => {
  const { open, run, storage, forgotten } = device()
  const here = await open()
  await here.hear('one', 60)
  await here.hear('two', 60)
  await here.say('own', 60)
  await run(hourMs)
  expect(here.texts()).toEqual(['one', 'two', 'own'])
  await here.see('one')
  await here.sent('own')
  await run(59_000)
  expect(here.texts()).toEqual(['one', 'two', 'own'])
  await run(2_000)
  expect(here.texts()).toEqual(['two'])
  await here.see('two')
  await run(61_000)
  expect(here.texts()).toEqual([])
  const left = (await storage.list('')).map(({ value }) => new TextDecoder().decode(value)).join('\n')
  for (const text of ['"text":"one"', '"text":"two"', '"text":"own"']) expect(left).not.toContain(text)
  expect(new Set(forgotten)).toEqual(new Set([id('one'), id('two'), id('own')]))
  // And it does not come back.
  expect(here.vanishing.isGone(ref('one'))).toBe(true)
})

it('[DM2] what is due while the device is off goes before anything is shown; a clock that is put back brings nothing back', async () => {
  const { open, run, setClock } = device()
  const first = await open()
  await first.hear('one', 3_600)
  await first.hear('long', 7_200)
  await first.see('long')
  first.vanishing.close()
  await run(2 * hourMs - minuteMs)
  setClock(-10 * 365 * 86_400_000)
  const again = await open()
  // Time that passed while it was off and the clock was put back is not counted: it stands, and does not begin anew.
  expect(again.texts()).toEqual(['one', 'long'])
  await run(hourMs + minuteMs)
  expect(again.texts()).toEqual(['long'])
  // In a device that runs, a clock that is put back gives a minute at most.
  setClock(-365 * 86_400_000)
  await run(hourMs + minuteMs)
  expect(again.texts()).toEqual([])
  again.vanishing.close()
  expect((await open()).texts()).toEqual([])
})

it('[DM3] unseen it goes a week later at the latest, and says so; what comes when its time is over is not kept', async () => {
  const { open, run, told, storage } = device()
  const here = await open()
  await here.hear('unseen', 60)
  await here.hear('late', 60, { ageMs: unseenMs })
  await run(unseenMs + 59_000)
  expect(here.texts()).toEqual(['unseen'])
  await run(3_000)
  expect(here.texts()).toEqual([])
  expect(told).toEqual([ben, ben])
  await here.hear('too-late', 60, { ageMs: unseenMs + 60_000 })
  expect(here.texts()).toEqual([])
  expect(told).toEqual([ben, ben, ben])
  expect(here.vanishing.isGone(ref('too-late'))).toBe(true)
  const left = (await storage.list('')).map(({ value }) => new TextDecoder().decode(value)).join('\n')
  expect(left).not.toContain('"text"')
})

it('[DM4] of the room’s lifetime and the message’s own the shorter one counts; the own person need not see it first', async () => {
  const { open, run } = device()
  expect([shorter(undefined, 5), shorter(5, undefined), shorter(9, 5), shorter(undefined, undefined)]).toEqual([
    ...[5, 5, 5],
    undefined,
  ])
  for (const bad of [0, -1, 0.5, Number.NaN, 366 * 86_400 + 1]) expect(() => checkLifetime(bad)).toThrow(RangeError)
  for (const good of [undefined, 1, 366 * 86_400]) expect(() => checkLifetime(good)).not.toThrow()
  const here = await open()
  await here.say('own', 3_600)
  await here.sent('own', 60)
  await here.hear('by-my-other', 60, { own: true })
  // The relay takes it once more after a restart: its time does not begin anew.
  await run(50_000)
  await here.sent('own', 60)
  await run(11_000)
  expect(here.texts()).toEqual([])
})

it('[DM5] a message that lives for months is not due at once, and marks of what has gone go after a season', async () => {
  const { open, run, storage } = device()
  const here = await open()
  const dayMs = 24 * hourMs
  await here.hear('long', 100 * 86_400)
  await here.see('long')
  here.vanishing.close()
  await run(99 * dayMs)
  const second = await open()
  expect(second.texts()).toEqual(['long'])
  second.vanishing.close()
  await run(2 * dayMs)
  const third = await open()
  expect(third.texts()).toEqual([])
  expect(await storage.keys('vanish/')).toHaveLength(1)
  third.vanishing.close()
  await run(91 * dayMs)
  await open()
  expect(await storage.keys('vanish/')).toHaveLength(0)
})
