/**
 * How long after a link is opened for the first time the others read what its holder says:
 * `npm run bench -- web/first-message [rounds]`. Each round is a new window with an empty cache, in one room whose host stays.
 * Counted are the opening up to the question for the name, and from *Join* to the line on the host's screen; the time that a
 * person takes for the name is none of the page's. Build the client before: `npm start` once.
 */
import { loadavg } from 'node:os'
import { performance } from 'node:perf_hooks'
import { createRoom, inRoom, openStage, reads } from '../../tests/e2e/browsers.ts'

const rounds = Number(process.argv[2] ?? 7)

const median = (list: readonly number[]): number => Math.round(list.toSorted((a, b) => a - b)[list.length >> 1]!)

const stage = await openStage()
const seen = {
  promptMs: [] as number[],
  joinedMs: [] as number[],
  readMs: [] as number[],
  firstMessageMs: [] as number[],
}
try {
  const host = await stage.tab()
  const link = await createRoom(host, stage.url, 'Ana')
  for (let round = 0; round < rounds; round++) {
    const guest = await stage.tab()
    const began = performance.now()
    await guest.goto(link, { waitUntil: 'commit' })
    const join = guest.getByRole('dialog', { name: 'Join room' }).getByRole('button', { name: 'Join', exact: true })
    await join.waitFor()
    const asked = performance.now()
    await join.click()
    await inRoom(guest)
    const joined = performance.now()
    const text = `word ${round}`
    await guest.getByRole('textbox', { name: 'Message' }).fill(text)
    await guest.keyboard.press('Enter')
    await reads(host, text)
    const read = performance.now()
    seen.promptMs.push(asked - began)
    seen.joinedMs.push(joined - asked)
    seen.readMs.push(read - joined)
    seen.firstMessageMs.push(read - began)
    await guest.context().close()
  }
} finally {
  await stage.close()
}
const medians = Object.fromEntries(Object.entries(seen).map(([name, list]) => [name, median(list)]))
console.log(
  JSON.stringify({ rounds, ...medians, worstMs: Math.round(Math.max(...seen.firstMessageMs)), load: loadavg()[0] }),
)
