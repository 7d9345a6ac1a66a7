/** The page's side of `search.ts`: a history in this browser's storage, sealed as a device has it, and searches over it. */
import { browserClock, openBrowserStorage } from '../../packages/client/src/browser.ts'
import { firstOfDay } from '../../packages/client/src/find/day.ts'
import { Search } from '../../packages/client/src/find/search.ts'
import type { Storage, StorageChange } from '../../packages/client/src/ports.ts'
import { Timeline } from '../../packages/client/src/room/timeline.ts'
import type { PersonView } from '../../packages/client/src/snapshot.ts'
import type { DeviceId, MessageId } from '../../packages/protocol/src/index.ts'

const idOf = (name: string): string => name.padEnd(21, '_').slice(0, 21).concat('A')
const authors = ['Ana', 'Ben', 'Ωmega', 'Çelik'].map((name, i) => ({ name, device: idOf(`d${i}`) as DeviceId }))
const minuteMs = 60_000
const beganMs = Date.UTC(2026, 0, 1)

let storage: Storage
let timeline: Timeline

/** Sixty characters and more each, one in ten with accents, one in a thousand with the rare word. */
export async function fill(count: number): Promise<void> {
  storage = await openBrowserStorage('search-bench')
  const made = new Timeline('t')
  await made.load(storage)
  for (let i = 0; i < count; ) {
    const changes: StorageChange[] = []
    for (const end = Math.min(count, i + 1_000); i < end; i++) {
      const { device } = authors[Math.floor(i / 3) % authors.length]!
      const words = `Message number ${i}. ${'A few more words of a usual day. '.repeat(i % 5)}`
      const text = `${words}${i % 10 === 0 ? 'Öffnen wir das Café für Zoë? ' : ''}${i % 1_000 === 7 ? 'Ein Änderungswunsch.' : ''}`
      const id = idOf(`m${i}`) as MessageId
      changes.push(...made.say({ device, person: device, id, text, atMs: beganMs + i * minuteMs, seq: i }))
    }
    await storage.apply(changes)
  }
}

/** As after a reload. */
export async function open(): Promise<{ loadMs: number; messages: number }> {
  const began = performance.now()
  timeline = new Timeline('t')
  await timeline.load(storage)
  return { loadMs: performance.now() - began, messages: timeline.messageCount }
}

export interface Found {
  firstMs: number
  wholeMs: number
  found: number
}
export interface Timed {
  cold: Found
  warm: Found
  /** A word that every message has. */
  all: Found
  longestTaskMs: number
  tasksOver50: number
}

export async function search(words: string, next: string): Promise<Timed> {
  const tasks: number[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration)
  })
  observer.observe({ type: 'longtask' })
  const person = (device: DeviceId): PersonView => authors.find((one) => one.device === device) as unknown as PersonView
  const looking = new Search({ timeline, clock: browserClock, person, onChange: () => undefined })
  const cold = await timed(looking, words)
  const warm = await timed(looking, next)
  const all = await timed(looking, 'message')
  looking.close()
  await new Promise((resolve) => setTimeout(resolve, 100))
  observer.disconnect()
  return { cold, warm, all, longestTaskMs: Math.max(0, ...tasks), tasksOver50: tasks.length }
}

async function timed(looking: Search, words: string): Promise<Found> {
  const began = performance.now()
  let firstMs = 0
  let found = 0
  for await (const step of looking.find(words)) {
    if (found === 0 && step.found.length > 0) firstMs = performance.now() - began
    found += step.found.length
  }
  return { firstMs, wholeMs: performance.now() - began, found }
}

export async function day(index: number): Promise<{ ms: number; at: number }> {
  const from = beganMs + index * minuteMs
  const began = performance.now()
  const found = await firstOfDay(timeline, from, from + 24 * 60 * minuteMs)
  return { ms: performance.now() - began, at: found?.atMs === undefined ? -1 : (found.atMs - beganMs) / minuteMs }
}

/** From the end to the first message of all, as a click on the oldest result does. */
export async function jump(): Promise<number> {
  const began = performance.now()
  const ref = { device: authors[0]!.device, id: idOf('m0') as MessageId }
  while ((await timeline.loadTowards(ref)) === 'further') await Promise.resolve()
  return performance.now() - began
}
