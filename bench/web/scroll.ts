/**
 * A room of 50,000 messages in headless Chromium: `npm run bench -- web/scroll [messages] [seconds]`. Made-up people in the real
 * timeline, all of them held at once. Told are the time until the room stands, the frames of a wheel that turns up through the
 * history and of new messages that come while somebody reads above, and how far the reader's place moved.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { launch } from '../../tests/e2e/browsers.ts'

const messages = Number(process.argv[2] ?? 50_000)
const seconds = Number(process.argv[3] ?? 10)
const room = '/room/q7VnB3hZkP2mXw9RtLsYdA'

const folder = await mkdtemp(path.join(os.tmpdir(), 'qsec-scroll-'))
await build({
  configFile: path.join(import.meta.dirname, '../../apps/web/dev/vite.config.ts'),
  build: { outDir: folder, emptyOutDir: true },
  logLevel: 'error',
})
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const file = pathname.startsWith('/assets/') ? path.normalize(pathname) : 'index.html'
  const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' }
  response.setHeader('content-type', types[path.extname(file)] ?? 'text/html; charset=utf-8')
  response.end(await readFile(path.join(folder, file)))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const browser = await launch()

interface Frames {
  frames: number
  longestMs: number
  over50: number
  over34: number
}

/** Frames while `work` runs, each from one request to draw to the next. */
async function frames(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const gaps: number[] = []
    let last = performance.now()
    let runs = true
    const tick = (now: number): void => {
      gaps.push(now - last)
      last = now
      if (runs) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    Object.assign(globalThis, {
      endFrames: () => {
        runs = false
        return gaps.slice(2)
      },
    })
  })
  await work()
  const gaps = await page.evaluate(() => (globalThis as unknown as { endFrames(): number[] }).endFrames())
  return {
    frames: gaps.length,
    longestMs: Math.round(Math.max(...gaps)),
    over50: gaps.filter((ms) => ms > 50).length,
    over34: gaps.filter((ms) => ms > 34).length,
  }
}

/** Long tasks of the page's own thread, which a loaded machine does not make longer by waiting for a frame. */
async function tasks(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const seen: number[] = []
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.push(Math.round(entry.duration))
    }).observe({ type: 'longtask' })
    Object.assign(globalThis, { seenTasks: seen })
    return seen
  })
}

try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.on('pageerror', (error) => console.error(String(error)))
  const { port } = server.address() as AddressInfo
  const began = performance.now()
  await page.goto(`http://localhost:${port}${room}?scene=huge&messages=${messages}`)
  await page.getByText(`Message number ${messages}.`).waitFor({ timeout: 60_000 })
  const openMs = Math.round(performance.now() - began)
  await page.waitForTimeout(4_000) // parts that are fetched ahead
  await tasks(page)
  const box = (await page.getByRole('log', { name: 'Messages' }).boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)

  // Processor time of the page's thread for each turn of the wheel: other programs on the machine do not count.
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busyMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0)
  }
  const turns: number[] = []
  let busy = await busyMs()
  const scrolledTo = () => page.evaluate(() => document.querySelector('[role=log]')!.scrollTop)
  const top = await scrolledTo()
  const wheel = await frames(page, async () => {
    for (const end = Date.now() + seconds * 1_000; Date.now() < end; ) {
      await page.mouse.wheel(0, -240)
      await page.waitForTimeout(16)
      const now = await busyMs()
      turns.push(now - busy)
      busy = now
    }
  })
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
  const wheelTasks = await page.evaluate(() => (globalThis as unknown as { seenTasks: number[] }).seenTasks.splice(0))

  for (let last = -1, now = await scrolledTo(); last !== now; now = await scrolledTo()) {
    last = now
    await page.waitForTimeout(1_000) // turns of the wheel that were still to come
  }
  const place = () =>
    page.evaluate(() => {
      const log = document.querySelector('[role=log]')!.getBoundingClientRect()
      const row = [...document.querySelectorAll<HTMLElement>('.row')].find(
        (one) => one.getBoundingClientRect().bottom > log.top + 100,
      )!
      Object.assign(globalThis, { watched: row })
      return row.getBoundingClientRect().top
    })
  const before = await place()
  const scrolledPx = Math.round(top - (await scrolledTo()))
  const idle = await busyMs()
  const arriving = await frames(page, async () => {
    await page.getByRole('textbox', { name: 'Message' }).fill('/flood 200')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.waitForTimeout(5_000)
  })
  const flooded = await busyMs()
  const arrivingTasks = await page.evaluate(() =>
    (globalThis as unknown as { seenTasks: number[] }).seenTasks.splice(0),
  )
  const after = await page.evaluate(
    () => (globalThis as unknown as { watched: HTMLElement }).watched.getBoundingClientRect().top,
  )
  const longest = (list: number[]): number => Math.max(0, ...list)
  console.log(
    JSON.stringify({
      messages,
      openMs,
      nodes,
      wheel: { ...wheel, longestTaskMs: longest(wheelTasks) },
      turns: turns.length,
      scrolledPx,
      processorMsForEachTurn: {
        longest: Math.round(longest(turns)),
        mean: Math.round((10 * turns.reduce((a, b) => a + b, 0)) / turns.length) / 10,
      },
      twoHundredArrive: { ...arriving, longestTaskMs: longest(arrivingTasks) },
      processorMsForTwoHundred: Math.round(flooded - idle),
      placeMovedPx: Math.round((after - before) * 10) / 10,
      load: os.loadavg().map((one) => Math.round(one * 10) / 10),
    }),
  )
} finally {
  await browser.close()
  server.close()
  await rm(folder, { recursive: true, force: true })
}
