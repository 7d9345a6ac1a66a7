/**
 * Searching 50,000 messages in headless Chromium: `npm run bench -- web/search [messages] [runs]`. They lie in IndexedDB, each
 * sealed as a device seals it. Told are medians of the runs: a first search that opens everything, the next word over what is
 * then in memory, the longest task of the page meanwhile, the first message of a day, and the way back to the oldest message.
 */
import os from 'node:os'
import { bundled, openLab, openPage } from '../../tests/e2e/in-page.ts'
import type * as InPage from './search-in-page.ts'

const messages = Number(process.argv[2] ?? 50_000)
const runs = Number(process.argv[3] ?? 5)

const lab = await openLab(await bundled('bench/web/search-in-page.ts'))
const median = (list: number[]): number => Math.round([...list].sort((a, b) => a - b)[list.length >> 1]!)

try {
  const { call } = await openPage<typeof InPage>(lab)
  const filling = performance.now()
  await call('fill', messages)
  const fillMs = Math.round(performance.now() - filling)
  const loads: number[] = []
  const searches: InPage.Timed[] = []
  const days: number[] = []
  const jumps: number[] = []
  for (let run = 0; run < runs; run++) {
    const { loadMs, messages: there } = await call('open')
    if (there !== messages) throw new Error(`${there} messages instead of ${messages}`)
    loads.push(loadMs)
    const one = await call('search', 'anderungswunsch', 'cafe zoe')
    if (one.cold.found !== Math.ceil((messages - 7) / 1_000) || one.warm.found !== Math.ceil(messages / 10)) {
      throw new Error(`found ${one.cold.found} and ${one.warm.found}`)
    }
    searches.push(one)
    const day = await call('day', Math.floor(messages / 3))
    if (day.at !== Math.floor(messages / 3)) throw new Error(`the day begins at ${day.at}`)
    days.push(day.ms)
    jumps.push(await call('jump'))
  }
  console.log(
    JSON.stringify({
      messages,
      runs,
      fillMs,
      openTimelineMs: median(loads),
      firstSearch: {
        wholeMs: median(searches.map(({ cold }) => cold.wholeMs)),
        firstResultMs: median(searches.map(({ cold }) => cold.firstMs)),
        found: searches[0]!.cold.found,
      },
      nextSearch: { wholeMs: median(searches.map(({ warm }) => warm.wholeMs)), found: searches[0]!.warm.found },
      wordOfAll: {
        wholeMs: median(searches.map(({ all }) => all.wholeMs)),
        found: searches[0]!.all.found,
      },
      longestTaskMs: median(searches.map(({ longestTaskMs }) => longestTaskMs)),
      tasksOver50Ms: median(searches.map(({ tasksOver50 }) => tasksOver50)),
      firstOfDayMs: median(days),
      wayToTheOldestMs: median(jumps),
      load: os.loadavg().map((one) => Math.round(one * 10) / 10),
    }),
  )
} finally {
  await lab.close()
}
