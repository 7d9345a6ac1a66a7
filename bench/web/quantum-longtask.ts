/**
 * Whether the page stays free while keys are exchanged: `npm run bench -- web/quantum-longtask [rooms]`. Two tabs in Chromium go
 * through the first exchange of a room, with the runs in a worker, and then without workers, on the page's own thread. Told
 * are the long tasks (over 50 ms) of both pages between the beginning of the exchange and its end, and the longest time
 * between two frames. Build the client before: `npm start` once.
 */
import { loadavg } from 'node:os'
import type { Page } from 'playwright-core'
import { createRoom, joinRoom, openStage } from '../../tests/e2e/browsers.ts'

const rooms = Number(process.argv[2] ?? 5)

interface Seen {
  tookMs: number
  longTasksMs: number[]
  /** Longest time between two frames. */
  gapMs: number
}

/** Begins to watch; what it yields ends it. */
async function watch(page: Page): Promise<() => Promise<Seen>> {
  await page.evaluate(() => {
    const seen = { startMs: performance.now(), longTasksMs: [] as number[], gapMs: 0 }
    const note = (entries: PerformanceEntryList) => seen.longTasksMs.push(...entries.map(({ duration }) => duration))
    const observer = new PerformanceObserver((list) => note(list.getEntries()))
    observer.observe({ entryTypes: ['longtask'] })
    let last = performance.now()
    const frame = () => {
      const now = performance.now()
      seen.gapMs = Math.max(seen.gapMs, now - last)
      last = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    Object.assign(globalThis, { seen, observer, note })
  })
  return () =>
    page.evaluate(() => {
      const { seen, observer, note } = globalThis as unknown as {
        seen: { startMs: number; longTasksMs: number[]; gapMs: number }
        observer: PerformanceObserver
        note(entries: PerformanceEntryList): void
      }
      note(observer.takeRecords())
      const { startMs, longTasksMs, gapMs } = seen
      return { tookMs: performance.now() - startMs, longTasksMs, gapMs }
    })
}

async function exchange(withWorkers: boolean): Promise<Seen[]> {
  const stage = await openStage()
  try {
    const pages = [await stage.tab(), await stage.tab()] as const
    for (const page of pages) if (!withWorkers) await page.addInitScript('delete globalThis.Worker')
    const link = await createRoom(pages[0], stage.url, 'Ana')
    await joinRoom(pages[1], link, 'Ben')
    for (const page of pages) await page.getByRole('button', { name: 'Room details' }).click()
    const ends = await Promise.all(pages.map(watch))
    await Promise.all(
      pages.map((page) => page.getByText('Key exchange completed').first().waitFor({ timeout: 60_000 })),
    )
    const where = withWorkers ? 'Computed in a worker' : 'Computed on this page’s own thread'
    await pages[0].getByText(where).waitFor()
    return await Promise.all(ends.map((end) => end()))
  } finally {
    await stage.close()
  }
}

for (const withWorkers of [true, false]) {
  const seen: Seen[] = []
  for (let i = 0; i < rooms; i++) seen.push(...(await exchange(withWorkers)))
  const tasks = seen.flatMap(({ longTasksMs }) => longTasksMs)
  const whole = (values: number[]) => Math.round(Math.max(0, ...values))
  console.log(
    JSON.stringify({
      runs: withWorkers ? 'in a worker' : 'on the page’s thread',
      exchanges: rooms,
      longTasks: tasks.length,
      longestTaskMs: whole(tasks),
      longestFrameGapMs: whole(seen.map(({ gapMs }) => gapMs)),
      medianMs: Math.round(seen.map(({ tookMs }) => tookMs).sort((a, b) => a - b)[rooms]!),
      load: loadavg()[0],
    }),
  )
}
