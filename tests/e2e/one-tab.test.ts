/** One device for one tab, whatever tabs and browsers do: duplicates, the back-forward cache, crashes, stolen locks. */
import type { CDPSession, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say, texts } from './browsers.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

/** Which device this tab is in the room, as it remembers it. */
function deviceOf(page: Page): Promise<string | undefined> {
  return page.evaluate(() => Object.entries(sessionStorage).find(([key]) => key.startsWith('qsec:device:'))?.[1])
}

it('[AR55] a duplicated tab, which begins with a copy of the tab’s memory, is another device', async () => {
  const window = await stage.window()
  const first = await stage.tab(window)
  await joinRoom(first, `${stage.url}/room/lab1`, 'First')
  const opened = window.waitForEvent('page')
  // What `open` gives begins with a copy of sessionStorage, as a duplicate does.
  await first.evaluate(() => void open(location.href))
  const copy = await opened
  expect(await deviceOf(copy)).toBe(await deviceOf(first))
  const dialog = copy.getByRole('dialog', { name: 'Join room' })
  await dialog.getByRole('textbox', { name: 'Your name' }).fill('Second')
  await dialog.getByRole('button', { name: 'Join', exact: true }).click()
  await inRoom(copy)
  expect(await deviceOf(copy)).not.toBe(await deviceOf(first))
  await say(first, 'from the first')
  await reads(copy, 'from the first')
  await say(copy, 'from the second')
  await reads(first, 'from the second')
})

it('[AR56] a tab that comes back by the back button while another one has its device does not use it', async () => {
  const window = await stage.window()
  const [ana, second] = [await stage.tab(window), await stage.tab(window)]
  const link = await createRoom(ana, stage.url, 'Ana')
  const ben = await stage.tab()
  await joinRoom(ben, link, 'Ben')
  const { pathname } = new URL(link)
  const device = await deviceOf(ana)
  await ana.goto('about:blank')
  await second.goto(stage.url + pathname)
  await inRoom(second)
  expect(await deviceOf(second)).toBe(device)
  await ana.goBack()
  await ana.getByText('You need the full invite link').waitFor()
  await say(second, 'still one')
  await reads(ben, 'still one')
  await second.close()
  await ana.reload()
  await inRoom(ana)
  expect(await deviceOf(ana)).toBe(device)
})

it('[AR57] a tab that is killed in the middle of sending loses nothing, doubles nothing and keeps the order', async () => {
  const window = await stage.window()
  const ana = await stage.tab(window)
  const link = await createRoom(ana, stage.url, 'Ana')
  const ben = await stage.tab()
  await joinRoom(ben, link, 'Ben')
  const { pathname } = new URL(link)
  let said = 0
  let page = ana
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 8; i++) await say(page, `word ${++said}.`)
    await reads(page, `word ${said - 3}.`)
    // No unload, no goodbye: the process of the page is gone at once.
    const devtools: CDPSession = await window.newCDPSession(page)
    const crashed = page.waitForEvent('crash')
    devtools.send('Page.crash').catch(() => undefined) // there is nobody left to answer
    await crashed
    page = await stage.tab(window)
    await page.goto(stage.url + pathname)
    await inRoom(page)
  }
  await say(page, 'the end.')
  await reads(ben, 'the end.', 30_000)
  const heard = (await texts(ben)).match(/word \d+\./g) ?? []
  const stored = (await texts(page)).match(/word \d+\./g) ?? []
  // What was still being stored at the crash was never shown as sent; what is stored goes out, once and in order.
  expect(heard).toEqual(stored)
  expect(new Set(heard).size).toBe(heard.length)
  expect(heard).toEqual([...heard].sort((a, b) => Number.parseInt(a.slice(5), 10) - Number.parseInt(b.slice(5), 10)))
  expect(heard.length).toBeGreaterThanOrEqual(said - 6)
  expect(await ben.getByText('rejoined').count()).toBe(0)
})

it('[AR58] a tab whose lock is taken away stops at once', async () => {
  const window = await stage.window()
  const [ana, thief] = [await stage.tab(window), await stage.tab(window)]
  await joinRoom(ana, `${stage.url}/room/lab1`, 'Ana')
  const device = await deviceOf(ana)
  await thief.goto(stage.url)
  await thief.evaluate((name) => {
    void navigator.locks.request(name, { steal: true }, () => new Promise(() => undefined))
  }, `qsec:device/${device}`)
  await ana.getByRole('dialog', { name: 'Join room' }).waitFor()
})
