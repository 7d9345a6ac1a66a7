/** Drafts, the unread divider, long histories and what a screen reader hears of them, in real browsers. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../system/world.ts'
import { violations } from './axe.ts'
import { joinAsBot } from './bot.ts'
import { createRoom, inRoom, joinRoom, openStage, reads, type Stage, say } from './browsers.ts'

let stage: Stage
let ana: Page
let ben: Page
let link: string
beforeAll(async () => {
  stage = await openStage()
  ana = await stage.tab()
  ben = await stage.tab()
  link = await createRoom(ana, stage.url, 'Ana')
  await joinRoom(ben, link, 'Ben')
})
afterAll(async () => {
  await stage.close()
  expect(stage.problems).toEqual([])
})

const log = (page: Page) => page.getByRole('log', { name: 'Messages' })
const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })

it('[MV20] what was begun comes back after a reload, with what it answers; an edit does not eat it; a paste anywhere reaches it', async () => {
  await say(ana, 'the question')
  await reads(ben, 'the question')
  await say(ben, 'an own word')
  await log(ben).getByRole('article').filter({ hasText: 'the question' }).hover()
  await ben.getByRole('button', { name: 'Reply' }).click()
  await composer(ben).fill('the beginning')
  // Kept a moment later.
  await ben.waitForTimeout(900)
  await ben.reload()
  await inRoom(ben)
  await expect.poll(() => composer(ben).inputValue()).toBe('the beginning')
  await ben.getByText('Reply to Ana').waitFor()

  await log(ben).getByRole('article').filter({ hasText: 'an own word' }).hover()
  await ben.getByRole('button', { name: 'Edit', exact: true }).click()
  await expect.poll(() => composer(ben).inputValue()).toBe('an own word')
  await ben.keyboard.press('Escape')
  await expect.poll(() => composer(ben).inputValue()).toBe('the beginning')

  await log(ben).focus()
  await ben.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', ' and the rest')
    document.activeElement!.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  })
  await expect.poll(() => composer(ben).inputValue()).toBe('the beginning and the rest')
  await ben.keyboard.press('Enter')
  await reads(ana, 'the beginning and the rest')
  await ben.waitForTimeout(900)
  await ben.reload()
  await inRoom(ben)
  await expect.poll(() => composer(ben).inputValue()).toBe('')
})

it('[MV23] ? shows the keys, and others are told of typing only when that is switched on', async () => {
  await log(ana).focus()
  await ana.keyboard.press('?')
  await ana.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  expect(await violations(ana)).toEqual([])
  await ana.keyboard.press('Escape')
  await composer(ana).fill('?')
  await composer(ana).fill('')
  await ana.keyboard.type('what')
  await ana.getByRole('button', { name: 'Room details' }).click()
  for (const name of ['Tell others when I am typing', 'Tell others what I have read']) {
    expect(await ana.getByRole('switch', { name }).getAttribute('aria-checked')).toBe('false')
  }
  expect(await ben.getByText('Ana is typing').count()).toBe(0)
  await ana.getByRole('switch', { name: 'Tell others when I am typing' }).click()
  await composer(ana).focus()
  await ana.keyboard.type(' now')
  await ben.getByText('Ana is typing').waitFor()
  await ana.keyboard.press('Enter')
  await reads(ben, 'what now')
  await ben.getByText('Ana is typing').waitFor({ state: 'hidden' })
  await ana.getByRole('button', { name: 'Room details' }).click()
})

it('[MV21] who comes back finds what was missed behind a divider, which stays while they read', {
  timeout: 180_000,
}, async () => {
  await ben.goto(stage.url)
  for (let i = 1; i <= 3; i++) await say(ana, `missed ${i}.`)
  await ben.goto(link.split('#')[0]!)
  await inRoom(ben)
  await reads(ben, 'missed 3.', 30_000)
  const order = async () => (await log(ben).locator('.row').allInnerTexts()).join('|')
  await log(ben).locator('.unread').waitFor()
  expect(await order()).toMatch(/New messages\|[^|]*missed 1\.[^|]*\|/)
  await say(ana, 'while he reads')
  await reads(ben, 'while he reads')
  expect(await order()).toMatch(/New messages\|[^|]*missed 1\./)
  expect(await log(ben).locator('.unread').count()).toBe(1)
  await say(ben, 'answered')
  await log(ben).locator('.unread').waitFor({ state: 'detached' })
})

it('[MV22] of a long history a part is drawn, the place stays, and each message is announced once', {
  timeout: 240_000,
}, async () => {
  const bot = await joinAsBot(stage, link, 'Echo')
  await until(bot, (s) => s.phase.at === 'member')
  for (let i = 1; i <= 310; i++) await bot.send(`line ${i}: ${'word '.repeat(i % 23)}.`)
  await reads(ben, 'line 310:', 120_000)
  await ben.reload()
  await inRoom(ben)
  await reads(ben, 'line 310:')
  // What would be read out: articles that come while the log is polite.
  await log(ben).evaluate((element) => {
    const heard: string[] = []
    Object.assign(globalThis, { heard })
    new MutationObserver((changes) => {
      if (element.getAttribute('aria-live') !== 'polite') return
      for (const change of changes) {
        for (const node of change.addedNodes) {
          const text = node instanceof HTMLElement && node.querySelector('article .text')?.textContent
          if (text) heard.push(text)
        }
      }
    }).observe(element, { childList: true, subtree: true })
  })
  const drawn = () => log(ben).getByRole('article').count()
  expect(await drawn()).toBeGreaterThanOrEqual(100)
  expect(await drawn()).toBeLessThan(170)
  // A wheel begins with a small step: it is not held at the end.
  await log(ben).hover()
  await ben.mouse.wheel(0, -240)
  await ben.getByRole('button', { name: 'Jump to latest' }).waitFor()
  for (let step = 0; step < 200; step++) {
    await log(ben).evaluate((element) => element.scrollBy(0, -600))
    await ben.waitForTimeout(30)
    if (await log(ben).getByRole('article').filter({ hasText: 'line 30:' }).count()) break
  }
  const place = log(ben).getByRole('article').filter({ hasText: 'line 30:' })
  await place.scrollIntoViewIfNeeded()
  await ben.waitForTimeout(1_500)
  const top = async () => (await place.boundingBox())!.y
  const before = await top()
  expect(await drawn()).toBeLessThan(260)
  await bot.send('news far below')
  await ben.getByRole('button', { name: /Jump to latest.*1 new message/ }).waitFor()
  expect(Math.abs((await top()) - before)).toBeLessThan(2)
  await ben.setViewportSize({ width: 700, height: 600 })
  await ben.waitForTimeout(500)
  expect(Math.abs((await top()) - before)).toBeLessThan(80)
  expect(await violations(ben)).toEqual([])
  await ben.getByRole('button', { name: /Jump to latest/ }).click()
  await log(ben).getByRole('article').filter({ hasText: 'news far below' }).waitFor()
  await ben.waitForTimeout(1_500)
  await bot.send('the last one')
  await reads(ben, 'the last one')
  expect(await ben.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual([
    'news far below',
    'the last one',
  ])
  await bot.close()
})
