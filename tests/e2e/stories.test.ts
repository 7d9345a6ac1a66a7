/** Stories of people whom nothing disturbs but each other: the table in RULES.md says which test tells which story. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { until } from '../system/world.ts'
import { joinAsBot } from './bot.ts'
import { createRoom, joinRoom, openStage, people, reads, type Stage, say } from './browsers.ts'
import { button } from './phone.ts'
import { tapWire } from './wire.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

const windows = new Set<BrowserContext>()
/** A tab that is closed with its window when the story is over: a room that nobody looks at still makes keys. */
async function tab(window?: BrowserContext): Promise<Page> {
  const page = await stage.tab(window)
  windows.add(page.context())
  return page
}
afterEach(async () => {
  for (const window of windows) await window.close()
  windows.clear()
})

const log = (page: Page) => page.getByRole('log', { name: 'Messages' })
const details = (page: Page) => button(page, 'Room details').click()

it('[AS1] two tabs of one browser under one name talk within 10 s as two members; a third after 50 messages reads one clean line', async () => {
  const window = await stage.window()
  const [one, two] = [await tab(window), await tab(window)]
  const began = Date.now()
  const link = await createRoom(one, stage.url, 'guest')
  await joinRoom(two, link, 'guest')
  await say(one, 'from the first tab')
  await reads(two, 'from the first tab')
  await say(two, 'from the second tab')
  await reads(one, 'from the second tab')
  expect(Date.now() - began).toBeLessThan(10_000)
  for (const page of [one, two]) {
    const guests = page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: 'guest' })
    await expect.poll(() => guests.count()).toBe(2)
    const [first, second] = await guests.getByRole('code').allInnerTexts()
    expect(first, 'told apart by fingerprints').not.toBe(second)
  }
  const bot = await joinAsBot(stage, link, 'Echo')
  onTestFinished(() => bot.close())
  await until(bot, (s) => s.phase.at === 'member')
  await Promise.all(Array.from({ length: 50 }, (_, i) => bot.send(`early word ${i + 1}.`)))
  await reads(two, 'early word 50.')

  // No number of people was expected: keys come just the same.
  const cleo = await tab()
  await joinRoom(cleo, link, 'Cleo')
  await say(one, 'welcome Cleo')
  await reads(cleo, 'welcome Cleo')
  await say(cleo, 'thank you')
  for (const page of [one, two]) await reads(page, 'thank you')
  const rows = (await log(cleo).innerText()).split('\n')
  expect(rows.filter((row) => row.includes('cannot be read on this device'))).toHaveLength(1)
  expect(rows.join('\n')).not.toMatch(/early word|could not be opened|missing here|lost for this device/)
  expect(await people(cleo)).toContain('Echo')
})

it('[AS2] two members change the room in the same instant: both changes stand, in one order, under one room code', async () => {
  const pages = [await tab(), await tab(), await tab()] as [Page, Page, Page]
  const [ana, ben, cleo] = pages
  const wires = [await tapWire(ana), await tapWire(ben)]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await joinRoom(cleo, link, 'Cleo')
  for (const page of pages) await details(page)
  await button(ana, 'Actions for Ben').click()
  await button(ana, 'Make Ben an admin').click()
  await ben.getByRole('spinbutton', { name: 'People at most' }).fill('9')

  // The commits of both are made before the relay hears of either.
  const ready = Promise.withResolvers<void>()
  let held = 0
  for (const wire of wires) {
    wire.up = async ({ name, payload }) => {
      if (name !== 'commit' || payload.pair) return
      if (++held === 2) ready.resolve()
      await ready.promise
    }
  }
  await Promise.all([ana.getByRole('switch', { name: 'Lock room' }).click(), button(ben, 'Set limit').click()])
  const both = /Ana locked|You locked|Ben limited|You limited/
  await expect
    .poll(() => Promise.all(pages.map(async (page) => (await linesOf(page, both)).length)), { timeout: 30_000 })
    .toEqual([2, 2, 2])
  expect(held).toBeGreaterThanOrEqual(2)
  const orders = await Promise.all(
    pages.map(async (page) => (await linesOf(page, both)).map((line) => (line.includes('locked') ? 'lock' : 'limit'))),
  )
  expect(new Set(orders.map(String)).size).toBe(1)
  await expect.poll(async () => new Set(await Promise.all(pages.map(roomCode))).size, { timeout: 30_000 }).toBe(1)
  for (const page of pages) {
    await say(page, `from page ${pages.indexOf(page)}`)
    for (const other of pages) await reads(other, `from page ${pages.indexOf(page)}`)
  }
})

it('[AS3] a message of 10,000 characters arrives whole', async () => {
  const [ana, ben] = [await tab(), await tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  const long = Array.from({ length: 1_250 }, (_, i) => `wörd${String(i).padStart(4, '0')}`.slice(0, 8)).join('')
  expect([...long]).toHaveLength(10_000)
  await say(ana, long)
  await log(ben).getByText(long, { exact: true }).waitFor()
})

it('[AS4] at 360 px with the keyboard of the phone open, composer and last message are in sight', async () => {
  const context = await (await stage.window()).browser()!.newContext({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
    locale: 'en-GB',
  })
  const [ana, ben] = [await tab(), await tab(context)]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  for (let i = 1; i <= 12; i++) await say(ana, `line ${i}.`)
  await reads(ben, 'line 12.')
  await ben.getByRole('textbox', { name: 'Message' }).tap()
  // The keyboard takes the lower half of what the page had (index.html: interactive-widget=resizes-content).
  await ben.setViewportSize({ width: 360, height: 360 })
  const composer = ben.getByRole('textbox', { name: 'Message' })
  const last = log(ben).getByRole('article').last()
  const bottomOf = async (what: typeof last) => {
    const { y, height } = (await what.boundingBox())!
    return y + height
  }
  await expect.poll(() => bottomOf(composer)).toBeLessThanOrEqual(360)
  await expect.poll(async () => (await bottomOf(last)) <= (await composer.boundingBox())!.y).toBe(true)
  expect((await last.boundingBox())!.y).toBeGreaterThanOrEqual(0)
  await say(ana, 'while he writes')
  await reads(ben, 'while he writes')
  await expect.poll(async () => (await bottomOf(last)) <= (await composer.boundingBox())!.y).toBe(true)
})

it('[AS5] the room log on the page is live, and `qsec logs --follow` prints the same lines', async () => {
  const [ana, ben] = [await tab(), await tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await details(ana)
  const room = new URL(link).pathname.slice('/room/'.length)
  const main = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts')
  const follow = spawn(process.execPath, [
    main,
    'logs',
    '--room',
    room,
    '--follow',
    '--json',
    '--db',
    stage.databasePath,
  ])
  onTestFinished(() => void follow.kill())
  let out = ''
  follow.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const printed = () =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { message: string }).message)
  const shown = () =>
    ana
      .getByRole('log', { name: 'Room log' })
      .getByRole('paragraph')
      .evaluateAll((lines) =>
        lines.map((line) => line.textContent!.slice(line.querySelector('time')!.textContent.length + 1)),
      )
  await expect.poll(() => printed().length, { timeout: 20_000 }).toBeGreaterThan(0)
  await joinRoom(ben, link, 'Ben')
  await say(ben, 'a word to be counted')
  await reads(ana, 'a word to be counted')
  for (const tag of ['USER_JOIN', 'MSG_RELAYED', 'BB84_SESSION_DERIVED']) {
    for (const lines of [printed, shown]) {
      await expect.poll(async () => (await lines()).join('\n'), { timeout: 60_000 }).toContain(`[${tag}]`)
    }
  }
  await expect.poll(async () => (await shown()).join('\n') === printed().join('\n'), { timeout: 20_000 }).toBe(true)
  expect(printed().join('\n')).not.toContain('a word to be counted')
})

it('[AS6] where quantum keys are required and an eavesdropper lets none come, what is said waits, and the page says what for; without her it goes out', async () => {
  const [ana, ben] = [await tab(), await tab()]
  const link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
  await details(ana)
  const eve = ana.getByRole('switch', { name: 'Simulate eavesdropper' })
  await eve.click()
  await log(ben).getByText('Ana switched the simulated eavesdropper on.').waitFor()
  await button(ana, 'Run key exchange').click()
  await ana.getByText('Eavesdropper detected, no key made').first().waitFor({ timeout: 60_000 })
  await ana.getByText('post-quantum', { exact: true }).first().waitFor()
  expect(Number(await ana.getByRole('meter', { name: 'QBER' }).getAttribute('aria-valuenow'))).toBeGreaterThan(0.2)
  await ana.getByRole('switch', { name: 'Require quantum keys' }).click()
  await log(ben).getByText('Ana made quantum keys required.').waitFor()
  await say(ana, 'this one waits')
  const waiting = log(ana).getByRole('article').filter({ hasText: 'this one waits' })
  await waiting.getByText('Waits for quantum keys').waitFor()
  await ana.getByRole('status').filter({ hasText: 'waits for the key exchange' }).waitFor()
  await eve.click()
  await button(ana, 'Run key exchange').click()
  await reads(ben, 'this one waits', 60_000)
  await waiting.getByText('Delivered').waitFor()
  await ben.getByText('quantum (simulated)', { exact: true }).first().waitFor()
})

/** The lines of the conversation that say so, in order. */
async function linesOf(page: Page, words: RegExp): Promise<string[]> {
  return (await log(page).innerText()).split('\n').filter((line) => words.test(line))
}

/** The epoch and its code, as the dialog says them. */
async function roomCode(page: Page): Promise<string> {
  await button(page, 'Verify').click()
  const dialog = page.getByRole('dialog', { name: 'Verify' })
  const code = await dialog.getByRole('region', { name: 'Room code' }).innerText()
  await button(dialog, 'Close').click()
  await dialog.waitFor({ state: 'hidden' })
  return code
}
